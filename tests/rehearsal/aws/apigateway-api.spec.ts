import assert from "node:assert/strict";
import { Bench } from "./bench";

type Json = Record<string, unknown>;

/** A document with one operation, `GET /a`. */
function document(integration: Json | undefined, more: Json = {}, operation: Json = {}): Json {
  const get = { ...operation, ...(integration && { "x-amazon-apigateway-integration": integration }) };
  return { openapi: "3.0.1", info: { title: "t", version: "1" }, paths: { "/a": { get } }, ...more };
}

const mock = { type: "mock" };

function body(value: Json): Json {
  return { body: JSON.stringify(value) };
}

describe("simulated REST APIs", () => {
  it("gives an API its ids, ARNs and defaults", () => {
    const { id, outputs } = new Bench().put("api", "bank", { endpointConfiguration: { types: "REGIONAL" } });
    assert.match(id, /^[0-9a-z]{10}$/);
    assert.equal(outputs.arn, `arn:aws:apigateway:us-east-1::/restapis/${id}`);
    assert.equal(outputs.executionArn, `arn:aws:execute-api:us-east-1:111111111111:${id}`);
    assert.match(String(outputs.rootResourceId), /^[0-9a-z]{10}$/);
    assert.deepEqual(outputs.endpointConfiguration, { types: "REGIONAL", ipAddressType: "ipv4" });
    assert.match(String(outputs.name), /^bank-[0-9a-f]{7}$/);
  });

  it("updates an API in place for another document", () => {
    const bench = new Bench();
    const { id } = bench.put("api", "api", body(document(mock)));
    const next = bench.put("api", "api", body(document(mock, { info: { title: "u", version: "2" } })));
    assert.deepEqual([next.id, next.change], [id, "update"]);
  });

  it("refuses more than 300 API resources, in a document and one by one", () => {
    const bench = new Bench();
    const paths = (count: number): Json =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          `/p${n}`,
          { get: { "x-amazon-apigateway-integration": mock } },
        ]),
      );
    bench.put("api", "fits", body(document(mock, { paths: paths(299) })));
    bench.refuses("LimitExceededException", "api", "big", body(document(mock, { paths: paths(300) })));
    const { id: restApi, outputs } = bench.put("api", "tree", {});
    const resource = (n: number): Json => ({ restApi, parentId: outputs.rootResourceId, pathPart: `p${n}` });
    for (let n = 0; n < 299; n++) bench.put("apiResource", `p${n}`, resource(n));
    bench.refuses("LimitExceededException", "apiResource", "p299", resource(299));
  });

  it("refuses API resources whose name, parent or variable does not fit", () => {
    const bench = new Bench();
    const { id: restApi, outputs } = bench.put("api", "tree", {});
    const parentId = outputs.rootResourceId;
    bench.put("apiResource", "v", { restApi, parentId, pathPart: "{id}" });
    bench.refuses(
      "BadRequestException",
      "apiResource",
      "w",
      { restApi, parentId, pathPart: "{name}" },
      /sibling/,
    );
    bench.refuses("ConflictException", "apiResource", "w", { restApi, parentId, pathPart: "{id}" });
    bench.refuses("BadRequestException", "apiResource", "w", { restApi, parentId, pathPart: "a b" });
    bench.refuses("NotFoundException", "apiResource", "w", { restApi, parentId: "none", pathPart: "a" });
    bench.refuses("NotFoundException", "apiResource", "w", { restApi: "none", parentId, pathPart: "a" });
  });

  it("refuses unknown methods, authorizations and authorizers", () => {
    const bench = new Bench();
    const { id: restApi, outputs } = bench.put("api", "tree", {});
    const method = { restApi, resourceId: outputs.rootResourceId, httpMethod: "GET", authorization: "NONE" };
    bench.put("method", "get", method);
    bench.refuses("ConflictException", "method", "again", method);
    bench.refuses("BadRequestException", "method", "m", { ...method, httpMethod: "TRACE" });
    bench.refuses("BadRequestException", "method", "m", {
      ...method,
      httpMethod: "PUT",
      authorization: "BASIC",
    });
    bench.refuses(
      "BadRequestException",
      "method",
      "m",
      { ...method, httpMethod: "PUT", authorization: "CUSTOM" },
      /authorizer/,
    );
  });

  it("refuses policies that are no JSON, incomplete or longer than 8,192 characters", () => {
    const bench = new Bench();
    const statement = {
      Effect: "Allow",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "execute-api:/*",
    };
    const policy = (resource: string): string =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource: resource }] });
    bench.put("api", "fits", { policy: policy("r") });
    bench.refuses("BadRequestException", "api", "x", { policy: "{" });
    bench.refuses("BadRequestException", "api", "x", {
      policy: JSON.stringify({ Statement: [{ Effect: "Allow" }] }),
    });
    const spare = 8192 - policy("").length;
    bench.put("api", "full", { policy: policy("r".repeat(spare)) });
    bench.refuses("LimitExceededException", "api", "x", { policy: policy("r".repeat(spare + 1)) });
    const inDocument = document(mock, { "x-amazon-apigateway-policy": { Statement: [] } });
    bench.refuses("BadRequestException", "api", "x", body(inDocument));
    bench.refuses("BadRequestException", "apiPolicy", "p", {
      restApiId: bench.id("api", "fits", { policy: policy("r") }),
      policy: "no",
    });
  });
});

