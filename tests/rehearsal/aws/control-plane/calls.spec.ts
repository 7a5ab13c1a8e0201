import assert from "node:assert/strict";
import { callsOf, onlyReads } from "../../../../rehearsal/aws/control-plane/calls";

const api = "aws:apigateway/restApi:RestApi";
const regional = { endpointConfiguration: { types: "REGIONAL" } };

describe("the API calls of a resource", () => {
  it("An API without a document is created and read", () => {
    assert.deepEqual(callsOf("create", api, regional), [
      "apigateway:CreateRestApi",
      "apigateway:GetRestApi",
      "apigateway:GetResources",
    ]);
  });

  it("A document is imported into the created API, and what the import overwrote is set once more", () => {
    assert.deepEqual(callsOf("create", api, { ...regional, body: "{}" }), [
      "apigateway:CreateRestApi",
      "apigateway:PutRestApi",
      "apigateway:UpdateRestApi",
      "apigateway:GetRestApi",
      "apigateway:GetResources",
    ]);
  });

  it("An API without a kind of endpoint is edge-optimized", () => {
    assert.equal(callsOf("create", api)?.[0], "apigateway:CreateRestApi for edge");
  });

  it("A changed document is imported again, and changed tags do not touch it", () => {
    const before = { ...regional, body: "{}", tags: { Name: "a" } };
    assert.deepEqual(callsOf("update", api, { ...before, body: '{"a":1}' }, before)?.slice(0, -2), [
      "apigateway:PutRestApi",
      "apigateway:UpdateRestApi",
    ]);
    assert.deepEqual(callsOf("update", api, { ...before, tags: { Name: "b" } }, before)?.slice(0, -2), [
      "apigateway:TagResource",
    ]);
  });

  it("A V2 link belongs to the second API of API Gateway, and the provider waits for it", () => {
    assert.deepEqual(callsOf("create", "aws:apigatewayv2/vpcLink:VpcLink"), [
      "apigatewayv2:CreateVpcLink",
      "apigatewayv2:GetVpcLink",
      "apigatewayv2:GetVpcLink",
    ]);
  });

  it("A balancer's attributes and enforcement are set after its creation", () => {
    const calls = callsOf("create", "aws:lb/loadBalancer:LoadBalancer", {
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
    });
    assert.deepEqual(
      calls?.filter((call) => !onlyReads(call)),
      [
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:SetSecurityGroups",
      ],
    );
  });

  it("Two changed properties that one call sets are one call", () => {
    const before = {
      securityGroups: ["sg-1"],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
      internal: true,
    };
    const after = { ...before, securityGroups: ["sg-2"] };
    after.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic = "off";
    const calls = callsOf("update", "aws:lb/loadBalancer:LoadBalancer", after, before);
    assert.deepEqual(
      calls?.filter((call) => !onlyReads(call)),
      ["elasticloadbalancing:SetSecurityGroups"],
    );
  });

  it("Registering a target is not read back", () => {
    assert.deepEqual(callsOf("create", "aws:lb/targetGroupAttachment:TargetGroupAttachment"), [
      "elasticloadbalancing:RegisterTargets",
    ]);
  });

  it("Both rules of a new security group are taken away", () => {
    const calls = callsOf("create", "aws:ec2/securityGroup:SecurityGroup") ?? [];
    assert.equal(calls.filter((call) => call === "ec2:RevokeSecurityGroupEgress").length, 2);
  });

  it("Waiting for the interfaces of a deleted balancer is a call of EC2", () => {
    assert.deepEqual(callsOf("delete", "aws:lb/loadBalancer:LoadBalancer"), [
      "elasticloadbalancing:DeleteLoadBalancer",
      "ec2:DescribeNetworkInterfaces",
    ]);
  });

  it("Deleting an accepter calls nothing, because the connection stays", () => {
    assert.deepEqual(
      callsOf("delete", "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"),
      [],
    );
  });

  it("The calls of a type that is not in the table are not known", () => {
    assert.equal(callsOf("create", "aws:s3/bucket:Bucket"), undefined);
  });
});
