import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { TargetProof, Verdict } from "../../proof/proof";
import { Unknown, type StackResources } from "../../resources/resource";
import { CARDS, GATEWAY, PAYMENTS, balancerArn, document, groupArn } from "./building-blocks";
import type { Change } from "./changes";
import { declare } from "./declare";
import { find, landscape, remove, set } from "./landscape";

const OWN_ROLE = "arn:aws:iam::444444444444:root";

function target(stacks: StackResources[], name: string): TargetProof {
  const found = prove(stacks).targets.find((entry) => entry.name === name);
  assert.ok(found, `no target ${name}`);
  return found;
}

function changeDocument(stacks: StackResources[], change: (body: ReturnType<typeof document>) => void): void {
  const body = document();
  change(body);
  set(stacks, "RestApi", "api", { body: JSON.stringify(body) });
}

/** The policy as it must be set: in the API and, equal, in its document. */
function policy(stacks: StackResources[], ...statements: Record<string, unknown>[]): void {
  const all = {
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Action: "execute-api:Invoke", ...statement })),
  };
  changeDocument(stacks, (body) => Object.assign(body, { "x-amazon-apigateway-policy": all }));
  set(stacks, "RestApi", "api", { policy: JSON.stringify(all) });
}

function ledgerUri(stacks: StackResources[], uri: string): void {
  changeDocument(stacks, (body) => {
    Object.assign(body.paths["/ledger"]?.get?.["x-amazon-apigateway-integration"] as object, { uri });
  });
}

const ALLOW = { Effect: "Allow", Principal: { AWS: OWN_ROLE }, Resource: "execute-api:/*" };
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";

