import assert from "node:assert/strict";
import { deployedDocument } from "../../../components/openapi/deployed-document";
import type { IntegrationEndpoint } from "../../../components/openapi/deployed-document";
import { documentHash } from "../../../components/openapi/document-hash";
import { planApi } from "../../../components/openapi/plan-api";
import type { ApiTarget } from "../../../components/openapi/api-plan";
import type { JsonObject } from "../../../components/openapi/openapi-document";
import type { PolicyDocument } from "../../../components/openapi/resource-policy";
import { documentWith, operation, target } from "./fixtures";

const policy: PolicyDocument = { Version: "2012-10-17", Statement: [] };
const responses = { "200": { description: "The target's response" } };

function deployed(targets: ApiTarget[], endpoint: Partial<IntegrationEndpoint> = {}): JsonObject {
  const { plan, problems } = planApi(targets);
  assert.deepEqual(problems, []);
  const endpoints = Object.fromEntries(
    targets.map(({ name }) => [
      name,
      { connectionId: "link1", origin: `http://${name}.internal:9001`, ...endpoint },
    ]),
  );
  return deployedDocument(plan, { title: "gateway", endpoints, policy });
}

describe("the deployed document", () => {
  it("holds paths, parameters, security, integrations and the policy of a target without a document, and nothing else", () => {
    assert.deepEqual(deployed([target("payments")], { integrationTarget: "arn:nlb" }), {
      openapi: "3.0.1",
      info: { title: "gateway", version: "1.0" },
      paths: {
        "/payments": {
          "x-amazon-apigateway-any-method": {
            responses,
            security: [{ sigv4: [] }],
            "x-amazon-apigateway-integration": {
              type: "http_proxy",
              httpMethod: "ANY",
              uri: "http://payments.internal:9001/",
              connectionType: "VPC_LINK",
              connectionId: "link1",
              integrationTarget: "arn:nlb",
              passthroughBehavior: "when_no_match",
              timeoutInMillis: 29_000,
            },
          },
        },
        "/payments/{proxy+}": {
          "x-amazon-apigateway-any-method": {
            parameters: [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }],
            responses,
            security: [{ sigv4: [] }],
            "x-amazon-apigateway-integration": {
              type: "http_proxy",
              httpMethod: "ANY",
              uri: "http://payments.internal:9001/{proxy}",
              connectionType: "VPC_LINK",
              connectionId: "link1",
              integrationTarget: "arn:nlb",
              requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" },
              passthroughBehavior: "when_no_match",
              timeoutInMillis: 29_000,
            },
          },
        },
      },
      components: {
        securitySchemes: {
          sigv4: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
          },
        },
      },
      "x-amazon-apigateway-policy": policy,
    });
  });

  it("maps the variables of a document's path under the names that the API gives them", () => {
    const document = documentWith({ "/a/{id}": ["get"], "/a/{x}/b/{id}": ["post"] });
    const paths = deployed([target("t", { document, timeoutMilliseconds: 50 })]).paths as Record<
      string,
      JsonObject
    >;
    assert.deepEqual(paths["/t/a/{id}/b/{id2}"]?.post, {
      parameters: [
        { name: "id", in: "path", required: true, schema: { type: "string" } },
        { name: "id2", in: "path", required: true, schema: { type: "string" } },
      ],
      responses,
      security: [{ sigv4: [] }],
      "x-amazon-apigateway-integration": {
        type: "http_proxy",
        httpMethod: "POST",
        uri: "http://t.internal:9001/a/{id}/b/{id2}",
        connectionType: "VPC_LINK",
        connectionId: "link1",
        requestParameters: {
          "integration.request.path.id": "method.request.path.id",
          "integration.request.path.id2": "method.request.path.id2",
        },
        passthroughBehavior: "when_no_match",
        timeoutInMillis: 50,
      },
    });
  });

  it("skips the verification of a private authority only where it is asked to", () => {
    const integration = (endpoint: Partial<IntegrationEndpoint>) => {
      const paths = deployed([target("t")], endpoint).paths as Record<string, Record<string, JsonObject>>;
      return paths["/t"]?.["x-amazon-apigateway-any-method"]?.[
        "x-amazon-apigateway-integration"
      ] as JsonObject;
    };
    assert.deepEqual(integration({ insecureSkipVerification: true }).tlsConfig, {
      insecureSkipVerification: true,
    });
    assert.equal("tlsConfig" in integration({ insecureSkipVerification: false }), false);
    assert.equal("integrationTarget" in integration({}), false);
  });

  it("writes one scheme for each distinct authorizer, named after its ARN, and no security for NONE", () => {
    const lambda = "arn:aws-cn:lambda:cn-north-1:111111111111:function:check:live";
    const pool = "arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_a";
    const all = [
      target("a", { authorizer: lambda }),
      target("b", { authorizer: pool }),
      target("c", { authorizer: pool }),
      target("d", { authorizer: "NONE" }),
    ];
    const document = deployed(all);
    const { securitySchemes } = document.components as { securitySchemes: JsonObject };
    const names = Object.keys(securitySchemes).sort();
    assert.equal(names.length, 2);
    assert.match(names[0] ?? "", /^cognito[0-9a-f]{12}$/);
    assert.match(names[1] ?? "", /^lambda[0-9a-f]{12}$/);
    assert.deepEqual(securitySchemes[names[0] ?? ""], {
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": "cognito_user_pools",
      "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [pool] },
    });
    assert.deepEqual(securitySchemes[names[1] ?? ""], {
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": "custom",
      "x-amazon-apigateway-authorizer": {
        type: "request",
        identitySource: "method.request.header.Authorization",
        authorizerResultTtlInSeconds: 0,
        authorizerUri: `arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/${lambda}/invocations`,
      },
    });
    const paths = document.paths as Record<string, Record<string, JsonObject>>;
    assert.deepEqual(paths["/d"]?.["x-amazon-apigateway-any-method"]?.security, []);
    assert.deepEqual(paths["/c"]?.["x-amazon-apigateway-any-method"]?.security, [{ [names[0] ?? ""]: [] }]);
    const alone = deployed([target("c", { authorizer: pool })]).components as { securitySchemes: JsonObject };
    assert.deepEqual(Object.keys(alone.securitySchemes), [names[0]]);
  });

  it("fails when a target has no endpoint, even one named like a property of every object", () => {
    for (const name of ["t", "constructor"]) {
      const { plan } = planApi([target(name)]);
      assert.throws(() => deployedDocument(plan, { title: "x", endpoints: {}, policy }), {
        message: `target ${name} has no endpoint`,
      });
    }
  });

  it("changes its hash with what the API does and with nothing else", () => {
    const hash = (summary: string, parameter: string, method = "get") => {
      const parameters = [
        { name: parameter, in: "query", description: summary, schema: { type: "integer" } },
      ];
      const document = documentWith(
        { "/a": { description: summary, [method]: operation({ summary, parameters }) } },
        {
          info: { title: summary, version: summary },
          components: { schemas: { [summary]: { type: "object" } } },
        },
      );
      return documentHash(deployed([target("t", { document })]));
    };
    assert.equal(hash("one", "limit"), hash("two", "limit"));
    assert.notEqual(hash("one", "limit"), hash("one", "size"));
    assert.notEqual(hash("one", "limit"), hash("one", "limit", "post"));
    assert.notEqual(
      documentHash(deployed([target("t")], { connectionId: "link2" })),
      documentHash(deployed([target("t")])),
    );
  });
});

describe("the document hash", () => {
  it("is the SHA-256 of the JSON text with sorted keys", () => {
    // printf '{"a":[1,{"c":null,"d":"x"}],"b":true}' | sha256sum
    const expected = "f6658db83e97a2fdd06cd6f6f955685cab902bd0bb29f1fba8ecd342f46352e3";
    assert.equal(documentHash({ b: true, a: [1, { d: "x", c: null, e: undefined }] }), expected);
    assert.notEqual(documentHash([1, 2]), documentHash([2, 1]));
  });
});
