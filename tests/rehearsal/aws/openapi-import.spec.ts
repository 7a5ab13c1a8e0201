import assert from "node:assert/strict";
import { stringify } from "yaml";
import { importDocument } from "../../../rehearsal/aws/openapi-import";
import { Bench } from "./bench";

type Json = Record<string, unknown>;

const operation = { "x-amazon-apigateway-integration": { type: "mock" } };

function document(more: Json = {}): Json {
  return {
    openapi: "3.0.1",
    info: { title: "t", version: "1" },
    paths: { "/a": { get: operation } },
    ...more,
  };
}

function paths(...names: string[]): Json {
  return document({ paths: Object.fromEntries(names.map((name) => [name, { get: operation }])) });
}

const errors: [what: string, document: Json | string, words: RegExp][] = [
  ["text that is neither JSON nor YAML", "{", /malformed/],
  ["OpenAPI 3.1", document({ openapi: "3.1.0" }), /Unsupported OpenAPI version '3\.1\.0'/],
  ["Swagger 1.2", { swagger: "1.2", info: { title: "t", version: "1" }, paths: {} }, /'1\.2'/],
  ["no title", document({ info: { version: "1" } }), /info\.title is missing/],
  ["no version", document({ info: { title: "t" } }), /info\.version is missing/],
  ["no paths", document({ paths: undefined }), /paths is missing/],
  ["siblings with different variables", paths("/a/{id}", "/a/{name}/b"), /sibling \(\{id\}\)/],
  ["a variable that is part of a segment", paths("/files/{id}.json"), /path part only allow/],
  ["a character that paths cannot have", paths("/a(b)"), /path part only allow/],
  ["a greedy variable that is not last", paths("/{proxy+}/a"), /greedy path variable/],
  ["a path without slash", paths("a"), /must begin with/],
  ["a double slash", paths("/a//b"), /path part only allow/],
  ["TRACE", document({ paths: { "/a": { trace: operation } } }), /'TRACE'.*Invalid HTTP method/],
  ["a reference to another file", paths("/a"), /other files/],
  [
    "a model name with an underscore",
    document({ components: { schemas: { a_b: {} } } }),
    /Unable to create model for 'a_b': Model name must be alphanumeric: a_b/,
  ],
  ["an undefined security scheme", document({ security: [{ nobody: [] }] }), /'nobody' is not defined/],
  [
    "an authorizer without URI",
    document({
      security: [{ x: [] }],
      components: { securitySchemes: { x: { "x-amazon-apigateway-authorizer": { type: "token" } } } },
    }),
    /authorizerUri is required/,
  ],
];

const warnings: [what: string, document: Json, words: RegExp][] = [
  ["a method without integration", document({ paths: { "/a": { get: {} } } }), /No integration defined/],
  [
    "a reference to no model",
    document({ components: { schemas: { a: { $ref: "#/components/schemas/b" } } } }),
    /not found/,
  ],
  [
    "an operation id twice",
    document({
      paths: { "/a": { get: { ...operation, operationId: "x" }, put: { ...operation, operationId: "x" } } },
    }),
    /operationId is repeated/,
  ],
  [
    "a cookie parameter",
    document({ paths: { "/a": { get: { ...operation, parameters: [{ in: "cookie", name: "c" }] } } } }),
    /'cookie'/,
  ],
];

describe("simulated OpenAPI import", () => {
  for (const [what, given, words] of errors)
    it(`refuses ${what}`, () => {
      const withReference =
        words.source === "other files"
          ? { ...(given as Json), components: { schemas: { a: { $ref: "other.yaml#/b" } } } }
          : given;
      const body = typeof withReference === "string" ? withReference : JSON.stringify(withReference);
      new Bench().refuses("BadRequestException", "api", "api", { body }, words);
    });

  for (const [what, given, words] of warnings)
    it(`accepts ${what} with a warning, and refuses it when warnings are errors`, () => {
      const body = JSON.stringify(given);
      assert.equal(new Bench().put("api", "api", { body }).change, "create");
      new Bench().refuses("BadRequestException", "api", "api", { body, failOnWarnings: true }, words);
    });

  it("reads YAML as JSON, and OpenAPI 2.0 as 3.0", () => {
    const text = importDocument(stringify(paths("/a/{id}", "/a")));
    assert.deepEqual(text.errors, []);
    assert.deepEqual(text.resourcePaths, ["/", "/a", "/a/{id}"]);
    const old = { swagger: "2.0", info: { title: "t", version: "1" }, paths: { "/a": { get: operation } } };
    assert.deepEqual(
      importDocument(JSON.stringify(old)).methods.map((m) => [m.path, m.httpMethod, m.integrated]),
      [["/a", "GET", true]],
    );
  });

  it("reads a version that YAML takes for a number", () => {
    assert.deepEqual(
      importDocument("swagger: 2.0\ninfo: { title: t, version: '1' }\npaths: {}\n").errors,
      [],
    );
  });

  it("takes any-method, greedy paths and parameters of the path item", () => {
    const item = {
      parameters: [{ in: "path", name: "proxy" }],
      "x-amazon-apigateway-any-method": { parameters: [{ in: "query", name: "q" }], ...operation },
    };
    const { errors: found, methods } = importDocument(
      JSON.stringify(document({ paths: { "/b/{proxy+}": item } })),
    );
    assert.deepEqual(found, []);
    assert.equal(methods[0]?.httpMethod, "ANY");
    assert.deepEqual(methods[0]?.declared, ["method.request.path.proxy", "method.request.querystring.q"]);
  });
});