// prettier-ignore
const ROWS: [title: string, change: Change, target: string, verdict: Verdict][] = [
  ["the policy allows another stage only, so that at most the API's own account passes", (s) => policy(s, { ...ALLOW, Resource: "execute-api:/test/*" }), "cards", "unknown"],
  ["the policy allows this path alone", (s) => policy(s, { ...ALLOW, Resource: "execute-api:/prod/GET/cards/*" }), "cards", "reachable"],
  ["the policy denies everybody", (s) => policy(s, ALLOW, { Effect: "Deny", Principal: "*", Resource: "*" }), "cards", "blocked"],
  ["the policy denies everybody on other paths", (s) => policy(s, ALLOW, { Effect: "Deny", Principal: "*", NotResource: "execute-api:/prod/GET/cards/*" }), "cards", "reachable"],
  ["the policy denies the very callers that it allows", (s) => policy(s, ALLOW, { Effect: "Deny", Principal: { AWS: [OWN_ROLE] }, Resource: "*" }), "cards", "unknown"],
  ["the policy denies one of two callers", (s) => policy(s, { ...ALLOW, Principal: { AWS: [OWN_ROLE, CARDS] } }, { Effect: "Deny", Principal: { AWS: CARDS }, Resource: "*" }), "cards", "reachable"],
  ["the policy denies under a condition", (s) => policy(s, ALLOW, { Effect: "Deny", Principal: "*", Resource: "*", Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }), "cards", "reachable"],
  ["the policy allows another action only", (s) => policy(s, { ...ALLOW, Action: "execute-api:InvalidateCache" }), "cards", "unknown"],
  ["the policy allows another stage of any API, in whose path a variable could stand for that stage", (s) => policy(s, { ...ALLOW, Resource: "arn:aws:execute-api:*:*:*/test/*" }), "cards", "unknown"],
  ["the API is private", (s) => set(s, "RestApi", "api", { endpointConfiguration: { types: "PRIVATE" } }), "cards", "unknown"],
  ["the API does not tell whether it is private", (s) => set(s, "RestApi", "api", { endpointConfiguration: new Unknown("computed") }), "cards", "unknown"],
  ["the API does not tell whether its endpoint is switched off", (s) => set(s, "RestApi", "api", { disableExecuteApiEndpoint: new Unknown("computed") }), "cards", "unknown"],
  ["a deployment does not tell its API", (s) => set(s, "Deployment", "tree", { restApi: new Unknown("computed") }), "legacy", "unknown"],
  ["the API's deployments are in no file", (s) => {
    remove(s, "Deployment", "tree");
    Object.assign(find(s, "Stage", "v1"), { dependencies: [], propertyDependencies: {} });
  }, "legacy", "unknown"],
  ["it is not told whether zones are mixed, and each has an instance", (s) => set(s, "LoadBalancer", "service", { enableCrossZoneLoadBalancing: new Unknown("computed") }), "payments", "reachable"],
  ["it is not told whether zones are mixed, and one has no instance", (s) => {
    set(s, "LoadBalancer", "service", { enableCrossZoneLoadBalancing: new Unknown("computed") });
    set(s, "Group", "service", { vpcZoneIdentifiers: ["subnet-p1"] });
  }, "payments", "unknown"],
  ["the API is regional", (s) => set(s, "RestApi", "api", { endpointConfiguration: { types: "REGIONAL" } }), "cards", "reachable"],
  ["the stage throttles everything to nothing", (s) => void declare(s, 0, SETTINGS, "ms", { restApi: "api0000001", stageName: "prod", methodPath: "*/*", settings: { throttlingRateLimit: 0, throttlingBurstLimit: 0 } }), "cards", "blocked"],
  ["the stage throttles with the account's own limits", (s) => void declare(s, 0, SETTINGS, "ms", { restApi: "api0000001", stageName: "prod", methodPath: "*/*", settings: { throttlingRateLimit: -1, throttlingBurstLimit: -1 } }), "cards", "reachable"],
  ["another stage throttles everything to nothing", (s) => void declare(s, 0, SETTINGS, "ms", { restApi: "api0000001", stageName: "test", methodPath: "*/*", settings: { throttlingRateLimit: 0 } }), "cards", "reachable"],
  ["scheme and host of the URI are in capitals", (s) => ledgerUri(s, "HTTP://SERVICE.INTERNAL:8003/"), "ledger", "reachable"],
  ["the URI's port is out of range", (s) => ledgerUri(s, "http://service.internal:99999/"), "ledger", "blocked"],
  ["the provider's balancer faces the internet", (s) => set(s, "LoadBalancer", "service", { internal: false }), "payments", "unknown"],
  ["the shared balancer is an application balancer", (s) => set(s, "LoadBalancer", "shared", { loadBalancerType: "application" }), "cards", "unknown"],
  ["the V1 link's balancer is an application balancer", (s) => set(s, "LoadBalancer", "legacy", { loadBalancerType: "application" }), "legacy", "blocked"],
  ["a listener ends TLS", (s) => set(s, "Listener", "cards", { protocol: "TLS" }), "cards", "unknown"],
  ["one of two weighted target groups has no target", (s) => {
    remove(s, "TargetGroupAttachment", "ledger-10.6.1.5");
    const targetGroups = [{ arn: groupArn(GATEWAY, "cards"), weight: 1 }, { arn: groupArn(GATEWAY, "ledger"), weight: 1 }];
    set(s, "Listener", "cards", { defaultActions: [{ type: "forward", forward: { targetGroups } }] });
  }, "cards", "blocked"],
  ["a weighted target group without target has weight 0", (s) => {
    remove(s, "TargetGroupAttachment", "ledger-10.6.1.5");
    const targetGroups = [{ arn: groupArn(GATEWAY, "cards"), weight: 1 }, { arn: groupArn(GATEWAY, "ledger"), weight: 0 }];
    set(s, "Listener", "cards", { defaultActions: [{ type: "forward", forward: { targetGroups } }] });
  }, "cards", "reachable"],
  ["instances stand in another VPC than their target group", (s) => {
    declare(s, 1, "aws:ec2/subnet:Subnet", "subnet-other", { vpcId: "vpc-other", cidrBlock: "10.9.1.0/24", availabilityZone: "us-east-1a" });
    set(s, "Group", "service", { vpcZoneIdentifiers: ["subnet-other"] });
  }, "payments", "blocked"],
  ["an instance is registered in another VPC's target group", (s) => {
    set(s, "Group", "service", { targetGroupArns: [] });
    declare(s, 1, "aws:ec2/subnet:Subnet", "subnet-other", { vpcId: "vpc-other", cidrBlock: "10.9.1.0/24" });
    declare(s, 1, "aws:ec2/instance:Instance", "i-1", { subnetId: "subnet-other", privateIp: "10.9.1.5", vpcSecurityGroupIds: ["sg-app"] });
    declare(s, 1, "aws:lb/targetGroupAttachment:TargetGroupAttachment", "tga-1", { targetGroupArn: groupArn(PAYMENTS, "service"), targetId: "i-1", port: 8080 });
  }, "payments", "blocked"],
  ["instances run an older version of their template", (s) => {
    set(s, "LaunchTemplate", "service", { latestVersion: 3 });
    set(s, "Group", "service", { launchTemplate: { id: "lt-00000001", version: "2" } });
  }, "payments", "unknown"],
  ["instances run the default version of their template, which is the latest", (s) => {
    set(s, "LaunchTemplate", "service", { latestVersion: 3, defaultVersion: 3 });
    set(s, "Group", "service", { launchTemplate: { id: "lt-00000001", version: "$Default" } });
  }, "payments", "reachable"],
  ["instances run the default version of their template, which is not the latest", (s) => {
    set(s, "LaunchTemplate", "service", { latestVersion: 3, defaultVersion: 1 });
    set(s, "Group", "service", { launchTemplate: { id: "lt-00000001" } });
  }, "payments", "unknown"],
];

