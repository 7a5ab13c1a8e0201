import assert from "node:assert/strict";
import fc from "fast-check";
import { ProblemsError } from "../../common/problems";
import { parseDeployment } from "../../resources/deployment-file";
import { toDeployment } from "../../resources/deployment-writer";
import { Unknown, type Properties, type Resource, type StackResources } from "../../resources/resource";

const STACK = "urn:pulumi:dev::net::pulumi:pulumi:Stack::net-dev";
const PROVIDER = "urn:pulumi:dev::net::pulumi:providers:aws::main";

function resource(type: string, name: string, values: Partial<Resource> = {}): Resource {
  const urn = `urn:pulumi:dev::net::${type}::${name}`;
  return {
    urn,
    type,
    name,
    id: "",
    custom: false,
    external: false,
    dependencies: [],
    propertyDependencies: {},
    inputs: {},
    outputs: {},
    ...values,
  };
}

function written(
  stack: StackResources,
): { urn: string; parent?: string; provider?: string; dependencies?: string[] }[] {
  const value = JSON.parse(JSON.stringify(toDeployment(stack))) as {
    deployment: { resources: { urn: string }[] };
  };
  return value.deployment.resources;
}

const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(new Unknown("computed"), new Unknown("secret")),
  ),
  any: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("any"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;
const properties = fc.dictionary(fc.stringMatching(/^[a-z]{2,8}X$/), value, {
  maxKeys: 4,
  noNullPrototype: true,
}) as fc.Arbitrary<Properties>;

const stacks: fc.Arbitrary<StackResources> = fc
  .array(
    fc.record({
      inputs: properties,
      outputs: properties,
      external: fc.boolean(),
      uses: fc.array(fc.nat(), { maxLength: 3 }),
    }),
    { maxLength: 8 },
  )
  .chain((parts) => properties.map((outputs) => ({ parts, outputs })))
  .map(({ parts, outputs }) => {
    const where = { account: "111111111111", region: "us-east-1" };
    const provider = resource("pulumi:providers:aws", "main", {
      id: "p1",
      custom: true,
      parent: STACK,
      inputs: { region: "us-east-1", allowedAccountIds: '["111111111111"]' },
    });
    const resources = [resource("pulumi:pulumi:Stack", "net-dev", { outputs }), provider];
    parts.forEach(({ uses, ...rest }, index) => {
      const dependencies = [...new Set(uses.map((use) => resources[use % resources.length]?.urn ?? STACK))];
      resources.push(
        resource("aws:ec2/vpc:Vpc", `vpc${index}`, {
          ...rest,
          ...where,
          id: `vpc-${index}`,
          custom: true,
          parent: STACK,
          provider: `${PROVIDER}::p1`,
          dependencies,
          propertyDependencies: dependencies.length > 0 ? { tags: dependencies } : {},
        }),
      );
    });
    const placed = parts.length > 0 ? where : {};
    return { project: "net", stack: "dev", ...placed, resources, outputs };
  });

describe("writing a deployment file", () => {
  it("reads back as what was written", () => {
    fc.assert(
      fc.property(stacks, (stack) => {
        const result = parseDeployment(JSON.stringify(toDeployment(stack)), "x.json");
        assert.ok("stack" in result);
        assert.deepEqual(result.stack, stack);
      }),
      { numRuns: 100 },
    );
  });

  it("puts every parent, provider and dependency before its user, whatever the order given", () => {
    fc.assert(
      fc.property(stacks, (stack) => {
        const seen = new Set<string>();
        for (const { urn, parent, provider, dependencies } of written({
          ...stack,
          resources: [...stack.resources].reverse(),
        })) {
          for (const reference of [parent, provider?.replace(/::p1$/, ""), ...(dependencies ?? [])]) {
            assert.ok(reference === undefined || seen.has(reference));
          }
          seen.add(urn);
        }
        assert.equal(seen.size, stack.resources.length);
      }),
      { numRuns: 50 },
    );
  });

  it("adds the stack's own resource with the stack outputs when there is none", () => {
    const vpc = resource("aws:ec2/vpc:Vpc", "main", { id: "vpc-1", custom: true, parent: STACK });
    const [first, second] = written({
      project: "net",
      stack: "dev",
      resources: [vpc],
      outputs: { contract: 1 },
    });
    assert.deepEqual(first, {
      urn: STACK,
      custom: false,
      type: "pulumi:pulumi:Stack",
      inputs: {},
      outputs: { contract: 1 },
    });
    assert.equal(second?.urn, vpc.urn);
  });

  it("writes the manifest with the checksum that the engine verifies", () => {
    const deployment = toDeployment(
      { project: "net", stack: "dev", resources: [], outputs: {} },
      "2026-01-02T03:04:05Z",
    );
    const manifest = (deployment.deployment as { manifest: Record<string, string> }).manifest;
    // sha256 of the version text, as `printf v3.246.0 | sha256sum` prints it.
    assert.deepEqual(manifest, {
      time: "2026-01-02T03:04:05Z",
      version: "v3.246.0",
      magic: "fdff24cbc2e581e4dbd46a7783ddc8b6da2118aafb9fc71776e6de461d7ee519",
    });
    assert.equal(deployment.version, 3);
  });

  it("refuses references that lead nowhere or in a circle", () => {
    const a = resource("aws:ec2/vpc:Vpc", "a", { dependencies: ["urn:pulumi:dev::net::t::none"] });
    const b = resource("aws:ec2/vpc:Vpc", "b", { dependencies: ["urn:pulumi:dev::net::aws:ec2/vpc:Vpc::b"] });
    const stack = { project: "net", stack: "dev", resources: [a, b], outputs: {} };
    assert.throws(
      () => toDeployment(stack),
      (error) =>
        error instanceof ProblemsError &&
        error.problems.map(({ what }) => what).join() ===
          "refers to a resource that is not in the stack,depends on itself",
    );
  });
});
