import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  CentralGateway,
  type CentralGatewayArgs,
  type GatewayRouteArgs,
} from "../../components/central-gateway";
import { sharedBalancer, targetOn } from "../support/fixtures";
import { type Run, type RunOptions, succeed, unknownValue, type Values } from "../support/mocks";
import { documentWith } from "./openapi/fixtures";
import { all, find, inputs, label, listOf, refusal, without } from "../support/questions";

type Method = Record<string, Values>;
type Body = { paths: Record<string, Record<string, Method>>; "x-amazon-apigateway-policy": unknown };

const own = { account: "111111111111", region: "us-east-1" };

/** The central API in front of `shop` (own settings) and `cards`, on a balancer with a link of the version given. */
function program(
  version: "V1" | "V2" = "V2",
  route: Omit<GatewayRouteArgs, "target"> = {},
  more: Partial<CentralGatewayArgs> = {},
) {
  return () => {
    const balancer = sharedBalancer(version);
    const shop = targetOn(balancer, "shop", { listenerPort: 9001 });
    const https = { scheme: "https", serverName: "cards.example", privateCa: true, addresses: ["10.50.0.9"] };
    const cards = targetOn(balancer, "cards", { listenerPort: 9002, ...https });
    const routes = [{ target: shop, ...route }, { target: cards }];
    const { restApiId, url, readerDocument } = new CentralGateway("api", { ...own, routes, ...more });
    return { restApiId, url, readerDocument };
  };
}

function bodyOf(result: Run): Body {
  return JSON.parse(String(inputs(result, "apigateway.RestApi api-api").body)) as Body;
}

function integrationsOf(result: Run): Record<string, Values> {
  return Object.fromEntries(
    Object.entries(bodyOf(result).paths).map(([path, methods]) => [
      path,
      methods["x-amazon-apigateway-any-method"]?.["x-amazon-apigateway-integration"] ?? {},
    ]),
  );
}

async function triggerOf(run: () => Values, options: RunOptions = {}): Promise<string> {
  const { triggers } = inputs(await succeed(run, options), "apigateway.Deployment api-deployment");
  return String((triggers as Values).document);
}

