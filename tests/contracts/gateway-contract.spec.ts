import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import {
  type GatewayContract,
  readGatewayContract,
  writeGatewayContract,
} from "../../contracts/gateway-contract";
import { run, succeed } from "../support/mocks";
import { readOutput, readOwnOutput } from "../../contracts/references";

const from = { stack: "organization/shared-services/dev" };
const place = `contract of the gateway, output gatewayContract of stack ${from.stack}`;

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join(".")}`);

const example: GatewayContract = {
  account: "111111111111",
  region: "us-east-1",
  vpcId: "vpc-1",
  cidrBlocks: ["10.0.0.0/20"],
  balancers: { main: { "us-east-1a": "10.0.0.10" } },
  placements: { orders: "main" },
  providers: { shop: { connectionId: "pcx-1", sourceAddresses: ["10.0.0.10"] } },
};

describe("the gateway's contract", () => {
  it("arrives as it was written, ids that came from resources included", async () => {
    const ids = fc.stringMatching(/^pcx-[0-9a-f]{17}$/);
    const arbitrary = fc.record({
      account: fc.stringMatching(/^[0-9]{12}$/),
      region: fc.constantFrom("us-east-1", "cn-north-1"),
      vpcId: fc.stringMatching(/^vpc-[0-9a-f]{17}$/),
      cidrBlocks: fc.constantFrom<string[]>(["10.0.0.0/20"], ["10.0.0.0/20", "100.64.0.0/24"]),
      balancers: fc.dictionary(name, fc.dictionary(fc.constantFrom("us-east-1a", "us-east-1b"), address), {
        maxKeys: 3,
      }),
      placements: fc.dictionary(name, name, { maxKeys: 3 }),
      providers: fc.dictionary(
        name,
        fc.record({ connectionId: ids, sourceAddresses: fc.array(address, { minLength: 1, maxLength: 4 }) }),
        { maxKeys: 3 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async (contract) => {
        const { outputs } = await succeed(() => ({
          contract: writeGatewayContract({ ...contract, vpcId: pulumi.output(contract.vpcId) }),
        }));
        const value = JSON.parse(JSON.stringify(outputs.contract)) as object;
        assert.deepEqual(readGatewayContract({ value }, from), {
          state: "present",
          contract: { version: 1, ...(JSON.parse(JSON.stringify(contract)) as object) },
        });
      }),
      { numRuns: 30 },
    );
  });

  it("is refused when it is secret, newer or malformed, and absent when it is not there", () => {
    assert.deepEqual(readGatewayContract({}, from), { state: "absent" });
    for (const [details, where, what] of [
      [{ secretValue: example }, place, /^is secret/],
      [{ value: { ...example, version: 9 } }, place, /^is of a newer version/],
      [{ value: { ...example } }, `${place}, version`, /^is missing/],
      [
        { value: { version: 1, ...example, cidrBlocks: ["10.0.0.0/40"] } },
        `${place}, cidrBlocks.0`,
        /^is malformed/,
      ],
      [
        {
          value: {
            version: 1,
            ...example,
            providers: { shop: { connectionId: "pcx-1", sourceAddresses: [] } },
          },
        },
        `${place}, providers.shop.sourceAddresses`,
        /^is malformed/,
      ],
      [
        { value: { version: 1, ...example, balancers: { main: { "us-east-1a": "1.2.3.4" } } } },
        `${place}, balancers.main.us-east-1a`,
        /^is malformed \(is a public address\)/,
      ],
    ] as const) {
      const reading = readGatewayContract(details, from);
      assert.ok(reading.state === "wrong", where);
      assert.deepEqual(
        reading.problems.map((problem) => problem.where),
        [where],
      );
      assert.match(reading.problems[0]?.what ?? "", what);
    }
  });
});

describe("references to stacks", () => {
  const stacks = {
    "organization/project/dev": { outputs: { mine: { a: 1 } } },
    "organization/other/dev": { outputs: { theirs: [2], hidden: "x" }, secrets: ["hidden"] },
  };

  it("read an output of another stack and of this stack's last deployment", async () => {
    const { outputs } = await succeed(
      async () => ({
        own: (await readOwnOutput("mine")).value,
        other: (await readOutput("organization/other/dev", "theirs")).value,
      }),
      { stacks },
    );
    assert.deepEqual(outputs, { own: { a: 1 }, other: [2] });
  });

  it("tell nothing of an output that is not there", async () => {
    let details: pulumi.StackReferenceOutputDetails | undefined;
    await succeed(
      async () => {
        details = await readOutput("organization/other/dev", "none");
        return {};
      },
      { stacks },
    );
    assert.deepEqual([details?.value, details?.secretValue], [undefined, undefined]);
  });

  it("tell a secret output from a plain one", async () => {
    let details: pulumi.StackReferenceOutputDetails = {};
    await succeed(
      async () => {
        details = await readOutput("organization/other/dev", "hidden");
        return {};
      },
      { stacks },
    );
    assert.equal(details.value, undefined);
    assert.equal(details.secretValue, "x");
  });

  it("fail for a stack that was never created", async () => {
    const { failures } = await run(async () => ({ x: await readOutput("organization/none/dev", "x") }), {
      stacks,
    });
    assert.match(failures[0]?.message ?? "", /unknown stack "organization\/none\/dev"/);
  });
});
