import * as pulumi from "@pulumi/pulumi";
import { providerAccount } from "../../../provider-account/program";

/** The provider's program, in which the VPC has a form that simulated AWS does not reproduce. */
export = () => {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "awsx:ec2:Vpc"
      ? {
          props: { ...props, vpcEndpointSpecs: [{ serviceName: "com.amazonaws.us-east-1.s3" }] },
          opts,
        }
      : undefined,
  );
  return providerAccount();
};
