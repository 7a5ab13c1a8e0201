import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuseProblems } from "./validation";

export interface GatewayVpcLinkArgs {
  /** VPC of the link and of the balancers that it reaches. */
  vpcId: pulumi.Input<string>;
  /** Subnets of the link's interfaces by zone, at most ten. They cannot be changed later: AWS replaces the link. */
  subnetIds: Record<string, pulumi.Input<string>>;
}

/**
 * A VPC link of the current generation (V2): network interfaces in the gateway's subnets, through which a REST API
 * reaches any number of load balancers of the VPC. Its security group lets it speak to the balancers only; each
 * balancer adds the rule that admits the link to it. AWS declares a link inactive after 60 days without traffic.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
 */
export class GatewayVpcLink extends pulumi.ComponentResource {
  /** Id of the link, which integrations name as connection. */
  readonly vpcLinkId: pulumi.Output<string>;
  /** Security group of the link's interfaces. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: GatewayVpcLinkArgs, opts?: pulumi.ComponentResourceOptions) {
    const zones = Object.keys(args.subnetIds).sort();
    super("central-private-gateway:index:GatewayVpcLink", name, { zones }, opts);
    refuseProblems(
      "GatewayVpcLink",
      name,
      zones.length >= 1 && zones.length <= 10
        ? []
        : [
            {
              where: "subnetIds",
              what: "has a number of subnets that a VPC link cannot have",
              value: String(zones.length),
              allowed: "1 to 10",
              change: "give one subnet for each zone",
            },
          ],
    );
    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-sg`,
      { vpcId: args.vpcId, description: "VPC link of the central API gateway", tags: { Name: name } },
      { parent: this },
    );
    const link = new aws.apigatewayv2.VpcLink(
      `${name}-v2`,
      {
        subnetIds: zones.map((zone) => args.subnetIds[zone] ?? ""),
        securityGroupIds: [securityGroup.id],
        tags: { Name: name },
      },
      { parent: this },
    );
    this.vpcLinkId = link.id;
    this.securityGroupId = securityGroup.id;
    this.registerOutputs({ vpcLinkId: this.vpcLinkId, securityGroupId: this.securityGroupId });
  }
}
