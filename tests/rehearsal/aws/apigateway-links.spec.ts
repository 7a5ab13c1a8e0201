import assert from "node:assert/strict";
import { Bench, provider, types } from "./bench";

type Json = Record<string, unknown>;

interface Private {
  bench: Bench;
  subnetId: string;
  vpcId: string;
  balancer: string;
  link1: string;
  link2: string;
}

function withLinks(): Private {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  const subnetId = bench.subnet("a", vpcId, "10.0.0.0/24");
  const balancer = bench.id("balancer", "front", {
    loadBalancerType: "network",
    internal: true,
    subnets: [subnetId],
  });
  const link1 = bench.id("link1", "one", { targetArn: balancer });
  const securityGroupIds = [bench.id("group", "g", { vpcId })];
  const link2 = bench.id("link2", "two", { subnetIds: [subnetId], securityGroupIds });
  return { bench, subnetId, vpcId, balancer, link1, link2 };
}

/** A document with one operation, `GET /a`. */
function document(integration: Json | undefined, more: Json = {}, operation: Json = {}): Json {
  const get = { ...operation, ...(integration && { "x-amazon-apigateway-integration": integration }) };
  return { openapi: "3.0.1", info: { title: "t", version: "1" }, paths: { "/a": { get } }, ...more };
}

const http = { type: "http_proxy", httpMethod: "GET", uri: "http://service:8080/a" };

function body(value: Json): Json {
  return { body: JSON.stringify(value) };
}

