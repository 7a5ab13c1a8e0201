import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CloudWatchRoleArgs {
  /** AWS partition: `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
}

/**
 * The role with which API Gateway writes to CloudWatch. The setting is one for the whole account and region: a second
 * owner overwrites it, and deleting it switches logging off for every API. Landing zones often own it already.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class CloudWatchRole extends pulumi.ComponentResource {
  constructor(name: string, args: CloudWatchRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("central-private-gateway:index:CloudWatchRole", name, { ...args }, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
      },
      { parent: this },
    );
    const attachment = new aws.iam.RolePolicyAttachment(
      `${name}-policy`,
      {
        role: role.name,
        policyArn: `arn:${args.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
      },
      { parent: this },
    );
    new aws.apigateway.Account(
      `${name}-account`,
      { cloudwatchRoleArn: role.arn },
      { parent: this, dependsOn: [attachment] },
    );
    this.registerOutputs({});
  }
}
