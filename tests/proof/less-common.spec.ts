import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { Verdict } from "../../proof/proof";
import { type StackResources, Unknown } from "../../resources/resource";
import { GATEWAY, PAYMENTS, document, groupArn } from "./building-blocks";
import type { Change } from "./changes";
import { declare } from "./declare";
import { find, landscape, remove, set } from "./landscape";

/** Gives the ledger's method a Lambda authorizer, and the API a policy that is silent about it or denies it. */
function lambdaAuthorized(stacks: StackResources[], effect: "Allow" | "Deny"): void {
  const body = document() as unknown as Record<string, unknown> & {
    paths: Record<string, Record<string, object>>;
  };
  Object.assign(body.paths["/ledger"]?.get ?? {}, { security: [{ keeper: [] }] });
  body.components = {
    securitySchemes: {
      ...(body.components as { securitySchemes?: object } | undefined)?.securitySchemes,
      keeper: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: "arn:aws:apigateway:x:lambda:path/f/invocations",
        },
      },
    },
  };
  const Principal = effect === "Deny" ? "*" : { AWS: "arn:aws:iam::999999999999:root" };
  const Resource = effect === "Deny" ? "execute-api:/*/GET/ledger" : "execute-api:/*/GET/cards/*";
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Principal, Action: "execute-api:Invoke", Resource }],
  };
  delete body["x-amazon-apigateway-policy"];
  set(stacks, "RestApi", "api", { body: JSON.stringify(body), policy: JSON.stringify(policy) });
}

const SECRET = new Unknown("secret");
const ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment";
const GROUP = groupArn(PAYMENTS, "service");

function integration(values: Record<string, unknown>): Change {
  return (stacks) => {
    const body = document();
    Object.assign(body.paths["/ledger"]?.get?.["x-amazon-apigateway-integration"] as object, values);
    set(stacks, "RestApi", "api", { body: JSON.stringify(body) });
  };
}

function instance(properties: Record<string, unknown>): Change {
  return (stacks) => {
    set(stacks, "Group", "service", { targetGroupArns: [] });
    set(stacks, "LoadBalancer", "service", { enableCrossZoneLoadBalancing: true });
    declare(stacks, 1, "aws:ec2/instance:Instance", "i-1", {
      subnetId: "subnet-p1",
      privateIp: "10.1.1.77",
      vpcSecurityGroupIds: ["sg-app"],
      ...properties,
    });
    declare(stacks, 1, ATTACHMENT, "tga-1", { targetGroupArn: GROUP, targetId: "i-1", port: 8080 });
  };
}

function routeTo(target: Record<string, unknown>): Change {
  return (stacks) =>
    set(stacks, "Route", "rtb-subnet-g1-10.2.0.0/16", { vpcPeeringConnectionId: undefined, ...target });
}