describe("simulated VPC links", () => {
  it("gives links short ids and an ARN", () => {
    const { bench, link1, link2 } = withLinks();
    assert.match(link1, /^[0-9a-z]{6}$/);
    assert.notEqual(link1, link2);
    assert.equal(bench.read("link2", link2).arn, `arn:aws:apigateway:us-east-1::/vpclinks/${link2}`);
  });

  it("refuses for V1 anything but one Network Load Balancer of the same account and region", () => {
    const { bench, vpcId, subnetId, balancer } = withLinks();
    const subnets = [subnetId, bench.subnet("b", vpcId, "10.0.1.0/24", "us-east-1b")];
    const alb = bench.id("balancer", "web", { subnets, internal: true });
    bench.refuses("BadRequestException", "link1", "x", { targetArn: alb }, /not a Network/);
    bench.refuses("BadRequestException", "link1", "x", { targetArn: [balancer, balancer] }, /exactly one/);
    bench.refuses("BadRequestException", "link1", "x", { targetArn: `${balancer}0` }, /does not exist/);
    bench.refuses("BadRequestException", "link1", "x", { targetArn: balancer }, /222222222222/, provider);
    bench.refuses(
      "BadRequestException",
      "link1",
      "x",
      { targetArn: balancer },
      /eu-west-1/,
      "111111111111",
      "eu-west-1",
    );
  });

  it("refuses for V2 subnets of two VPCs, unknown ones, more than ten, and another VPC's groups", () => {
    const { bench, vpcId, subnetId } = withLinks();
    const other = bench.vpc("other", "10.5.0.0/16");
    const far = bench.subnet("far", other, "10.5.0.0/24");
    const link = (subnetIds: string[], securityGroupIds: string[] = []): Json => ({
      subnetIds,
      securityGroupIds,
    });
    bench.refuses("BadRequestException", "link2", "x", link([subnetId, far]), /one VPC/);
    bench.refuses("InvalidSubnetID.NotFound", "link2", "x", link(["subnet-0"]));
    bench.refuses("BadRequestException", "link2", "x", link([]));
    const many = Array.from({ length: 11 }, (_, n) => bench.subnet(`s${n}`, vpcId, `10.0.${n + 10}.0/24`));
    bench.refuses("BadRequestException", "link2", "x", link(many), /at most 10/);
    bench.refuses(
      "InvalidParameter",
      "link2",
      "x",
      link([subnetId], [bench.id("group", "far", { vpcId: other })]),
    );
    bench.refuses("MissingParameter", "link2", "x", { subnetIds: [subnetId] });
  });

  it("refuses for V2 a zone that is known not to have links", () => {
    const { bench, vpcId } = withLinks();
    const subnet = bench.id("subnet", "z", {
      vpcId,
      cidrBlock: "10.0.9.0/24",
      availabilityZoneId: "use1-az3",
    });
    bench.refuses(
      "BadRequestException",
      "link2",
      "x",
      { subnetIds: [subnet], securityGroupIds: [] },
      /use1-az3/,
    );
  });

  it("replaces links for another target, subnet or group, and renames them in place", () => {
    const { bench, balancer, subnetId, vpcId } = withLinks();
    assert.equal(bench.put("link1", "one", { targetArn: balancer, name: "new" }).change, "update");
    assert.equal(
      bench.put("link2", "two", {
        subnetIds: [subnetId],
        securityGroupIds: [bench.id("group", "h", { vpcId })],
      }).change,
      "replace",
    );
  });

  it("keeps a link that a deployed stage's API uses, and a V1 link's balancer", () => {
    const { bench, link1 } = withLinks();
    const api = bench.id(
      "api",
      "api",
      body(document({ ...http, connectionType: "VPC_LINK", connectionId: link1 })),
    );
    const deployment = bench.id("deployment", "d", { restApi: api });
    bench.put("stage", "s", { restApi: api, deployment, stageName: "live" });
    assert.throws(
      () => bench.remove("link1", "one"),
      new RegExp(
        `is referenced in \\[${api}:GET:/a:live\\] in format of \\[RESTApiId:Method:Resource:Stage\\]`,
      ),
    );
    assert.throws(() => bench.remove("balancer", "front"), /ResourceInUse/);
    bench.remove("stage", "s");
    bench.remove("link1", "one");
    bench.remove("balancer", "front");
  });

  it("keeps a link that a stage still serves after the API has gone over to another, until it is deployed anew", () => {
    const { bench, subnetId, balancer } = withLinks();
    const api = (connectionId: string): string => {
      const linked = { ...http, connectionType: "VPC_LINK", connectionId, integrationTarget: balancer };
      return bench.id("api", "api", body(document(linked)));
    };
    const link = (name: string): string =>
      bench.id("link2", name, { subnetIds: [subnetId], securityGroupIds: [] });
    const restApi = api(link("old"));
    const before = bench.id("deployment", "before", { restApi });
    bench.put("stage", "s", { restApi, deployment: before, stageName: "live" });
    api(link("new"));
    assert.throws(() => bench.remove("link2", "old"), /is referenced in/);
    const after = bench.id("deployment", "after", { restApi });
    bench.put("stage", "s", { restApi, deployment: after, stageName: "live" });
    bench.remove("link2", "old");
    assert.throws(() => bench.remove("link2", "new"), /is referenced in/);
  });

  it("takes for deployed what the API of a restored deployment said when it was restored", () => {
    const { bench, link1 } = withLinks();
    const linked = body(document({ ...http, connectionType: "VPC_LINK", connectionId: link1 }));
    const shared = { account: "111111111111", region: "us-east-1" };
    const restore = (kind: "deployment" | "stage" | "api", id: string, properties: Json): void =>
      bench.aws.restore({
        ...{ urn: bench.urn(kind, id), type: types[kind], id, ...shared },
        ...{ inputs: properties, outputs: properties },
      });
    restore("stage", "ags-api-live", { restApi: "api", deployment: "dep", stageName: "live" });
    restore("deployment", "dep", { restApi: "api" });
    restore("api", "api", { name: "api", ...linked });
    bench.put("api", "api", { name: "api", ...body(document(http)) });
    assert.throws(() => bench.remove("link1", "one"), /referenced in \[api:GET:\/a:live\]/);
  });

  it("lets a link go that only an API without stage names", () => {
    const { bench, link1 } = withLinks();
    bench.put("api", "api", body(document({ ...http, connectionType: "VPC_LINK", connectionId: link1 })));
    bench.remove("link1", "one");
  });

  it("finds a link that a stage names by a variable", () => {
    const { bench, link1 } = withLinks();
    const connectionId = "${stageVariables.link}";
    const restApi = bench.id(
      "api",
      "api",
      body(document({ ...http, connectionType: "VPC_LINK", connectionId })),
    );
    const deployment = bench.id("deployment", "d", { restApi });
    bench.put("stage", "s", { restApi, deployment, stageName: "live", variables: { link: link1 } });
    assert.throws(() => bench.remove("link1", "one"), /is referenced in/);
  });
});

