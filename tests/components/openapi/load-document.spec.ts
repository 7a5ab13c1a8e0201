import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDocument } from "../../../components/openapi/load-document";
import { planApi } from "../../../components/openapi/plan-api";
import { target } from "./fixtures";

const bank = "examples/bank/payments.openapi.yaml";

async function complaints(text: string): Promise<[string, string][]> {
  const { document, problems } = await loadDocument(text, "api.yaml");
  assert.equal(document, undefined);
  return problems.map(({ where, what }) => [where, what]);
}

const head = "openapi: 3.0.3\ninfo: { title: a, version: '1' }\n";

describe("loading a provider's document", () => {
  it("reads the bank's payments document, which makes thirteen operations under its base path and prefix", async () => {
    const { document, problems } = await loadDocument(readFileSync(bank, "utf8"), bank);
    assert.deepEqual(problems, []);
    const {
      plan,
      problems: refused,
      warnings,
    } = planApi([target("payments", document === undefined ? {} : { document })]);
    assert.deepEqual([refused, warnings], [[], []]);
    assert.deepEqual(
      plan.routes.map(({ method, path }) => `${method} ${path}`),
      [
        "get /payments/beneficiaries",
        "post /payments/beneficiaries",
        "delete /payments/beneficiaries/{beneficiaryId}",
        "get /payments/standing-orders",
        "post /payments/standing-orders",
        "delete /payments/standing-orders/{orderId}",
        "put /payments/standing-orders/{orderId}",
        "get /payments/standing-orders/{orderId}/executions",
        "get /payments/transfers",
        "post /payments/transfers",
        "delete /payments/transfers/{id}",
        "get /payments/transfers/{id}",
        "get /payments/transfers/{id}/receipt",
      ],
    );
    assert.equal(plan.routes[10]?.targetPath, "/v1/transfers/{id}");
    assert.deepEqual(plan.routes[10]?.source?.variables, { transferId: "id" });
    assert.deepEqual(plan.routes[10]?.parameters, [
      { name: "id", in: "path", required: true },
      { name: "If-Match", in: "header", required: true },
    ]);
  });

  it("reads JSON and OpenAPI 3.1", async () => {
    const api = {
      openapi: "3.1.0",
      info: { title: "a", version: "1" },
      paths: { "/a": { get: { responses: { "200": { description: "ok" } } } } },
    };
    assert.deepEqual(await loadDocument(JSON.stringify(api), "api.json"), { document: api, problems: [] });
  });

  it("draws in the files that a document refers to", async () => {
    const folder = mkdtempSync(join(tmpdir(), "openapi-"));
    try {
      writeFileSync(
        join(folder, "item.yaml"),
        "get: { responses: { '200': { description: from the file } } }\n",
      );
      const { document, problems } = await loadDocument(
        `${head}paths: { /a: { $ref: item.yaml } }\n`,
        join(folder, "api.yaml"),
      );
      assert.deepEqual(problems, []);
      assert.deepEqual(document?.paths, {
        "/a": { get: { responses: { "200": { description: "from the file" } } } },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("names file and line of a syntax error", async () => {
    const found = await complaints(`${head}paths:\n  /a: [\n`);
    assert.match(found[0]?.[0] ?? "", /^api\.yaml:\d+$/);
    assert.match(found[0]?.[1] ?? "", /^the file is not readable as YAML or JSON: /);
  });

  it("names the line of a key that is written twice", async () => {
    assert.equal((await complaints(`${head}paths: {}\npaths: {}\n`))[0]?.[0], "api.yaml:4");
  });

  it("names the line of everything that the specification does not allow, all at once", async () => {
    const text =
      "openapi: 3.0.3\ninfo: { title: a }\npaths:\n  /a:\n    get:\n      summry: x\n      responses: {}\n";
    assert.deepEqual(await complaints(text), [
      ["api.yaml:2", "#/info is not valid: must have required property 'version'"],
      ["api.yaml:6", "#/paths/~1a/get is not valid: must NOT have additional properties (summry)"],
      ["api.yaml:7", "#/paths/~1a/get/responses is not valid: must NOT have fewer than 1 properties"],
    ]);
  });

  it("names the line of a reference to nothing, to a missing file and to the network", async () => {
    for (const reference of ["#/components/nope", "./nope-beside.yaml", "http://127.0.0.1:9/x.yaml"]) {
      const found = await complaints(`${head}paths:\n  /a:\n    $ref: "${reference}"\n`);
      assert.deepEqual(
        found.map(([where]) => where),
        ["api.yaml:5"],
        reference,
      );
    }
  });

  it("refuses OpenAPI 2.0, versions it does not know, a missing version, and what is no document", async () => {
    assert.deepEqual(await complaints('swagger: "2.0"\n'), [
      ["api.yaml:1", "the document is of OpenAPI 2.0 (Swagger)"],
    ]);
    assert.deepEqual(await complaints("info: {}\nopenapi: 3.2.0\n"), [
      ["api.yaml:2", "the document's OpenAPI version is not supported"],
    ]);
    assert.deepEqual(await complaints("openapi: 3.1\n"), [
      ["api.yaml:1", "the document's OpenAPI version is not supported"],
    ]);
    assert.deepEqual(await complaints("info: {}\n"), [
      ["api.yaml", "the document does not say its OpenAPI version"],
    ]);
    for (const text of ["", "[]", "text"])
      assert.deepEqual(await complaints(text), [["api.yaml", "the file holds no OpenAPI document"]]);
  });

  it("reads merge keys, as stack configuration files may have them", async () => {
    const { problems } = await loadDocument(
      `${head}x-any: &any\n  responses: { default: { description: any } }\npaths:\n  /a:\n    get:\n      <<: *any\n`,
      "api.yaml",
    );
    assert.deepEqual(problems, []);
  });

  it("refuses anchors that contain themselves", async () => {
    const found = await complaints("&all\nopenapi: 3.0.3\nself: *all\n");
    assert.equal(found.length, 1);
    assert.match(found[0]?.[1] ?? "", /cannot be expressed as JSON/);
  });
});