describe("CentralGateway", () => {
  it("registers one API, deployment, stage, log group and throttling, whatever the number of targets", async () => {
    const result = await succeed(program());
    const own = result.resources.filter(({ name }) => name === "api" || name.startsWith("api-"));
    assert.deepEqual(listOf({ resources: own }), [
      "CentralGateway api",
      "apigateway.Deployment api-deployment",
      "apigateway.MethodSettings api-methods",
      "apigateway.RestApi api-api",
      "apigateway.Stage api-stage",
      "cloudwatch.LogGroup api-access",
    ]);
    for (const { name, parent } of own)
      if (name !== "api") assert.equal(label(parent), "CentralGateway api", name);
    assert.equal(result.outputs.restApiId, "api-api-id");
    assert.equal(result.outputs.url, "https://api-stage.example/live");
  });

  it("is regional, takes import warnings for errors, and names what an import would reset", async () => {
    const rest = without(inputs(await succeed(program()), "apigateway.RestApi api-api"), "body", "policy");
    assert.deepEqual(rest, {
      endpointConfiguration: { types: "REGIONAL" },
      failOnWarnings: true,
      putRestApiMode: "overwrite",
      apiKeySource: "HEADER",
      disableExecuteApiEndpoint: false,
      binaryMediaTypes: ["*/*"],
    });
  });

  it("passes bodies of every media type as they are, from an argument that outlives each import", async () => {
    // Page "Content type conversions in API Gateway": a body is a UTF-8 string unless its type is a binary one.
    const result = await succeed(program());
    assert.deepEqual(inputs(result, "apigateway.RestApi api-api").binaryMediaTypes, ["*/*"]);
    assert.equal("x-amazon-apigateway-binary-media-types" in bodyOf(result), false);
  });

  for (const [version, connectionId, target] of [
    ["V1", "lb-v1-id", {}],
    ["V2", "link-v2-id", { integrationTarget: "lb-nlb-arn" }],
  ] as const) {
    it(`imports integrations through a ${version} link, with scheme, host, port and path of each target`, async () => {
      const common = {
        type: "http_proxy",
        httpMethod: "ANY",
        connectionType: "VPC_LINK",
        connectionId,
        ...target,
        passthroughBehavior: "when_no_match",
        timeoutInMillis: 29_000,
      };
      const proxy = { requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" } };
      const skip = { tlsConfig: { insecureSkipVerification: true } };
      assert.deepEqual(integrationsOf(await succeed(program(version))), {
        "/shop": { ...common, uri: "http://lb-nlb.example:9001/" },
        "/shop/{proxy+}": { ...common, ...proxy, uri: "http://lb-nlb.example:9001/{proxy}" },
        "/cards": { ...common, ...skip, uri: "https://cards.example:9002/" },
        "/cards/{proxy+}": { ...common, ...proxy, ...skip, uri: "https://cards.example:9002/{proxy}" },
      });
    });
  }

  it("authorises every method with IAM unless a target's authorizer says otherwise", async () => {
    const securities = async (authorizer?: string) => {
      const route = authorizer === undefined ? {} : { authorizer };
      const { paths } = bodyOf(await succeed(program("V2", route)));
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.values(methods).map((method) => [path, method.security]),
      );
    };
    const iam = [{ sigv4: [] }];
    const withCards = [
      ["/cards", iam],
      ["/cards/{proxy+}", iam],
    ];
    const shopWith = (security: unknown) => [
      ["/shop", security],
      ["/shop/{proxy+}", security],
    ];
    assert.deepEqual(await securities(), [...withCards, ...shopWith(iam)]);
    assert.deepEqual(await securities("NONE"), [...withCards, ...shopWith([])]);
    const lambda = await securities("arn:aws:lambda:us-east-1:111111111111:function:check");
    assert.match(JSON.stringify(lambda[2]), /^\["\/shop",\[\{"lambda[0-9a-f]{12}":\[\]\}\]\]$/);
  });

  it("writes one and the same policy into the document and into the API's own argument", async () => {
    const callers = {
      accounts: ["666666666666"],
      organization: "o-abcdefghij",
      roles: ["arn:aws:iam::777777777777:role/caller"],
    };
    const everything = "arn:aws:execute-api:us-east-1:111111111111:*/*";
    const allow = { Effect: "Allow", Action: "execute-api:Invoke", Resource: everything };
    const result = await succeed(program("V2", { authorizer: "NONE" }, { callers }));
    const expected = {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Callers",
          ...allow,
          Principal: {
            AWS: ["arn:aws:iam::666666666666:root", "arn:aws:iam::777777777777:role/caller"],
          },
        },
        {
          Sid: "Organisations",
          ...allow,
          Principal: "*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } },
        },
        {
          Sid: "WithoutIamIdentity",
          ...allow,
          Principal: "*",
          Resource: [`${everything}/*/shop`, `${everything}/*/shop/*`],
          Condition: { Null: { "aws:PrincipalArn": "true" } },
        },
      ],
    };
    assert.deepEqual(bodyOf(result)["x-amazon-apigateway-policy"], expected);
    assert.deepEqual(JSON.parse(String(inputs(result, "apigateway.RestApi api-api").policy)), expected);
    const alone = bodyOf(await succeed(program()))["x-amazon-apigateway-policy"] as { Statement: Values[] };
    assert.deepEqual(
      alone.Statement.map(({ Principal }) => Principal),
      [{ AWS: "arn:aws:iam::111111111111:root" }],
    );
  });

  it("stages its deployment with X-Ray, JSON access logs and throttling for every method", async () => {
    const result = await succeed(
      program(
        "V2",
        {},
        { stageName: "v1", throttling: { rateLimit: 7, burstLimit: 3 }, logRetentionDays: 5 },
      ),
    );
    const { accessLogSettings, ...stage } = inputs(result, "apigateway.Stage api-stage");
    assert.deepEqual(stage, {
      restApi: "api-api-id",
      deployment: "api-deployment-id",
      stageName: "v1",
      xrayTracingEnabled: true,
    });
    const { destinationArn, format } = accessLogSettings as { destinationArn: string; format: string };
    assert.equal(destinationArn, "api-access-arn");
    const line = JSON.parse(format) as Record<string, string>;
    for (const [key, variable] of Object.entries({
      requestId: "$context.requestId",
      extendedRequestId: "$context.extendedRequestId",
      caller: "$context.identity.userArn",
      target: "$context.resourcePath",
      integrationStatus: "$context.integration.status",
      integrationLatency: "$context.integration.latency",
    }))
      assert.equal(line[key], variable);
    assert.equal(inputs(result, "cloudwatch.LogGroup api-access").retentionInDays, 5);
    assert.deepEqual(inputs(result, "apigateway.MethodSettings api-methods"), {
      restApi: "api-api-id",
      stageName: "v1",
      methodPath: "*/*",
      settings: { throttlingRateLimit: 7, throttlingBurstLimit: 3, metricsEnabled: true },
    });
    const defaults = await succeed(program());
    assert.deepEqual(inputs(defaults, "apigateway.MethodSettings api-methods").settings, {
      throttlingRateLimit: 1000,
      throttlingBurstLimit: 500,
      metricsEnabled: true,
    });
    assert.equal(inputs(defaults, "apigateway.Stage api-stage").stageName, "live");
    assert.equal(inputs(defaults, "cloudwatch.LogGroup api-access").retentionInDays, 90);
  });

  it("deploys only after every listener, attachment and rule of every target and of its balancer", async () => {
    const result = await succeed(program());
    const waited = new Set(find(result, "apigateway.Deployment api-deployment").dependencies.map(label));
    for (const target of ["shop", "cards"]) {
      const address = target === "shop" ? "10.20.1.10" : "10.50.0.9";
      for (const expected of [
        `lb.Listener ${target}-listener`,
        `lb.TargetGroupAttachment ${target}-attachment-${address}`,
        `vpc.SecurityGroupEgressRule lb-to-${address}-8080`,
        `vpc.SecurityGroupIngressRule ${target}-from-link`,
      ])
        assert.ok(waited.has(expected), `${expected} not among ${[...waited].join(", ")}`);
    }
    assert.ok(waited.has("vpc.SecurityGroupEgressRule lb-from-link"));
    assert.ok(waited.has("apigateway.RestApi api-api"));
  });

  it("logs only after the account's role may write, where the same stack owns that setting", async () => {
    const result = await succeed(() => {
      const loggingRole = new aws.apigateway.Account("logging", {});
      return program("V2", {}, { loggingRole })();
    });
    const waited = find(result, "apigateway.Stage api-stage").dependencies.map(label);
    assert.ok(waited.includes("apigateway.Account logging"), waited.join(", "));
  });

  it("gives readers the merged document with the stage's URL as server", async () => {
    const { readerDocument } = (await succeed(program())).outputs;
    const document = JSON.parse(String(readerDocument)) as { servers: unknown; paths: Values };
    assert.deepEqual(document.servers, [{ url: "https://api-stage.example/live" }]);
    assert.ok("/shop" in document.paths && "/cards" in document.paths);
  });

  it("has one unknown body, and the same resources, in a preview in which no id is known", async () => {
    const preview = await succeed(program(), { preview: true });
    assert.deepEqual(listOf(preview), listOf(await succeed(program())));
    assert.equal(inputs(preview, "apigateway.RestApi api-api").body, unknownValue);
    assert.deepEqual(all(preview, "apigateway.Deployment")[0]?.inputs.triggers, { document: unknownValue });
  });
});