// prettier-ignore
const ROWS: [title: string, change: Change, target: string, verdict: Verdict][] = [
  ["a route leads to a transit gateway", routeTo({ transitGatewayId: "tgw-1" }), "cards", "unknown"],
  ["a route leads to an internet gateway", routeTo({ gatewayId: "igw-1" }), "cards", "unknown"],
  ["a route's destination is a prefix list that a file holds", (s) => {
    declare(s, 0, "aws:ec2/managedPrefixList:ManagedPrefixList", "pl-1", { entries: [] });
    declare(s, 0, "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "ple-1", { prefixListId: "pl-1", cidr: "10.2.0.0/16" });
    set(s, "Route", "rtb-subnet-g1-10.2.0.0/16", { destinationCidrBlock: undefined, destinationPrefixListId: "pl-1" });
  }, "cards", "reachable"],
  ["a route's destination is a prefix list that no file holds", (s) =>
    set(s, "Route", "rtb-subnet-g1-10.2.0.0/16", { destinationCidrBlock: undefined, destinationPrefixListId: "pl-1" }), "cards", "unknown"],
  ["a gateway endpoint's list of public addresses is a destination", (s) => void declare(s, 0, "aws:ec2/route:Route", "r-s3", { routeTableId: "rtb-subnet-g1", destinationPrefixListId: "pl-s3", gatewayId: "vpce-1" }), "cards", "reachable"],
  ["a route does not tell its destination", (s) => void declare(s, 0, "aws:ec2/route:Route", "r-x", { routeTableId: "rtb-subnet-g1", destinationCidrBlock: SECRET, gatewayId: "igw-1" }), "cards", "unknown"],
  ["a network ACL filters the provider's subnet", (s) => void declare(s, 1, "aws:ec2/networkAcl:NetworkAcl", "acl-1", { subnetIds: ["subnet-p3"] }), "ledger", "unknown"],
  ["an associated network ACL filters the provider's subnet", (s) => void declare(s, 1, "aws:ec2/networkAclAssociation:NetworkAclAssociation", "acla-1", { subnetId: "subnet-p3", networkAclId: "acl-1" }), "ledger", "unknown"],
  ["a rule changes the default network ACL", (s) => {
    set(s, "Vpc", "vpc-payments", { defaultNetworkAclId: "acl-d" });
    declare(s, 1, "aws:ec2/networkAclRule:NetworkAclRule", "aclr-1", { networkAclId: "acl-d" });
  }, "ledger", "unknown"],
  ["the provider's default network ACL is managed", (s) => {
    set(s, "Vpc", "vpc-payments", { defaultNetworkAclId: "acl-d" });
    declare(s, 1, "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "acl-d", { defaultNetworkAclId: "acl-d" });
  }, "ledger", "unknown"],
  ["an instance is registered by its id", instance({}), "payments", "reachable"],
  ["a registered instance is stopped", instance({ instanceState: "stopped" }), "payments", "blocked"],
  ["a registered instance does not tell its subnet", instance({ subnetId: SECRET, privateIp: SECRET }), "payments", "unknown"],
  ["a registered instance is in no file", (s) => { instance({})(s); remove(s, "Instance", "i-1"); }, "payments", "unknown"],
  ["an instance with the address of a target is stopped", (s) => {
    remove(s, "NetworkInterface", "ledger");
    declare(s, 1, "aws:ec2/instance:Instance", "i-2", { subnetId: "subnet-p3", privateIp: "10.6.1.5", vpcSecurityGroupIds: ["sg-ledger"], instanceState: "stopped" });
  }, "ledger", "blocked"],
  ["a target is a public address", (s) => set(s, "TargetGroupAttachment", "cards-10.2.1.20", { targetId: "8.8.8.8" }), "cards", "blocked"],
  ["a target is an IPv6 address", (s) => set(s, "TargetGroupAttachment", "cards-10.2.1.20", { targetId: "fd00::1" }), "cards", "unknown"],
  ["a target's port is not told", (s) => set(s, "TargetGroupAttachment", "cards-10.2.1.20", { port: SECRET }), "cards", "unknown"],
  ["a group attaches itself to the target group", (s) => {
    set(s, "Group", "service", { targetGroupArns: [] });
    declare(s, 1, "aws:autoscaling/attachment:Attachment", "asa", { autoscalingGroupName: "asg-service", lbTargetGroupArn: GROUP });
  }, "payments", "reachable"],
  ["a group is a traffic source of the target group", (s) => {
    set(s, "Group", "service", { targetGroupArns: [] });
    declare(s, 1, "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment", "tsa", { autoscalingGroupName: "asg-service", trafficSource: { identifier: GROUP } });
  }, "payments", "reachable"],
  ["an attachment does not tell its target group", (s) => {
    set(s, "Group", "service", { targetGroupArns: [] });
    declare(s, 1, "aws:autoscaling/attachment:Attachment", "asa", { autoscalingGroupName: "asg-service", lbTargetGroupArn: SECRET });
  }, "payments", "unknown"],
  ["a template gives its groups by its first interface", (s) => set(s, "LaunchTemplate", "service", { vpcSecurityGroupIds: [], networkInterfaces: [{ deviceIndex: 0, securityGroups: ["sg-app"] }] }), "payments", "reachable"],
  ["a template does not tell its first interface's groups", (s) => set(s, "LaunchTemplate", "service", { vpcSecurityGroupIds: [], networkInterfaces: [{ securityGroups: SECRET }] }), "payments", "unknown"],
  ["a time-out needs a raised quota", integration({ timeoutInMillis: 60_000 }), "ledger", "unknown"],
  ["a URI names an address over HTTPS", integration({ uri: "https://10.6.1.5:8003/" }), "ledger", "unknown"],
  ["a stage variable names the host", (s) => {
    integration({ uri: "http://${stageVariables.host}:8003/" })(s);
    set(s, "Stage", "prod", { variables: { host: "service.internal" } });
  }, "ledger", "reachable"],
  ["a stage variable is missing", integration({ uri: "http://${stageVariables.host}:8003/" }), "ledger", "unknown"],
  ["an integration names no link", integration({ connectionId: "" }), "ledger", "blocked"],
  ["the policy is not told", (s) => set(s, "RestApi", "api", { policy: SECRET }), "cards", "unknown"],
  ["the policy is no JSON", (s) => set(s, "RestApi", "api", { policy: "{" }), "cards", "unknown"],
  ["a private API has no policy", (s) => {
    const body = document();
    delete body["x-amazon-apigateway-policy"];
    set(s, "RestApi", "api", { body: JSON.stringify(body), policy: undefined, endpointConfiguration: { types: "PRIVATE" } });
  }, "cards", "blocked"],
  ["a Lambda authorizer decides where the policy is silent", (s) => lambdaAuthorized(s, "Allow"), "ledger", "reachable"],
  ["the policy denies to everybody what a Lambda authorizer might allow", (s) => lambdaAuthorized(s, "Deny"), "ledger", "blocked"],
  ["a tree's authorizer is in no file", (s) => set(s, "Method", "legacy", { authorization: "CUSTOM", authorizerId: "auth-1" }), "legacy", "unknown"],
  ["the default endpoint is switched off", (s) => set(s, "RestApi", "api", { disableExecuteApiEndpoint: true }), "cards", "blocked"],
  ["the default endpoint is switched off, and a custom domain leads to the API", (s) => {
    set(s, "RestApi", "api", { disableExecuteApiEndpoint: true });
    declare(s, 0, "aws:apigateway/basePathMapping:BasePathMapping", "bpm", { restApi: "api0000001" });
  }, "cards", "unknown"],
  ["the stage tells no deployment", (s) => set(s, "Stage", "v1", { deployment: undefined }), "legacy", "blocked"],
  ["the V1 balancer does not tell whether it filters PrivateLink", (s) => {
    set(s, "LoadBalancer", "legacy", { securityGroups: ["sg-shared"], enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: SECRET });
    declare(s, 0, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "sgr-l", { securityGroupId: "sg-shared", ipProtocol: "tcp", fromPort: 9100, toPort: 9100, cidrIpv4: "10.1.1.50/32" });
  }, "legacy", "unknown"],
  ["the V1 balancer filters no PrivateLink traffic", (s) => {
    set(s, "LoadBalancer", "legacy", { securityGroups: ["sg-shared"], enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off" });
    declare(s, 0, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "sgr-l", { securityGroupId: "sg-shared", ipProtocol: "tcp", fromPort: 9100, toPort: 9100, cidrIpv4: "10.1.1.50/32" });
  }, "legacy", "reachable"],
  ["the V1 link does not tell its balancer", (s) => set(s, "VpcLink", "legacy", { targetArn: SECRET }), "legacy", "unknown"],
  ["the provider's balancer is an application balancer", (s) => set(s, "LoadBalancer", "service", { loadBalancerType: "application" }), "payments", "unknown"],
  ["the provider's balancer forwards to itself", (s) => {
    set(s, "TargetGroup", "service", { targetType: "ip" });
    set(s, "Group", "service", { targetGroupArns: [] });
    for (const address of ["10.1.1.10", "10.1.2.10"]) declare(s, 1, ATTACHMENT, `tga-${address}`, { targetGroupArn: GROUP, targetId: address, port: 8080 });
  }, "payments", "blocked"],
  ["the provider's balancer does not tell its subnets", (s) => set(s, "LoadBalancer", "shared", { subnetMappings: SECRET, subnets: SECRET }), "cards", "unknown"],
  ["a target group has Lambda targets", (s) => set(s, "TargetGroup", "cards", { targetType: "lambda" }), "cards", "unknown"],
  ["a target group speaks UDP", (s) => set(s, "TargetGroup", "cards", { protocol: "UDP" }), "cards", "blocked"],
  ["VPCs of one connection overlap", (s) => set(s, "Vpc", "vpc-cards", { cidrBlock: "10.0.0.0/8" }), "cards", "blocked"],
  ["the connection is in no file, and nothing says that it was removed", (s) => {
    set(s, "Route", "rtb-subnet-g1-10.2.0.0/16", { vpcPeeringConnectionId: "pcx-nowhere" });
    Object.assign(find(s, "Route", "rtb-subnet-g1-10.2.0.0/16"), { dependencies: [], propertyDependencies: {} });
  }, "cards", "unknown"],
];

describe("the proof on less common resources", () => {
  for (const [title, change, name, verdict] of ROWS) {
    it(`finds ${name} ${verdict} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      const target = prove(stacks).targets.find((entry) => entry.name === name);
      assert.equal(target?.verdict, verdict);
    });
  }

  it("says that an API has no methods", () => {
    const stacks = landscape();
    declare(stacks, 0, "aws:apigateway/restApi:RestApi", "empty", { name: "empty" });
    const found = prove(stacks).findings;
    assert.deepEqual(
      found.map(({ code, message, account }) => [code, message, account]),
      [["API_METHOD_NOT_FOUND", "API empty has no methods", GATEWAY]],
    );
  });
});
