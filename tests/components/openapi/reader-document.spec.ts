import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { loadDocument } from "../../../components/openapi/load-document";
import { planApi } from "../../../components/openapi/plan-api";
import { readerDocument } from "../../../components/openapi/reader-document";
import type { ApiTarget } from "../../../components/openapi/api-plan";
import type { JsonObject, OpenApiDocument } from "../../../components/openapi/openapi-document";
import { documentWith, operation, target } from "./fixtures";

function reader(targets: ApiTarget[]): OpenApiDocument {
  const { plan, problems } = planApi(targets);
  assert.deepEqual(problems, []);
  return readerDocument(plan, { title: "Bank", version: "7", serverUrl: "https://api.example/v1" });
}

async function assertValid(document: OpenApiDocument): Promise<void> {
  assert.deepEqual((await loadDocument(JSON.stringify(document), "merged.json")).problems, []);
}

const item = (schema: JsonObject) => ({
  get: operation({
    responses: { "200": { description: "ok", content: { "application/json": { schema } } } },
  }),
});
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe("the document for readers", () => {
  it("writes a provider's operation below the base path, with the API's security and variable names", () => {
    const document = documentWith(
      {
        "/a/{id}": ["get"],
        "/a/{key}/b": {
          summary: "for everybody",
          parameters: [
            { name: "key", in: "path", required: true, description: "The key", schema: reference("Key") },
          ],
          get: operation({
            operationId: "getB",
            summary: "One b",
            tags: ["Bs"],
            servers: [{ url: "/elsewhere" }],
            security: [{ own: [] }],
            "x-amazon-apigateway-integration": { uri: "http://secret" },
            parameters: [{ $ref: "#/components/parameters/Page" }],
          }),
        },
      },
      {
        tags: [{ name: "Bs", description: "All the bs" }],
        components: {
          schemas: { Key: { type: "string" } },
          parameters: { Page: { name: "page", in: "query", schema: { type: "integer" } } },
          securitySchemes: { own: { type: "http", scheme: "basic" } },
        },
      },
    );
    const merged = reader([target("t", { document })]);
    assert.deepEqual(merged.paths?.["/t/a/{id}/b"], {
      get: {
        operationId: "t.getB",
        summary: "One b",
        tags: ["t.Bs"],
        parameters: [
          {
            name: "id",
            in: "path",
            required: true,
            description: "The key",
            schema: { $ref: "#/components/schemas/t.Key" },
          },
          { $ref: "#/components/parameters/t.Page" },
        ],
        responses: { "200": { description: "ok" } },
        security: [{ sigv4: [] }],
      },
    });
    assert.deepEqual(merged.components, {
      schemas: { "t.Key": { type: "string" } },
      parameters: { "t.Page": { name: "page", in: "query", schema: { type: "integer" } } },
      securitySchemes: {
        sigv4: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          description: "AWS Signature Version 4, service execute-api",
        },
      },
    });
    assert.deepEqual(merged.tags, [
      { name: "t", description: "A provider" },
      { name: "t.Bs", description: "All the bs" },
    ]);
    assert.deepEqual(
      [merged.openapi, merged.info, merged.servers],
      ["3.0.3", { title: "Bank", version: "7" }, [{ url: "https://api.example/v1" }]],
    );
  });

  it("keeps components of the same name apart, even of targets whose names meet", () => {
    const document = (type: string) =>
      documentWith({ "/a": item(reference("Thing")) }, { components: { schemas: { Thing: { type } } } });
    const merged = reader([
      target("x.y", { basePath: "/1", document: document("string") }),
      target("x_y", { basePath: "/2", document: document("object") }),
    ]);
    assert.deepEqual(merged.components?.schemas, {
      "x_y.Thing": { type: "string" },
      "x_y_2.Thing": { type: "object" },
    });
  });

  it("leaves data alone, and rewrites references in discriminators, links, callbacks and examples", () => {
    const data = { $ref: "#/components/schemas/Thing", operationId: "mine", nullable: true };
    const document = documentWith(
      {
        "/a": {
          post: operation({
            operationId: "make",
            responses: {
              default: {
                description: "ok",
                content: {
                  "application/json": {
                    schema: { default: data, enum: [data], example: data },
                    examples: { one: { value: data } },
                  },
                },
                links: { next: { operationId: "make", parameters: { default: data } } },
              },
            },
            callbacks: {
              done: {
                "{$request.body#/url}": { post: operation({ operationId: "done", security: [{ own: [] }] }) },
              },
            },
          }),
        },
      },
      {
        components: {
          schemas: {
            Thing: {
              type: "object",
              properties: {
                default: reference("Thing"),
                security: { type: "array" },
                kind: { type: "string" },
              },
            },
            Any: {
              oneOf: [reference("Thing")],
              discriminator: {
                propertyName: "kind",
                mapping: { a: "Thing", b: "#/components/schemas/Thing" },
              },
            },
          },
        },
      },
    );
    const merged = reader([target("t", { document })]);
    const post = (merged.paths?.["/t/a"] as Record<string, JsonObject>).post;
    assert.deepEqual(post?.responses, {
      default: {
        description: "ok",
        content: {
          "application/json": {
            schema: { default: data, enum: [data], example: data },
            examples: { one: { value: data } },
          },
        },
        links: { next: { operationId: "t.make", parameters: { default: data } } },
      },
    });
    assert.deepEqual(post?.callbacks, {
      done: { "{$request.body#/url}": { post: operation({ operationId: "t.done" }) } },
    });
    assert.deepEqual(merged.components?.schemas, {
      "t.Thing": {
        type: "object",
        properties: {
          default: { $ref: "#/components/schemas/t.Thing" },
          security: { type: "array" },
          kind: { type: "string" },
        },
      },
      "t.Any": {
        oneOf: [{ $ref: "#/components/schemas/t.Thing" }],
        discriminator: { propertyName: "kind", mapping: { a: "t.Thing", b: "#/components/schemas/t.Thing" } },
      },
    });
  });

  it("gives a schema that another path owns a name of its own", () => {
    const shared = {
      type: "object",
      properties: { again: { $ref: "#/paths/~1a/get/responses/200/content/application~1json/schema" } },
    };
    const document = documentWith({ "/a": item(shared), "/b": item({ $ref: shared.properties.again.$ref }) });
    const merged = reader([target("t", { document })]);
    const hoisted = { $ref: "#/components/schemas/t.Shared1" };
    assert.deepEqual(merged.paths?.["/t/b"], {
      get: { ...item(hoisted).get, tags: ["t"], security: [{ sigv4: [] }] },
    });
    assert.deepEqual(merged.components?.schemas, {
      "t.Shared1": { type: "object", properties: { again: hoisted } },
    });
  });

  it("becomes OpenAPI 3.1 with one provider of 3.1 and then writes the others' schemas in its way", async () => {
    const older = documentWith(
      { "/a": item(reference("Old")) },
      {
        components: {
          schemas: {
            Old: {
              type: "object",
              properties: {
                a: { type: "string", nullable: true },
                b: { type: "number", minimum: 1, exclusiveMinimum: true },
                c: { type: "number", maximum: 9, exclusiveMaximum: false },
                nullable: { type: "boolean", nullable: false },
              },
            },
          },
        },
      },
    );
    const newer = documentWith({ "/a": item({ type: ["string", "null"] }) }, { openapi: "3.1.0" });
    const merged = reader([target("old", { document: older }), target("new", { document: newer })]);
    assert.equal(merged.openapi, "3.1.0");
    assert.deepEqual(merged.components?.schemas, {
      "old.Old": {
        type: "object",
        properties: {
          a: { type: ["string", "null"] },
          b: { type: "number", exclusiveMinimum: 1 },
          c: { type: "number", maximum: 9 },
          nullable: { type: "boolean" },
        },
      },
    });
    await assertValid(merged);
  });

  it("lists a target without a document with every method, and states who may call", async () => {
    const pool = "arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_a";
    const check = "arn:aws:lambda:us-east-1:111111111111:function:check";
    const merged = reader([
      target("open", { authorizer: "NONE" }),
      target("users", { authorizer: pool }),
      target("guarded", { authorizer: check }),
    ]);
    assert.deepEqual(Object.keys(merged.paths ?? {}), [
      "/guarded",
      "/guarded/{proxy}",
      "/open",
      "/open/{proxy}",
      "/users",
      "/users/{proxy}",
    ]);
    const below = merged.paths?.["/open/{proxy}"] as Record<string, JsonObject>;
    assert.deepEqual(Object.keys(below).sort(), ["delete", "get", "head", "options", "patch", "post", "put"]);
    assert.deepEqual(below.get, {
      operationId: "open.getBelow",
      summary: "Any path below /open, passed on as it is",
      tags: ["open"],
      parameters: [
        {
          name: "proxy",
          in: "path",
          required: true,
          description: "One or more path parts",
          schema: { type: "string" },
        },
      ],
      responses: { default: { description: "The target's response" } },
      security: [],
    });
    const schemes = Object.values(merged.components?.securitySchemes as Record<string, JsonObject>);
    assert.deepEqual(schemes.map(({ description }) => description).sort(), [
      // Page "Integrate a REST API with an Amazon Cognito user pool": a method without scopes takes ID tokens.
      "An ID token of the Amazon Cognito user pool",
      "The credentials that the API's authorizer expects",
    ]);
    await assertValid(merged);
  });

  it("stays valid for the bank's payments document beside a target without one", async () => {
    const file = "examples/bank/payments.openapi.yaml";
    const { document } = await loadDocument(readFileSync(file, "utf8"), file);
    assert.ok(document);
    const merged = reader([target("payments", { document }), target("cards")]);
    await assertValid(merged);
    assert.equal(JSON.stringify(merged).includes("x-amazon-"), false);
  });
});