describe("the redeployment trigger of CentralGateway", () => {
  const document = documentWith(
    { "/a": ["get", "post"], "/b/{id}": ["get"] },
    { components: { schemas: {} } },
  );
  const reordered = {
    components: { schemas: {} },
    paths: Object.fromEntries(Object.entries(document.paths ?? {}).reverse()),
    info: { version: "99", title: "Another title", description: "Another text" },
    openapi: "3.0.3",
  };

  it("changes with link, port, path, authorizer, policy and time-out", async () => {
    const base = await triggerOf(program());
    const changed = {
      link: await triggerOf(program(), { ids: { "link-v2": "another-link" } }),
      version: await triggerOf(program("V1")),
      timeout: await triggerOf(program("V2", { timeoutMilliseconds: 28_999 })),
      authorizer: await triggerOf(program("V2", { authorizer: "NONE" })),
      policy: await triggerOf(program("V2", {}, { callers: { accounts: ["666666666666"] } })),
      prefix: await triggerOf(program("V2", { pathPrefix: "/v1" })),
      document: await triggerOf(program("V2", { document })),
      port: await triggerOf(single({ listenerPort: 9009 })),
      path: await triggerOf(single({ listenerPort: 9001, basePath: "/other" })),
      single: await triggerOf(single({ listenerPort: 9001 })),
    };
    const hashes = [base, ...Object.values(changed)];
    assert.equal(new Set(hashes).size, hashes.length, JSON.stringify(changed));
    for (const hash of hashes) assert.match(hash, /^[0-9a-f]{64}$/);
  });

  it("stays with another order of targets, document keys or texts, and with what is not the API's", async () => {
    const base = await triggerOf(program());
    assert.equal(await triggerOf(program()), base);
    assert.equal(await triggerOf(swapped), base);
    assert.equal(
      await triggerOf(program("V2", {}, { throttling: { rateLimit: 1 }, logRetentionDays: 1 })),
      base,
    );
    assert.equal(await triggerOf(program("V2", {}, { callers: { accounts: ["111111111111"] } })), base);
    assert.equal(
      await triggerOf(program("V2", { document: reordered })),
      await triggerOf(program("V2", { document })),
    );
  });

  function single(more: Parameters<typeof targetOn>[2]) {
    return () => {
      new CentralGateway("api", {
        ...own,
        routes: [{ target: targetOn(sharedBalancer("V2"), "shop", more) }],
      });
      return {};
    };
  }

  function swapped() {
    const balancer = sharedBalancer("V2");
    const https = { scheme: "https", serverName: "cards.example", privateCa: true, addresses: ["10.50.0.9"] };
    const cards = targetOn(balancer, "cards", { ...https, provider: "someone", listenerPort: 9002 });
    const shop = targetOn(balancer, "shop", { listenerPort: 9001, addresses: ["10.20.1.99"], port: 81 });
    new CentralGateway("api", { ...own, routes: [{ target: cards }, { target: shop }] });
    return {};
  }
});

