import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDeployment, readDeployment } from "../../resources/deployment-file";
import { Unknown } from "../../resources/resource";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const PROVIDER = "urn:pulumi:dev::net::pulumi:providers:aws::gateway";

function file(resources: unknown[], version = 3, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ version, ...more, deployment: { manifest: {}, resources } });
}

function vpc(values: Record<string, unknown>): Record<string, unknown> {
  return {
    urn: "urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main",
    custom: true,
    id: "vpc-1",
    type: "aws:ec2/vpc:Vpc",
    ...values,
  };
}

function stackOf(text: string): Extract<ReturnType<typeof parseDeployment>, { stack: unknown }> {
  const result = parseDeployment(text, "net.json");
  if (!("stack" in result)) throw new Error(JSON.stringify(result.problems));
  return result;
}

function mistakes(text: string): string[] {
  const result = parseDeployment(text, "net.json");
  return "problems" in result ? result.problems.map(({ where, what }) => `${where}: ${what}`) : [];
}

describe("reading a deployment file", () => {
  it("gives a resource with its names, references and properties", () => {
    const { stack } = stackOf(
      file([
        {
          urn: "urn:pulumi:dev::net::pulumi:pulumi:Stack::net-dev",
          custom: false,
          type: "pulumi:pulumi:Stack",
          outputs: { contract: 1 },
        },
        vpc({
          inputs: { cidrBlock: "10.0.0.0/16" },
          outputs: { id: "vpc-1" },
          parent: "p",
          external: true,
          dependencies: ["d"],
          propertyDependencies: { cidrBlock: ["c"] },
        }),
      ]),
    );
    assert.deepEqual([stack.project, stack.stack, stack.outputs], ["net", "dev", { contract: 1 }]);
    assert.deepEqual(stack.resources[1], {
      urn: "urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main",
      type: "aws:ec2/vpc:Vpc",
      name: "main",
      id: "vpc-1",
      custom: true,
      external: true,
      parent: "p",
      dependencies: ["d"],
      propertyDependencies: { cidrBlock: ["c"] },
      inputs: { cidrBlock: "10.0.0.0/16" },
      outputs: { id: "vpc-1" },
    });
  });

  it("reads plain secrets as their value and encrypted ones and placeholders as unknown", () => {
    const { stack } = stackOf(
      file([
        vpc({
          outputs: {
            plain: { [SIGNATURE]: SECRET, plaintext: '["a",1]' },
            cipher: { [SIGNATURE]: SECRET, ciphertext: "v1:xyz" },
            later: ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
            reference: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "u", id: "i" },
          },
        }),
      ]),
    );
    assert.deepEqual(stack.resources[0]?.outputs, {
      plain: ["a", 1],
      cipher: new Unknown("secret"),
      later: [new Unknown("computed")],
      reference: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "u", id: "i" },
    });
  });

  it("reads what is secret among a stack's outputs as secret, also in plain text", () => {
    const stack = {
      urn: "urn:pulumi:dev::net::pulumi:pulumi:Stack::net-dev",
      type: "pulumi:pulumi:Stack",
      outputs: {
        open: "a",
        plain: { [SIGNATURE]: SECRET, plaintext: '"a"' },
        within: [{ secret: { [SIGNATURE]: SECRET, ciphertext: "v1:xyz" } }],
      },
    };
    assert.deepEqual(stackOf(file([stack, vpc({})])).stack.outputs, {
      open: "a",
      plain: new Unknown("secret"),
      within: [{ secret: new Unknown("secret") }],
    });
  });

  it("leaves out resources that wait for their deletion and names them", () => {
    const { stack, pendingDeletes } = stackOf(file([vpc({ id: "vpc-old", delete: true }), vpc({})]));
    assert.deepEqual(
      stack.resources.map(({ id }) => id),
      ["vpc-1"],
    );
    assert.deepEqual(pendingDeletes, ["urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main"]);
  });

  it("leaves out what was deleted ahead of a replacement that has not come about", () => {
    const { stack, pendingDeletes } = stackOf(file([vpc({ pendingReplacement: true })]));
    assert.deepEqual(
      stack.resources.filter(({ type }) => type === "aws:ec2/vpc:Vpc"),
      [],
    );
    assert.deepEqual(pendingDeletes, ["urn:pulumi:dev::net::aws:ec2/vpc:Vpc::main"]);
  });

  for (const [title, provider, outputs, account, region] of [
    [
      "its provider's only allowed account and region",
      { allowedAccountIds: '["111111111111"]', region: "eu-west-1" },
      {},
      "111111111111",
      "eu-west-1",
    ],
    [
      "a list of one allowed account",
      { allowedAccountIds: ["111111111111"] },
      { region: "eu-west-2" },
      "111111111111",
      "eu-west-2",
    ],
    [
      "the role that its provider assumes",
      { assumeRoles: '[{"roleArn":"arn:aws:iam::222222222222:role/x"}]' },
      {},
      "222222222222",
      undefined,
    ],
    ["its own ARN", {}, { arn: "arn:aws:ec2:us-east-1:333333333333:vpc/vpc-1" }, "333333333333", "us-east-1"],
    ["its owner", {}, { ownerId: "444444444444" }, "444444444444", undefined],
    ["nothing at all", { allowedAccountIds: '["111111111111","222222222222"]' }, {}, undefined, undefined],
  ] as const) {
    it(`places a resource by ${title}`, () => {
      const { stack } = stackOf(
        file([
          { urn: PROVIDER, custom: true, id: "abc", type: "pulumi:providers:aws", inputs: provider },
          vpc({ provider: `${PROVIDER}::abc`, outputs }),
        ]),
      );
      assert.deepEqual([stack.resources[1]?.account, stack.resources[1]?.region], [account, region]);
      assert.deepEqual([stack.account, stack.region], [account, region]);
    });
  }

  it("places a resource without an ARN by the others of its provider", () => {
    const other = {
      urn: "urn:pulumi:dev::net::aws:ec2/route:Route::r",
      custom: true,
      id: "r-1",
      type: "aws:ec2/route:Route",
      provider: `${PROVIDER}::abc`,
    };
    const { stack } = stackOf(
      file([other, vpc({ provider: `${PROVIDER}::abc`, outputs: { ownerId: "444444444444" } })]),
    );
    assert.equal(stack.resources[0]?.account, "444444444444");
  });

  it("reads version 2, and version 4 whose features it knows", () => {
    assert.equal(stackOf(file([vpc({})], 2)).stack.resources.length, 1);
    assert.equal(stackOf(file([vpc({})], 4, { features: ["hooks"] })).stack.resources.length, 1);
  });

  for (const [title, text, expected] of [
    ["an empty file", " ", ["net.json: the file is empty"]],
    ["a truncated file", '{"version": 3, "deployment": {', /ends too early|not JSON/],
    ["text", "hello", /not JSON/],
    ["another JSON file", "[1]", ["net.json: not a deployment: the key `deployment` is missing"]],
    ["version 1", file([], 1), ["net.json: version: a deployment version that is not read here"]],
    [
      "an unknown feature",
      file([], 4, { features: ["shards"] }),
      ["net.json: features: version 4 with features that are not known here"],
    ],
    ["a deployment that is a list", '{"version":3,"deployment":[]}', ["net.json: deployment: not an object"]],
    [
      "resources that are no list",
      '{"version":3,"deployment":{"resources":{}}}',
      ["net.json: deployment.resources: not a list"],
    ],
    ["a stack without resources", file([]), ["net.json: the stack has no resources"]],
    [
      "a resource twice",
      file([vpc({}), vpc({})]),
      ["net.json: deployment.resources[1]: a resource is listed twice"],
    ],
    [
      "a resource that is a text",
      file(["x"]),
      ["net.json: deployment.resources[0]: a resource is not an object"],
    ],
    [
      "several mistakes at once",
      file([{ urn: "x", custom: true }, vpc({ inputs: [], id: 1 })]),
      [
        "net.json: deployment.resources[0].urn: not a resource name (URN)",
        "net.json: deployment.resources[0].type: the type token is missing",
        "net.json: deployment.resources[1].id: the id is not a text",
        "net.json: deployment.resources[1].inputs: the properties are not an object",
      ],
    ],
    [
      "two stacks in one file",
      file([vpc({}), vpc({ urn: "urn:pulumi:prod::net::aws:ec2/vpc:Vpc::main" })]),
      ["net.json: resources of several stacks"],
    ],
  ] as const) {
    it(`refuses ${title} with a problem`, () => {
      const found = mistakes(text);
      if (expected instanceof RegExp) assert.match(found.join("\n"), expected);
      else assert.deepEqual(found, expected);
    });
  }

  it("refuses a directory and a missing file with a problem", () => {
    const folder = mkdtempSync(join(tmpdir(), "deployment-"));
    const what = (path: string): string[] => {
      const result = readDeployment(path);
      return "problems" in result ? result.problems.map((problem) => problem.what) : [];
    };
    try {
      assert.deepEqual(what(folder), ["this is a directory, not a file"]);
      assert.deepEqual(what(join(folder, "none.json")), ["the file does not exist"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