describe("simulated deployments and stages", () => {
  function deployed(): { bench: Bench; restApi: string; deployment: string } {
    const bench = new Bench();
    const restApi = bench.id("api", "api", body(document(mock)));
    return { bench, restApi, deployment: bench.id("deployment", "d", { restApi, triggers: { hash: "1" } }) };
  }

  it("refuses to deploy an API without methods, and one with a method without integration", () => {
    const bench = new Bench();
    bench.refuses(
      "BadRequestException",
      "deployment",
      "d",
      { restApi: bench.id("api", "empty", {}) },
      /doesn't contain any methods/,
    );
    const bare = bench.id("api", "bare", body(document(undefined)));
    bench.refuses(
      "BadRequestException",
      "deployment",
      "d",
      { restApi: bare },
      /No integration defined for method/,
    );
    bench.refuses("NotFoundException", "deployment", "d", { restApi: "none" });
  });

  it("gives a stage its URL and ARNs", () => {
    const { bench, restApi, deployment } = deployed();
    const { outputs } = bench.put("stage", "s", { restApi, deployment, stageName: "live" });
    assert.equal(outputs.invokeUrl, `https://${restApi}.execute-api.us-east-1.amazonaws.com/live`);
    assert.equal(outputs.executionArn, `arn:aws:execute-api:us-east-1:111111111111:${restApi}/live`);
    assert.equal(outputs.arn, `arn:aws:apigateway:us-east-1::/restapis/${restApi}/stages/live`);
  });

  it("refuses another API's deployment, an unknown one, wrong names and a name twice", () => {
    const { bench, restApi, deployment } = deployed();
    const other = bench.id("api", "other", body(document(mock)));
    bench.refuses(
      "BadRequestException",
      "stage",
      "s",
      { restApi: other, deployment, stageName: "live" },
      /deployment identifier/,
    );
    bench.refuses("BadRequestException", "stage", "s", { restApi, deployment: "none", stageName: "live" });
    for (const stageName of ["a.b", "a b", "s".repeat(129)])
      bench.refuses("BadRequestException", "stage", "s", { restApi, deployment, stageName }, /Stage name/);
    bench.put("stage", "s", { restApi, deployment, stageName: "live" });
    bench.refuses("ConflictException", "stage", "t", { restApi, deployment, stageName: "live" });
  });

  it("makes a new deployment for another trigger, and keeps the old one while a stage serves it", () => {
    const { bench, restApi, deployment } = deployed();
    bench.put("stage", "s", { restApi, deployment, stageName: "live" });
    const next = bench.put("deployment", "d", { restApi, triggers: { hash: "2" } });
    assert.equal(next.change, "replace");
    const urns = [bench.urn("deployment", "d")];
    assert.throws(() => bench.aws.finishReplacements(urns), /Active stages pointing to this deployment/);
    assert.equal(
      bench.put("stage", "s", { restApi, deployment: next.id, stageName: "live" }).change,
      "update",
    );
    bench.aws.finishReplacements(urns);
    assert.throws(() => bench.read("deployment", deployment), /NotFoundException/);
  });

  it("refuses logs in an account without CloudWatch role, and to a group that does not exist", () => {
    const { bench, restApi, deployment } = deployed();
    const logs = (arn: string): Json => ({ destinationArn: arn, format: "$context.requestId" });
    const group = String(bench.put("logGroup", "g", {}).outputs.arn);
    const stage = { restApi, deployment, stageName: "live" };
    bench.refuses(
      "BadRequestException",
      "stage",
      "s",
      { ...stage, accessLogSettings: logs(group) },
      /CloudWatch Logs role ARN/,
    );
    bench.put("account", "a", { cloudwatchRoleArn: "arn:aws:iam::111111111111:role/logs" });
    bench.refuses("NotFoundException", "stage", "s", { ...stage, accessLogSettings: logs(`${group}0`) });
    bench.put("stage", "s", { ...stage, accessLogSettings: logs(group) });
    const settings = { restApi, methodPath: "*/*", settings: { loggingLevel: "INFO" } };
    bench.put("methodSettings", "m", { ...settings, stageName: "live" });
    bench.refuses("NotFoundException", "methodSettings", "n", { ...settings, stageName: "none" });
  });
});
