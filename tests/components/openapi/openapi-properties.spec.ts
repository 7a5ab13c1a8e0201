import assert from "node:assert/strict";
import fc from "fast-check";
import type { ApiTarget } from "../../../components/openapi/api-plan";
import { deployedDocument } from "../../../components/openapi/deployed-document";
import { documentHash } from "../../../components/openapi/document-hash";
import { loadDocument } from "../../../components/openapi/load-document";
import { planApi } from "../../../components/openapi/plan-api";
import { readerDocument } from "../../../components/openapi/reader-document";
import type { JsonObject } from "../../../components/openapi/openapi-document";
import { documentWith, operation, target } from "./fixtures";

/** A path of up to four parts; a variable's name is distinct within the path, so that the document is valid. */
const path = fc
  .array(fc.tuple(fc.constantFrom("text", "variable"), fc.constantFrom("id", "key", "id2", "x")), {
    maxLength: 4,
  })
  .filter(
    (parts) =>
      new Set(parts.filter(([kind]) => kind === "variable").map(([, name]) => name)).size ===
      parts.filter(([kind]) => kind === "variable").length,
  )
  .map((parts) => `/${parts.map(([kind, name]) => (kind === "variable" ? `{${name}}` : name)).join("/")}`);

function fullItem(template: string, methods: readonly string[]): JsonObject {
  const variables = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { $ref: "#/components/schemas/Text" },
  }));
  return Object.fromEntries(
    methods.map((method) => [method, operation(variables.length === 0 ? {} : { parameters: variables })]),
  );
}

const items = fc.dictionary(
  path,
  fc.uniqueArray(fc.constantFrom("get", "post", "delete"), { minLength: 1 }),
  { minKeys: 1, maxKeys: 8 },
);

const targets: fc.Arbitrary<ApiTarget[]> = fc
  .array(fc.option(items, { nil: undefined }), { minLength: 1, maxLength: 4 })
  .map((all) =>
    all.map((paths, at) => {
      if (paths === undefined) return target(`t${at}`);
      // Two spellings of one path with a method in common are a mistake with a test of its own: the first one counts.
      const seen = new Set<string>();
      const distinct = Object.entries(paths).flatMap(([template, methods]): [string, JsonObject][] => {
        const left = methods.filter((method) => !seen.has(method + template.replace(/\{\w+\}/g, "{}")));
        for (const method of left) seen.add(method + template.replace(/\{\w+\}/g, "{}"));
        return left.length === 0 ? [] : [[template, fullItem(template, left)]];
      });
      return target(`t${at}`, {
        document: documentWith(Object.fromEntries(distinct), {
          components: { schemas: { Text: { type: "string" } } },
        }),
      });
    }),
  );

function deployed(all: ApiTarget[]): JsonObject {
  const { plan, problems } = planApi(all);
  assert.deepEqual(problems, []);
  const endpoints = Object.fromEntries(
    all.map(({ name }) => [name, { connectionId: "link", origin: `http://${name}:80` }]),
  );
  return deployedDocument(plan, { title: "x", endpoints, policy: { Version: "2012-10-17", Statement: [] } });
}

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

function operations(document: JsonObject): { path: string; operation: JsonObject }[] {
  const paths = document.paths as Record<string, Record<string, JsonObject>>;
  return Object.entries(paths).flatMap(([at, methods]) =>
    Object.values(methods).map((item) => ({ path: at, operation: item })),
  );
}

const variablesOf = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\+?\}/g)].map(([, name = ""]) => name);

describe("whatever the providers' documents", () => {
  it("the order of targets and of keys changes neither the text of the deployed document nor its hash", () => {
    fc.assert(
      fc.property(targets, (all) => {
        const turned = [...all].reverse().map((one) => reversed(one) as ApiTarget);
        assert.deepEqual(JSON.stringify(deployed(turned)), JSON.stringify(deployed(all)));
        assert.equal(documentHash(reversed(deployed(all))), documentHash(deployed(all)));
      }),
      { numRuns: 60 },
    );
  });

  it("every variable of every path is declared, mapped, and used in the address that the target gets", () => {
    fc.assert(
      fc.property(targets, (all) => {
        for (const { path: at, operation: item } of operations(deployed(all))) {
          const integration = item["x-amazon-apigateway-integration"] as {
            uri: string;
            requestParameters?: Record<string, string>;
          };
          const expected = variablesOf(at);
          assert.equal(new Set(expected).size, expected.length, `${at} has a variable twice`);
          assert.deepEqual(variablesOf(integration.uri), expected);
          assert.deepEqual(
            integration.requestParameters ?? {},
            Object.fromEntries(
              expected.map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]),
            ),
          );
          const declared = ((item.parameters ?? []) as { name: string; in: string }[]).filter(
            (parameter) => parameter.in === "path",
          );
          assert.deepEqual(
            declared.map(({ name }) => name),
            expected,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("no two variables below one parent have different names, and no operation gets lost", () => {
    fc.assert(
      fc.property(targets, (all) => {
        const document = deployed(all);
        const names = new Map<string, string>();
        for (const at of Object.keys(document.paths as JsonObject)) {
          const parts = at.split("/");
          for (const [index, part] of parts.entries()) {
            if (!part.startsWith("{")) continue;
            const parent = parts.slice(0, index).join("/");
            assert.equal(names.get(parent) ?? part, part, `below ${parent}`);
            names.set(parent, part);
          }
        }
        const expected = all.reduce((sum, { document: own }) => {
          if (own === undefined) return sum + 2;
          return (
            sum +
            Object.values(own.paths ?? {}).reduce<number>(
              (count, methods) => count + Object.keys(methods as JsonObject).length,
              0,
            )
          );
        }, 0);
        assert.equal(operations(document).length, expected);
      }),
      { numRuns: 60 },
    );
  });

  it("adding a target leaves the paths of the others as they are", () => {
    fc.assert(
      fc.property(targets, (all) => {
        const before = deployed(all).paths as JsonObject;
        const after = deployed([target("another"), ...all]).paths as JsonObject;
        assert.deepEqual(
          Object.fromEntries(Object.entries(after).filter(([at]) => !at.startsWith("/another"))),
          before,
        );
      }),
      { numRuns: 30 },
    );
  });

  it("the document for readers is valid OpenAPI", async () => {
    await fc.assert(
      fc.asyncProperty(targets, async (all) => {
        const merged = readerDocument(planApi(all).plan, { title: "x", version: "1" });
        assert.deepEqual((await loadDocument(JSON.stringify(merged), "merged.json")).problems, []);
      }),
      { numRuns: 12 },
    );
  });
});
