import assert from "node:assert/strict";
import { limitsOf, throttlingCode } from "../../../../rehearsal/aws/control-plane/rates";

/** Call, and capacity and refill of its buckets as the services' pages have them. */
const documented: [call: string, ...buckets: [capacity: number, perSecond: number][]][] = [
  ["ec2:DescribeVpcs", [100, 20]],
  ["ec2:CreateVpc", [50, 5]],
  ["ec2:AuthorizeSecurityGroupIngress", [50, 5]],
  ["ec2:AcceptVpcPeeringConnection", [50, 5]],
  ["ec2:CreateTags", [100, 10]],
  ["elasticloadbalancing:CreateLoadBalancer", [10, 0.2], [40, 10]],
  ["elasticloadbalancing:RegisterTargets", [20, 4], [40, 10]],
  ["elasticloadbalancing:DescribeTags", [40, 10], [40, 10]],
  ["elasticloadbalancing:CreateListener", [20, 3], [40, 10]],
  ["apigateway:CreateDeployment", [1, 1 / 5], [40, 10]],
  ["apigateway:CreateResource", [5, 5], [40, 10]],
  ["apigateway:CreateRestApi", [1, 1 / 3], [40, 10]],
  ["apigateway:CreateRestApi for edge", [1, 1 / 30], [40, 10]],
  ["apigateway:DeleteRestApi", [1, 1 / 30], [40, 10]],
  ["apigateway:GetResources", [5, 5 / 2], [40, 10]],
  ["apigateway:PutRestApi", [1, 1], [40, 10]],
  ["apigateway:UpdateAccount", [1, 1 / 20], [40, 10]],
  ["apigatewayv2:CreateVpcLink", [1, 1 / 15], [40, 10]],
  ["apigatewayv2:DeleteVpcLink", [1, 1 / 30], [40, 10]],
  ["apigateway:CreateStage", [40, 10]],
  // The rates of links are those of V2.
  ["apigateway:CreateVpcLink", [40, 10]],
  ["logs:CreateLogGroup", [10, 10]],
  ["logs:PutRetentionPolicy", [5, 5]],
  ["iam:CreateRole"],
  ["autoscaling:CreateAutoScalingGroup"],
];

describe("the rates of API calls", () => {
  for (const [call, ...buckets] of documented)
    it(`${call} is limited as documented`, () => {
      assert.deepEqual(
        limitsOf(call).map(({ capacity, perSecond }) => [capacity, perSecond]),
        buckets,
      );
    });

  it("EC2 has a bucket for each action, and load balancing one for each category", () => {
    const names = (call: string) => limitsOf(call).map(({ bucket }) => bucket);
    assert.notDeepEqual(names("ec2:CreateVpc"), names("ec2:CreateSubnet"));
    assert.deepEqual(
      names("elasticloadbalancing:CreateListener"),
      names("elasticloadbalancing:CreateTargetGroup"),
    );
  });

  it("All API types of API Gateway share one bucket", () => {
    assert.equal(
      limitsOf("apigateway:GetStage").at(-1)?.bucket,
      limitsOf("apigatewayv2:GetVpcLink").at(-1)?.bucket,
    );
  });

  it("Each service has its own code for a call that comes too early", () => {
    assert.equal(throttlingCode("ec2:CreateVpc"), "RequestLimitExceeded");
    assert.equal(throttlingCode("elasticloadbalancing:CreateRule"), "ThrottlingException");
    assert.equal(throttlingCode("apigatewayv2:CreateVpcLink"), "TooManyRequestsException");
    assert.equal(throttlingCode("logs:CreateLogGroup"), "ThrottlingException");
  });
});
