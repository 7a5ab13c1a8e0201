import assert from "node:assert/strict";
import { planApi } from "../../../components/openapi/plan-api";
import type { ApiTarget } from "../../../components/openapi/api-plan";
import { documentWith, operation, target } from "./fixtures";

function routes(targets: ApiTarget[]): string[] {
  const { plan, problems } = planApi(targets);
  assert.deepEqual(problems, []);
  return plan.routes.map(({ method, path, targetPath }) => `${method} ${path} -> ${targetPath}`);
}

/** Place and sentence of each problem of one target with these paths. */
function refusals(paths: Record<string, unknown>): string[] {
  return planApi([target("files", { document: documentWith(paths) })]).problems.map(
    ({ where, what }) => `${where}: ${what}`,
  );
}

describe("planning the API", () => {
  it("gives a target without a document its base path and everything below it, base path taken off", () => {
    assert.deepEqual(
      routes([target("payments"), target("cards", { basePath: "/bank/cards", pathPrefix: "/v2" })]),
      [
        "any /bank/cards -> /v2/",
        "any /bank/cards/{proxy+} -> /v2/{proxy}",
        "any /payments -> /",
        "any /payments/{proxy+} -> /{proxy}",
      ],
    );
  });

  it("counts the resources of the tree with the root and shared parents once", () => {
    const nested = [target("a", { basePath: "/bank/a" }), target("b", { basePath: "/bank/b" })];
    // root, bank, a, a/{proxy+}, b, b/{proxy+}
    assert.equal(planApi(nested).plan.resourceCount, 6);
  });

  it("puts a document's paths below the base path and takes the prefix from its first server", () => {
    const servers = [
      {
        url: "https://{env}.internal/{version}/",
        variables: { env: { default: "prod" }, version: { default: "v3" } },
      },
    ];
    const document = documentWith({ "/": ["get"], "/items/{id}": ["put", "get"] }, { servers });
    assert.deepEqual(routes([target("shop", { document })]), [
      "get /shop -> /v3/",
      "get /shop/items/{id} -> /v3/items/{id}",
      "put /shop/items/{id} -> /v3/items/{id}",
    ]);
    assert.equal(routes([target("shop", { document, pathPrefix: "" })])[0], "get /shop -> /");
  });

  it("gives variables below one parent the name in the first path, and numbers a name that the path already has", () => {
    const document = documentWith({
      "/a/{z}": ["get"],
      "/a/{x}/b/{y}": ["get"],
      "/a/{y}/b/{x}/c": ["get"],
      "/a/{other}": ["post"],
      "/d/{id}/e/{id2}": ["get"],
      "/d/{id2}/e/{id}/f": ["get"],
    });
    // "/a/{other}" sorts first of those with a variable below /a, "/a/{x}/b/{y}" first below b.
    assert.deepEqual(routes([target("t", { document })]), [
      "get /t/a/{other} -> /a/{other}",
      "post /t/a/{other} -> /a/{other}",
      "get /t/a/{other}/b/{y} -> /a/{other}/b/{y}",
      "get /t/a/{other}/b/{y}/c -> /a/{other}/b/{y}/c",
      "get /t/d/{id2}/e/{id} -> /d/{id2}/e/{id}",
      "get /t/d/{id2}/e/{id}/f -> /d/{id2}/e/{id}/f",
    ]);
  });

  it("numbers a variable whose name stands further up in the path and remembers the provider's own names", () => {
    const document = documentWith({ "/a/{id}": ["get"], "/a/{x}/b/{id}": ["get"] });
    const { plan } = planApi([target("t", { document })]);
    assert.deepEqual(
      plan.routes.map(({ path, source }) => [path, source?.variables]),
      [
        ["/t/a/{id}", { id: "id" }],
        ["/t/a/{id}/b/{id2}", { x: "id", id: "id2" }],
      ],
    );
  });

  it("refuses a method that two spellings of one path describe", () => {
    assert.deepEqual(refusals({ "/a/{x}": ["get"], "/a/{y}": ["get", "post"] }), [
      "target files, GET /a/{y}: the method is described twice: /a/{x} is the same path, since the name of a variable does not tell paths apart",
    ]);
  });

  it("declares path variables, then headers and query parameters, the operation's in place of the path's", () => {
    const document = documentWith(
      {
        "/{id}": {
          parameters: [
            { name: "limit", in: "query", required: false, schema: {} },
            { name: "session", in: "cookie", schema: {} },
            { $ref: "#/components/parameters/Trace" },
          ],
          get: operation({
            parameters: [
              { name: "limit", in: "query", required: true, schema: {} },
              { name: "authorization", in: "header", schema: {} },
              { name: "filter[name]", in: "query", schema: {} },
            ],
          }),
        },
      },
      {
        components: { parameters: { Trace: { name: "X-Trace", in: "header", required: true, schema: {} } } },
      },
    );
    const { plan, warnings } = planApi([target("t", { document })]);
    assert.deepEqual(plan.routes[0]?.parameters, [
      { name: "id", in: "path", required: true },
      { name: "X-Trace", in: "header", required: true },
      { name: "limit", in: "query", required: true },
    ]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /GET \/\{id\}: query parameter filter\[name\] is not declared/);
  });

  for (const [name, path, sentence] of [
    ["text and variable in one part", "/{id}.json", "the part {id}.json mixes text and a variable"],
    ["two variables in one part", "/{a}-{b}", "the part {a}-{b} mixes text and a variable"],
    ["characters that are not allowed", "/a~b", "the part a~b has characters that API Gateway does not take"],
    ["a slash at the end", "/a/", "the path ends with a slash"],
    ["two slashes", "/a//b", "the path has two slashes in a row"],
    ["a greedy variable before the end", "/{all+}/b", "the greedy variable {all+} is not at the end"],
    ["a variable twice", "/{a}/{a}", "the variable {a} occurs twice"],
    ["no slash in front", "a", "the path does not start with a slash"],
    ["more characters than a request line holds", `/${"a".repeat(10_240)}`, "the path has 10241 characters"],
  ] as const) {
    it(`refuses a path with ${name}, naming its methods`, () => {
      assert.deepEqual(refusals({ [path]: ["get", "post"] }), [
        `target files, GET, POST ${path}: ${sentence}`,
      ]);
    });
  }

  it("refuses TRACE, a reference to nothing, a foreign path parameter and a document without operations", () => {
    assert.deepEqual(refusals({ "/a": ["get", "trace"] }), [
      "target files, GET, TRACE /a: API Gateway has no method TRACE",
    ]);
    assert.deepEqual(refusals({ "/a": { $ref: "#/nowhere" } }), [
      "target files, /a: the path refers to something that is not there",
    ]);
    assert.deepEqual(refusals({}), ["target files, paths: the document has no operations"]);
    assert.deepEqual(refusals({ "/a": { get: operation({ parameters: [{ name: "id", in: "path" }] }) } }), [
      "target files, GET /a: the path parameter id does not occur in the path",
    ]);
    assert.deepEqual(refusals({ "/a": { get: operation({ parameters: [{ $ref: "#/nowhere" }] }) } }), [
      "target files, GET /a: a parameter has no name and place, or refers to something that is not there",
    ]);
  });

  it("refuses a greedy and a plain variable below one parent once, whatever the number of methods", () => {
    assert.deepEqual(refusals({ "/a/{all+}": ["get", "post"], "/a/{id}": ["get"] }), [
      "target files, /a/{all+}: a greedy variable stands where /a/{id} has a plain one",
    ]);
  });

  it("follows path items that are references", () => {
    const components = { pathItems: { Item: { get: operation() } } };
    const document = documentWith(
      { "/a": { $ref: "#/components/pathItems/Item" } },
      { openapi: "3.1.0", components },
    );
    assert.deepEqual(routes([target("t", { document })]), ["get /t/a -> /a"]);
  });

  it("warns of webhooks and of servers of single paths and operations, and plans the rest", () => {
    const document = documentWith(
      { "/a": { servers: [{ url: "/x" }], get: operation({ servers: [{ url: "/y" }] }) } },
      { webhooks: {} },
    );
    const { plan, warnings } = planApi([target("t", { document })]);
    assert.equal(plan.routes.length, 1);
    assert.deepEqual(
      warnings.map((warning) => warning.split(":")[0]),
      ["target t", "target t, GET /a", "target t, GET /a"],
    );
  });

  for (const basePath of ["", "/", "payments", "/payments/", "/a//b", "/{id}", "/a b"]) {
    it(`refuses the base path ${JSON.stringify(basePath)}`, () => {
      assert.deepEqual(
        planApi([target("t", { basePath })]).problems.map(({ where, what }) => [where, what]),
        [["target t, basePath", "the base path is malformed"]],
      );
    });
  }

  it("refuses the paths that API Gateway keeps for itself, at the root only", () => {
    assert.deepEqual(
      ["/ping", "/sping/a", "/bank/ping"].map((basePath) =>
        planApi([target("t", { basePath })]).problems.map(({ what }) => what),
      ),
      [
        ["API Gateway keeps this path for its own health checks"],
        ["API Gateway keeps this path for its own health checks"],
        [],
      ],
    );
  });

  it("refuses base paths that swallow each other and names both targets", () => {
    const swallowed = (outer: ApiTarget, inner: ApiTarget) =>
      planApi([inner, outer]).problems.map(({ where }) => where);
    const named = ["targets outer and inner, basePath"];
    const outer = (paths: Record<string, unknown>) =>
      target("outer", { basePath: "/a", document: documentWith(paths) });
    const inner = target("inner", { basePath: "/a/b" });
    assert.deepEqual(swallowed(target("outer", { basePath: "/a" }), inner), named);
    assert.deepEqual(swallowed(outer({ "/b": ["get"] }), inner), named);
    assert.deepEqual(swallowed(outer({ "/b/c": ["get"] }), inner), named);
    assert.deepEqual(swallowed(outer({ "/{id}": ["get"] }), inner), named);
    assert.deepEqual(swallowed(outer({ "/{all+}": ["get"] }), inner), named);
    assert.deepEqual(swallowed(outer({ "/": ["get"], "/bb": ["get"] }), inner), []);
    assert.deepEqual(swallowed(target("outer", { basePath: "/a" }), target("inner", { basePath: "/a" })), [
      "targets inner and outer, basePath",
    ]);
    assert.deepEqual(
      swallowed(target("outer", { basePath: "/a" }), target("inner", { basePath: "/ab" })),
      [],
    );
  });

  it("refuses duplicate names, unknown authorizers, malformed prefixes and time-outs out of range, all at once", () => {
    const targets = [
      target("a", { authorizer: "arn:aws:lambda:us-east-1:1:function:x", timeoutMilliseconds: 49 }),
      target("b", { pathPrefix: "v1", timeoutMilliseconds: 29_001 }),
      target("c"),
      target("c", { basePath: "/c2", timeoutMilliseconds: 50.5 }),
    ];
    assert.deepEqual(
      planApi(targets).problems.map(({ where }) => where),
      [
        "target c, name",
        "target a, authorizer",
        "target a, timeoutMilliseconds",
        "target b, pathPrefix",
        "target b, timeoutMilliseconds",
        "target c, timeoutMilliseconds",
      ],
    );
  });

  it("accepts 300 resources and refuses 301, naming the targets with the most", () => {
    const many = (count: number) =>
      documentWith(Object.fromEntries(Array.from({ length: count }, (_, at) => [`/p${at}`, ["get"]])));
    // root, /big, its paths; /small and its greedy variable
    const targets = (count: number) => [target("big", { document: many(count) }), target("small")];
    assert.deepEqual(planApi(targets(296)).problems, []);
    const { problems, plan } = planApi(targets(297));
    assert.equal(plan.resourceCount, 301);
    assert.match(problems[0]?.what ?? "", /most come from big \(298\), small \(2\)/);
    assert.equal(problems[0]?.value, "301");
  });

  it("accepts ten authorizers, shared ones once, and refuses eleven", () => {
    const pool = (at: number) => `arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_${at}`;
    const targets = (count: number) =>
      Array.from({ length: count }, (_, at) => target(`t${at}`, { authorizer: pool(at % 11) }));
    assert.deepEqual(planApi([...targets(10), target("again", { authorizer: pool(3) })]).problems, []);
    assert.deepEqual(
      planApi(targets(11)).problems.map(({ what, value }) => [what, value]),
      [["the API has too many authorizers", "11"]],
    );
  });

  it("warns that a Lambda authorizer beside open paths has to deny explicitly", () => {
    const guarded = target("guarded", { authorizer: "arn:aws:lambda:us-east-1:111111111111:function:check" });
    assert.deepEqual(planApi([guarded, target("iam")]).warnings, []);
    const { warnings } = planApi([guarded, target("open", { authorizer: "NONE" })]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^targets guarded: .*\/open/);
  });
});