describe("simulated integrations", () => {
  const cases: [what: string, integration: (p: Private) => Json, words: RegExp][] = [
    [
      "an unknown link",
      () => ({ ...http, connectionType: "VPC_LINK", connectionId: "nolink" }),
      /nolink does not exist/,
    ],
    ["no link", () => ({ ...http, connectionType: "VPC_LINK" }), /connectionId is required/],
    [
      "a V2 link without target",
      (p) => ({ ...http, connectionType: "VPC_LINK", connectionId: p.link2 }),
      /integrationTarget.*required/,
    ],
    [
      "a V2 link and an unknown balancer",
      (p) => ({
        ...http,
        connectionType: "VPC_LINK",
        connectionId: p.link2,
        integrationTarget: `${p.balancer}0`,
      }),
      /does not exist/,
    ],
    [
      "a V1 link with target",
      (p) => ({ ...http, connectionType: "VPC_LINK", connectionId: p.link1, integrationTarget: p.balancer }),
      /cannot be used/,
    ],
    ["a target without link", (p) => ({ ...http, integrationTarget: p.balancer }), /VPC_LINK/],
    ["a time-out of 49 ms", () => ({ ...http, timeoutInMillis: 49 }), /50 ms and 29000/],
    ["a time-out of 29001 ms", () => ({ ...http, timeoutInMillis: 29001 }), /50 ms and 29000/],
    ["an unknown type", () => ({ ...http, type: "tcp" }), /integration type/],
    ["no method", () => ({ type: "http_proxy", uri: http.uri }), /HTTP method/],
    ["a URI without scheme", () => ({ ...http, uri: "service/a" }), /Invalid HTTP endpoint/],
    [
      "a mapping from an undeclared parameter",
      () => ({ ...http, requestParameters: { "integration.request.path.id": "method.request.path.id" } }),
      /method\.request\.path\.id/,
    ],
    [
      "a mapping to nowhere",
      () => ({ ...http, requestParameters: { "integration.id": "'x'" } }),
      /Invalid mapping/,
    ],
  ];
  for (const [what, integration, words] of cases)
    it(`are refused in a document with ${what}`, () => {
      const p = withLinks();
      p.bench.refuses("BadRequestException", "api", "api", body(document(integration(p))), words);
    });

  it("of both kinds of link are accepted in a document", () => {
    const { bench, link1, link2, balancer } = withLinks();
    const connectionType = "VPC_LINK";
    bench.put("api", "one", body(document({ ...http, connectionType, connectionId: link1 })));
    const v2 = {
      ...http,
      connectionType,
      connectionId: link2,
      integrationTarget: balancer,
      timeoutInMillis: 29000,
    };
    bench.put("api", "two", body(document(v2)));
  });

  it("cannot use another account's link", () => {
    const { bench, link1 } = withLinks();
    const integration = { ...http, connectionType: "VPC_LINK", connectionId: link1 };
    bench.refuses(
      "BadRequestException",
      "api",
      "api",
      body(document(integration)),
      /does not exist/,
      provider,
    );
  });

  it("are refused in the same way as separate resources", () => {
    const { bench, link1, link2, balancer } = withLinks();
    const { id: restApi, outputs } = bench.put("api", "tree", {});
    const resourceId = bench.id("apiResource", "a", {
      restApi,
      parentId: outputs.rootResourceId,
      pathPart: "a",
    });
    bench.put("method", "get", { restApi, resourceId, httpMethod: "GET", authorization: "NONE" });
    const inputs = {
      restApi,
      resourceId,
      httpMethod: "GET",
      type: "HTTP_PROXY",
      integrationHttpMethod: "GET",
      uri: http.uri,
    };
    const linked = { ...inputs, connectionType: "VPC_LINK" };
    bench.refuses("BadRequestException", "integration", "i", { ...linked, connectionId: "nolink" });
    bench.refuses("BadRequestException", "integration", "i", { ...linked, connectionId: link2 });
    bench.refuses("BadRequestException", "integration", "i", {
      ...linked,
      connectionId: link1,
      integrationTarget: balancer,
    });
    bench.refuses("BadRequestException", "integration", "i", { ...inputs, timeoutMilliseconds: 10 });
    bench.refuses("NotFoundException", "integration", "i", { ...inputs, httpMethod: "PUT" });
    bench.put("integration", "i", { ...linked, connectionId: link2, integrationTarget: balancer });
  });
});
