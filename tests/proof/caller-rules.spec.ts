import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { Verdict } from "../../proof/proof";
import { Unknown, type StackResources } from "../../resources/resource";
import { GATEWAY, document } from "./building-blocks";
import type { Change } from "./changes";
import { declare } from "./declare";
import { landscape, remove, set } from "./landscape";

const TREE = "api0000002";
const ACCOUNT = "arn:aws:iam::444444444444:root";
const ROLE = "arn:aws:iam::444444444444:role/caller";
const STRANGER = "arn:aws:iam::555555555555:root";
const EVERYBODY = { Effect: "Allow", Principal: "*" };
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
const AUTHORIZER = "aws:apigateway/authorizer:Authorizer";

function json(...statements: Record<string, unknown>[]): string {
  const Statement = statements.map((statement) => ({
    Action: "execute-api:Invoke",
    Resource: "execute-api:/*",
    ...statement,
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** Gives the API that is a tree of resources a policy. */
function policy(...statements: Record<string, unknown>[]): Change {
  return (stacks) => set(stacks, "RestApi", "tree", { policy: json(...statements) });
}

/** The same, with a method that does not ask who calls. */
function unsigned(...statements: Record<string, unknown>[]): Change {
  return (stacks) => {
    set(stacks, "Method", "legacy", { authorization: "NONE" });
    policy(...statements)(stacks);
  };
}

function fromEndpoint(operator: string): Record<string, unknown> {
  return { Condition: { [operator]: { "aws:SourceVpce": "vpce-1" } } };
}

const OFFICE = { Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } };

function authorizedBy(restApi: unknown): Change {
  return (stacks) => {
    declare(stacks, 0, AUTHORIZER, "auth-1", { restApi });
    set(stacks, "Method", "legacy", { authorization: "CUSTOM", authorizerId: "auth-1" });
  };
}

/** Makes the method require a key, and gives the stage a usage plan with one. */
function keyed(stage: string, enabled: boolean): Change {
  return (stacks) => {
    set(stacks, "Method", "legacy", { apiKeyRequired: true });
    declare(stacks, 0, "aws:apigateway/apiKey:ApiKey", "key-1", { enabled });
    declare(stacks, 0, "aws:apigateway/usagePlan:UsagePlan", "plan-1", {
      apiStages: [{ apiId: TREE, stage }],
    });
    declare(stacks, 0, "aws:apigateway/usagePlanKey:UsagePlanKey", "plan-key-1", {
      usagePlanId: "plan-1",
      keyId: "key-1",
    });
  };
}

function throttle(stacks: StackResources[], methodPath: string, rate: number): void {
  const settings = { throttlingRateLimit: rate, throttlingBurstLimit: rate };
  declare(stacks, 0, SETTINGS, methodPath, { restApi: TREE, stageName: "v1", methodPath, settings });
}

/** The policy of the API with the document, as a read shows it after AWS has written it out in full. */
function readBack(stacks: StackResources[], given: boolean): void {
  const body = document();
  const [statement] = (body["x-amazon-apigateway-policy"] as { Statement: Record<string, unknown>[] })
    .Statement;
  const written = (Resource: string): string => json({ ...statement, Resource });
  Object.assign(body, { "x-amazon-apigateway-policy": JSON.parse(written("execute-api:/*")) as unknown });
  set(stacks, "RestApi", "api", { body: JSON.stringify(body), policy: undefined });
  if (given) set(stacks, "RestApi", "api", { policy: written("execute-api:/prod/*") });
  const api = stacks[0]?.resources.find(({ id }) => id === "api0000001");
  const arn = `arn:aws:execute-api:us-east-1:${GATEWAY}:api0000001/`;
  Object.assign(api?.outputs ?? {}, { policy: written(given ? `${arn}prod/*` : `${arn}*`) });
}

// prettier-ignore
const ROWS: [title: string, change: Change, target: string, verdict: Verdict][] = [
  ["everybody is denied but one, and callers do not sign", unsigned(EVERYBODY, { Effect: "Deny", NotPrincipal: { AWS: ROLE } }), "legacy", "blocked"],
  ["everybody is denied but one, and callers sign", policy(EVERYBODY, { Effect: "Deny", NotPrincipal: { AWS: ROLE } }), "legacy", "reachable"],
  ["everybody is denied but others than those allowed", policy({ Effect: "Allow", Principal: { AWS: ACCOUNT } }, { Effect: "Deny", NotPrincipal: { AWS: STRANGER } }), "legacy", "unknown"],
  ["everybody is denied but a role of the account that is allowed", policy({ Effect: "Allow", Principal: { AWS: ACCOUNT } }, { Effect: "Deny", NotPrincipal: { AWS: [ROLE, ACCOUNT] } }), "legacy", "reachable"],
  ["everybody but one is allowed, and callers do not sign", unsigned({ Effect: "Allow", NotPrincipal: { AWS: STRANGER } }), "legacy", "reachable"],
  ["the account of the allowed role is denied", policy({ Effect: "Allow", Principal: { AWS: ROLE } }, { Effect: "Deny", Principal: { AWS: "444444444444" } }), "legacy", "unknown"],
  ["an account is allowed by its number and denied by its ARN", policy({ Effect: "Allow", Principal: { AWS: "444444444444" } }, { Effect: "Deny", Principal: { AWS: ACCOUNT } }), "legacy", "unknown"],
  ["one role of the allowed account is denied", policy({ Effect: "Allow", Principal: { AWS: ACCOUNT } }, { Effect: "Deny", Principal: { AWS: ROLE } }), "legacy", "reachable"],
  ["a named account is denied, and callers do not sign", unsigned(EVERYBODY, { Effect: "Deny", Principal: { AWS: ACCOUNT } }), "legacy", "reachable"],
  ["only a service is allowed", policy({ Effect: "Allow", Principal: { Service: "events.amazonaws.com" } }), "legacy", "unknown"],
  ["only requests through an endpoint are allowed, which a public API never gets", unsigned({ ...EVERYBODY, ...fromEndpoint("StringEquals") }), "legacy", "blocked"],
  ["requests through another endpoint are denied, and so all that a public API gets", unsigned(EVERYBODY, { Effect: "Deny", Principal: "*", ...fromEndpoint("StringNotEquals") }), "legacy", "blocked"],
  ["requests through one endpoint are denied, which a public API never gets", unsigned(EVERYBODY, { Effect: "Deny", Principal: "*", ...fromEndpoint("StringEquals") }), "legacy", "reachable"],
  ["the addresses that are allowed are denied", unsigned({ ...EVERYBODY, ...OFFICE }, { Effect: "Deny", Principal: "*", ...OFFICE }), "legacy", "blocked"],
  ["some addresses are allowed", unsigned({ ...EVERYBODY, ...OFFICE }), "legacy", "reachable"],
  ["the document's policy is read back in full", (s) => readBack(s, false), "cards", "reachable"],
  ["the API's argument takes the place of the document's policy", (s) => readBack(s, true), "cards", "reachable"],
  ["a read shows an older policy than the resource that attaches it", (s) => {
    set(s, "RestApi", "tree", { name: "tree" });
    Object.assign(s[0]?.resources.find(({ id }) => id === TREE)?.outputs ?? {}, { policy: json({ Effect: "Deny", Principal: "*" }) });
    declare(s, 0, "aws:apigateway/restApiPolicy:RestApiPolicy", "attached", { restApiId: TREE, policy: json(EVERYBODY) });
  }, "legacy", "reachable"],
  ["argument and attached policy differ", (s) => {
    policy(EVERYBODY)(s);
    declare(s, 0, "aws:apigateway/restApiPolicy:RestApiPolicy", "attached", { restApiId: TREE, policy: json({ Effect: "Deny", Principal: "*" }) });
  }, "legacy", "unknown"],
  ["a Lambda authorizer of its API checks callers", authorizedBy(TREE), "legacy", "reachable"],
  ["the authorizer belongs to another API", authorizedBy("api0000001"), "legacy", "blocked"],
  ["an authorizer does not tell its API", authorizedBy(new Unknown("computed")), "legacy", "unknown"],
  ["a method names no authorizer", (s) => set(s, "Method", "legacy", { authorization: "CUSTOM" }), "legacy", "blocked"],
  ["a required key has a usage plan", keyed("v1", true), "legacy", "reachable"],
  ["the usage plan is for another stage", keyed("v2", true), "legacy", "unknown"],
  ["the usage plan's key is switched off", keyed("v1", false), "legacy", "unknown"],
  ["a deployment makes the stage", (s) => {
    remove(s, "Stage", "v1");
    set(s, "Deployment", "tree", { stageName: "v1" });
  }, "legacy", "reachable"],
  ["a firewall stands before the stage", (s) => void declare(s, 0, "aws:wafv2/webAclAssociation:WebAclAssociation", "waf", { resourceArn: `arn:aws:apigateway:us-east-1::/restapis/${TREE}/stages/v1` }), "legacy", "unknown"],
  ["a firewall stands before another stage", (s) => void declare(s, 0, "aws:wafv2/webAclAssociation:WebAclAssociation", "waf", { resourceArn: "arn:aws:apigateway:us-east-1::/restapis/api0000001/stages/prod" }), "legacy", "reachable"],
  ["its method is throttled to nothing", (s) => throttle(s, "legacy/{id}/GET", 0), "legacy", "blocked"],
  ["another method is throttled to nothing", (s) => throttle(s, "legacy/GET", 0), "legacy", "reachable"],
  ["its method has a rate of its own while all others have none", (s) => { throttle(s, "*/*", 0); throttle(s, "legacy/{id}/GET", 5); }, "legacy", "reachable"],
];

describe("the proof on who may call", () => {
  for (const [title, change, name, verdict] of ROWS) {
    it(`finds ${name} ${verdict} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      assert.equal(prove(stacks).targets.find((target) => target.name === name)?.verdict, verdict);
    });
  }

  it("says that methods may be missing when one does not tell its API", () => {
    const stacks = landscape();
    for (const type of ["Method", "Integration"])
      set(stacks, type, "legacy", { restApi: new Unknown("computed") });
    const codes = prove(stacks).findings.map(({ code }) => code);
    assert.ok(codes.includes("API_UNKNOWN"));
  });

  it("says that it does not walk an API of another kind behind a link", () => {
    const stacks = landscape();
    for (const id of ["linked", "alone"])
      declare(stacks, 0, "aws:apigatewayv2/api:Api", id, { protocolType: "HTTP" });
    declare(stacks, 0, "aws:apigatewayv2/integration:Integration", "integration", {
      apiId: "linked",
      connectionType: "VPC_LINK",
    });
    assert.deepEqual(
      prove(stacks).findings.map(({ code, message }) => [code, message]),
      [["NOT_MODELLED", "API linked is no REST API, and its paths are not walked"]],
    );
  });
});