describe("the proof on the rules of API Gateway and of balancers", () => {
  for (const [title, change, name, verdict] of ROWS) {
    it(`finds ${name} ${verdict} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      assert.equal(target(stacks, name).verdict, verdict);
    });
  }

  it("warns of a proxy protocol header and leaves the path reachable", () => {
    const stacks = landscape();
    set(stacks, "TargetGroup", "cards", { proxyProtocolV2: true });
    const { verdict, findings } = target(stacks, "cards");
    assert.equal(verdict, "reachable");
    assert.deepEqual(
      findings.map(({ code, severity }) => [code, severity]),
      [["PROXY_PROTOCOL", "risk"]],
    );
  });

  it("tells target groups of one name in two accounts apart", () => {
    const stacks = landscape();
    const theirs = find(stacks, "TargetGroup", "service");
    const ours = find(stacks, "TargetGroup", "payments");
    const arn = groupArn(PAYMENTS, "payments");
    Object.assign(theirs, { id: arn, name: ours.name });
    set(stacks, "Listener", "service", { defaultActions: [{ type: "forward", targetGroupArn: arn }] });
    set(stacks, "Group", "service", { targetGroupArns: [arn] });
    const texts = target(stacks, "payments").hops.filter(({ step }) => step === "target-group");
    assert.deepEqual(
      texts.map(({ text }) => text.split(":")[0]),
      [`target group payments of ${GATEWAY}`, `target group payments of ${PAYMENTS}`],
    );
  });

  it("tells balancers of one name in one account apart by their ARN", () => {
    const stacks = landscape();
    const second = `${balancerArn(GATEWAY, "shared").slice(0, -1)}1`;
    declare(stacks, 0, "aws:lb/loadBalancer:LoadBalancer", second, { loadBalancerType: "network" });
    const [link] = target(stacks, "cards").hops.filter(({ step }) => step === "vpc-link");
    assert.ok(link?.text.endsWith(`balancer shared of ${GATEWAY} (${balancerArn(GATEWAY, "shared")})`));
  });

  it("lists each hop once", () => {
    for (const { hops } of prove(landscape()).targets) {
      const keys = hops.map(({ leg, step, resource, text }) => [leg, step, resource, text].join("|"));
      assert.equal(new Set(keys).size, keys.length);
    }
  });
});