describe("wrong arguments of CentralGateway", () => {
  it("are refused all at once", async () => {
    const callers = { accounts: ["1"], roles: ["arn:aws:iam::777777777777:role/*"] };
    const route = { authorizer: "IAM", timeoutMilliseconds: 29_001 };
    const found = await refusal(program("V2", route, { callers }));
    const text = found.map(({ reason }) => reason).join("\n");
    assert.equal(found.length, 4, text);
    assert.match(text, /given: IAM; allowed: AWS_IAM, NONE/);
    assert.match(text, /given: 29001; allowed: .* from 50 to 29000/);
    assert.match(text, /given: "1"; allowed: an account id/);
    assert.match(text, /must not be a pattern; given: "arn:aws:iam::777777777777:role\/\*"/);
  });

  it("are refused: settings that AWS would refuse once the targets are there", async () => {
    const found = await refusal(
      program(
        "V2",
        {},
        {
          account: "11111111111",
          region: "Virginia",
          stageName: "v1.0",
          throttling: { rateLimit: 0, burstLimit: 1.5 },
          logRetentionDays: 91,
        },
      ),
    );
    assert.deepEqual(
      found.map(({ where }) => where),
      ["account", "region", "stageName", "throttling.rateLimit", "throttling.burstLimit", "logRetentionDays"],
    );
    assert.match(found[5]?.reason ?? "", /given: 91; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120,/);
  });

  it("are refused: no target, and two below one path", async () => {
    const none = await refusal(() => new CentralGateway("api", { ...own, routes: [] }));
    assert.deepEqual(
      none.map(({ where }) => where),
      ["routes"],
    );
    const both = await refusal(() => {
      const balancer = sharedBalancer("V2");
      const routes = ["a", "b"].map((name) => ({ target: targetOn(balancer, name, { basePath: "/same" }) }));
      new CentralGateway("api", { ...own, routes });
    });
    assert.equal(both.length, 1);
    assert.match(both[0]?.reason ?? "", /\/same/);
  });
});
