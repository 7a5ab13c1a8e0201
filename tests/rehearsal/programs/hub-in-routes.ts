import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { providerAccount } from "../../../provider-account/program";

/** The provider's program, in which the way back goes through a transit gateway, a type that simulated AWS does not know. */
export = () => {
  let hub: aws.ec2transitgateway.TransitGateway | undefined;
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (type !== "aws:ec2/route:Route" || props.vpcPeeringConnectionId === undefined) return undefined;
    hub ??= new aws.ec2transitgateway.TransitGateway("hub", {});
    return { props: { ...props, vpcPeeringConnectionId: undefined, transitGatewayId: hub.id }, opts };
  });
  return providerAccount();
};
