import { number } from "../properties";
import { type Asked, onChange, typeCalls } from "./api-call";

function createLogGroup({ inputs }: Asked): string[] {
  return ["CreateLogGroup", ...((number(inputs.retentionInDays) ?? 0) > 0 ? ["PutRetentionPolicy"] : [])];
}

/**
 * The calls of services that the landscape needs a few resources of, read in the provider's sources.
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service
 */
export const otherCalls = {
  ...typeCalls("logs", {
    "aws:cloudwatch/logGroup:LogGroup": {
      create: createLogGroup,
      read: ["DescribeLogGroups", "ListTagsForResource"],
      update: onChange({ tags: ["TagResource"], kmsKeyId: ["AssociateKmsKey"] }, ["PutRetentionPolicy"]),
      delete: ["DeleteLogGroup"],
    },
  }),
  ...typeCalls("iam", {
    "aws:iam/role:Role": {
      create: ["CreateRole"],
      read: ["GetRole", "ListRolePolicies", "ListAttachedRolePolicies"],
      update: onChange({ tags: ["TagRole"], assumeRolePolicy: ["UpdateAssumeRolePolicy"] }, ["UpdateRole"]),
      delete: ["ListInstanceProfilesForRole", "DeleteRole"],
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
      create: ["AttachRolePolicy"],
      read: ["ListAttachedRolePolicies"],
      delete: ["DetachRolePolicy"],
    },
  }),
  ...typeCalls("autoscaling", {
    "aws:autoscaling/group:Group": {
      // The second call is the wait for the instances.
      create: ["CreateAutoScalingGroup", "DescribeAutoScalingGroups"],
      read: ["DescribeAutoScalingGroups"],
      update: ["UpdateAutoScalingGroup", "DescribeAutoScalingGroups"],
      // The group is emptied first.
      delete: [
        ...["DescribeAutoScalingGroups", "UpdateAutoScalingGroup", "DescribeAutoScalingGroups"],
        ...["DeleteAutoScalingGroup", "DescribeAutoScalingGroups"],
      ],
    },
  }),
};
