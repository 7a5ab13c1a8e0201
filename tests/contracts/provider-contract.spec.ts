import assert from "node:assert/strict";
import fc from "fast-check";
import { mapEntries } from "../../common/records";
import {
  type ProviderContract,
  readProviderContract,
  writeProviderContract,
} from "../../contracts/provider-contract";
import { succeed } from "../support/mocks";
import { without } from "../support/questions";

const from = { provider: "shop", stack: "organization/provider-account/shop-dev" };
const place = `contract of provider "shop", output providerContract of stack ${from.stack}`;

/** What another stack reads after a program has returned the contract as an output. */
async function transport(contract: ProviderContract): Promise<object> {
  const { outputs } = await succeed(() => ({ contract: writeProviderContract(contract) }));
  return JSON.parse(JSON.stringify(outputs.contract)) as object;
}

const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join(".")}`);
const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
// Without the segments `.` and `..`, which are no part of a path that arrives.
const path = fc
  .stringMatching(/^(\/[A-Za-z0-9._-]{1,6}){1,3}$/)
  .filter((text) => !text.split("/").some((part) => part === "." || part === ".."));
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value).map((chosen) => (chosen === null ? {} : { [key]: chosen }));

const http = fc
  .tuple(
    fc.record({
      scheme: fc.constant("http" as const),
      privateCa: fc.constant(false),
      healthCheck: fc.constantFrom({ protocol: "TCP" }, { protocol: "HTTP", path: "/health" }),
    }),
    optional("serverName", fc.constant("shop.bank.internal")),
  )
  .map(([required, more]) => ({ ...required, ...more }));
const https = fc.record({
  scheme: fc.constant("https" as const),
  serverName: fc.constant("shop.bank.internal"),
  privateCa: fc.boolean(),
  healthCheck: fc.constantFrom({ protocol: "TCP" }, { protocol: "HTTP" }, { protocol: "HTTPS", path: "/" }),
});

const target = fc
  .tuple(
    fc.record({
      dialAddresses: fc.uniqueArray(address, { minLength: 1, maxLength: 3 }),
      port: fc.integer({ min: 1, max: 65535 }),
      basePath: path,
    }),
    fc.oneof(http, https),
    optional("pathPrefix", path),
    optional("openApi", fc.constant({ openapi: "3.0.3", paths: { "/a": { get: {} } } })),
  )
  .map(
    ([required, ...rest]) => Object.assign({ ...required }, ...rest) as ProviderContract["targets"][string],
  );

const anyContract: fc.Arbitrary<ProviderContract> = fc.record({
  name,
  account: fc.stringMatching(/^[0-9]{12}$/),
  region: fc.constantFrom("us-east-1", "eu-central-1", "us-gov-west-1"),
  connection: fc
    .tuple(
      fc.record({
        kind: fc.constant("peering" as const),
        vpcId: fc.stringMatching(/^vpc-[0-9a-f]{17}$/),
        cidrBlocks: fc.array(
          fc.nat(255).map((part) => `10.${part}.0.0/16`),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      optional("acceptedConnectionId", fc.stringMatching(/^pcx-[0-9a-f]{8}$/)),
    )
    .map(([required, more]) => ({ ...required, ...more })),
  targets: fc.dictionary(name, target, { maxKeys: 3 }),
});

/** Every address lies in the provider's first block. */
const contractArbitrary = anyContract.map((contract): ProviderContract => {
  const [network = ""] = /^10\.\d+/.exec(contract.connection.cidrBlocks[0] ?? "") ?? [];
  const moved = (target: ProviderContract["targets"][string]) => ({
    ...target,
    dialAddresses: [...new Set(target.dialAddresses.map((text) => text.replace(/^10\.\d+/, network)))],
  });
  return { ...contract, targets: mapEntries(contract.targets, (_name, each) => moved(each)) };
});

const example: ProviderContract = {
  name: "shop",
  account: "222222222222",
  region: "us-east-1",
  connection: { kind: "peering", vpcId: "vpc-1", cidrBlocks: ["10.20.0.0/16"] },
  targets: {
    orders: {
      dialAddresses: ["10.20.0.10"],
      port: 8080,
      scheme: "http",
      privateCa: false,
      healthCheck: { protocol: "TCP" },
      basePath: "/orders",
    },
  },
};

describe("a provider's contract", () => {
  it("arrives as it was written, whatever is in it", async () => {
    await fc.assert(
      fc.asyncProperty(contractArbitrary, async (contract) => {
        const reading = readProviderContract({ value: await transport(contract) }, from);
        assert.deepEqual(reading, {
          state: "present",
          contract: { version: 1, ...(JSON.parse(JSON.stringify(contract)) as object) },
        });
      }),
      { numRuns: 20 },
    );
  });

  it("is absent when the output is not there, and then nothing is wrong", () => {
    assert.deepEqual(readProviderContract({}, from), { state: "absent" });
    assert.deepEqual(readProviderContract({ value: null }, from), { state: "absent" });
  });

  it("is refused when it is secret, even in part", () => {
    const reading = readProviderContract({ secretValue: { version: 1, ...example } }, from);
    assert.ok(reading.state === "wrong");
    assert.deepEqual(
      reading.problems.map(({ where, what, value }) => [where, what, value]),
      [[place, "is secret, so that it cannot decide what is deployed", undefined]],
    );
    assert.match(reading.problems[0]?.change ?? "", /run pulumi up there/);
  });

  it("is refused when it is of a newer version, with the advice to upgrade", () => {
    const reading = readProviderContract({ value: { version: 2, anything: true } }, from);
    assert.deepEqual(reading, {
      state: "wrong",
      problems: [
        {
          where: place,
          what: "is of a newer version than this release reads",
          value: "version 2",
          allowed: "version 1 or older",
          change: "upgrade this project to the release that the other stack runs",
        },
      ],
    });
  });

  type Change = (contract: ReturnType<typeof mutable>) => void;
  const mutable = () =>
    structuredClone({ version: 1, ...example }) as unknown as Record<string, unknown> & {
      connection: Record<string, unknown>;
      targets: { orders: Record<string, unknown> };
    };
  const malformed: [title: string, change: Change, where: string, value: string | undefined][] = [
    ["no version", (c) => delete c.version, "version", undefined],
    ["a version that is no number", (c) => (c.version = "1"), "version", '"1"'],
    ["no account", (c) => delete c.account, "account", undefined],
    ["an account of eleven digits", (c) => (c.account = "22222222222"), "account", '"22222222222"'],
    ["a region that is none", (c) => (c.region = "mars"), "region", '"mars"'],
    ["a name that names nothing", (c) => (c.name = "Shop 1"), "name", '"Shop 1"'],
    ["another kind of connection", (c) => (c.connection.kind = "tgw"), "connection.kind", '"tgw"'],
    ["no VPC", (c) => delete c.connection.vpcId, "connection.vpcId", undefined],
    ["no block", (c) => (c.connection.cidrBlocks = []), "connection.cidrBlocks", "[]"],
    [
      "host bits",
      (c) => (c.connection.cidrBlocks = ["10.20.0.1/16"]),
      "connection.cidrBlocks.0",
      '"10.20.0.1/16"',
    ],
    [
      "an address twice",
      (c) => (c.targets.orders.dialAddresses = ["10.20.0.10", "10.20.0.10"]),
      "targets.orders.dialAddresses",
      '["10.20.0.10","10.20.0.10"]',
    ],
    [
      "https without a server name",
      (c) => (c.targets.orders.scheme = "https"),
      "targets.orders.serverName",
      undefined,
    ],
    [
      "a private authority without https",
      (c) => (c.targets.orders.privateCa = true),
      "targets.orders.privateCa",
      "true",
    ],
    [
      "an HTTPS check of an http service",
      (c) => (c.targets.orders.healthCheck = { protocol: "HTTPS" }),
      "targets.orders.healthCheck.protocol",
      '"HTTPS"',
    ],
    [
      "a path of a TCP check",
      (c) => (c.targets.orders.healthCheck = { protocol: "TCP", path: "/" }),
      "targets.orders.healthCheck.path",
      '"/"',
    ],
    ["a port out of range", (c) => (c.targets.orders.port = 70000), "targets.orders.port", "70000"],
    [
      "a public address",
      (c) => (c.targets.orders.dialAddresses = ["8.8.8.8"]),
      "targets.orders.dialAddresses.0",
      '"8.8.8.8"',
    ],
    [
      "an address outside of the provider's own blocks",
      (c) => (c.targets.orders.dialAddresses = ["10.20.0.10", "10.21.0.10"]),
      "targets.orders.dialAddresses.1",
      '"10.21.0.10"',
    ],
    ["no address", (c) => (c.targets.orders.dialAddresses = []), "targets.orders.dialAddresses", "[]"],
    [
      "a base path with a variable",
      (c) => (c.targets.orders.basePath = "/{x}"),
      "targets.orders.basePath",
      '"/{x}"',
    ],
    ["an unknown scheme", (c) => (c.targets.orders.scheme = "ftp"), "targets.orders.scheme", '"ftp"'],
    [
      "an unknown check",
      (c) => (c.targets.orders.healthCheck = {}),
      "targets.orders.healthCheck.protocol",
      undefined,
    ],
  ];
  for (const [title, change, where, value] of malformed) {
    it(`is refused with place and value when it is malformed: ${title}`, () => {
      const contract = mutable();
      change(contract);
      const reading = readProviderContract({ value: contract }, from);
      assert.ok(reading.state === "wrong");
      assert.deepEqual(
        reading.problems.map((problem) => [problem.where, problem.value]),
        [[`${place}, ${where}`, value]],
      );
      assert.match(reading.problems[0]?.what ?? "", value === undefined ? /^is missing$/ : /^is malformed/);
      assert.match(
        reading.problems[0]?.change ?? "",
        /run pulumi up in stack organization\/provider-account\/shop-dev/,
      );
    });
  }

  it("is refused for every mistake at once, and for keys that no version has", () => {
    const rest = without(mutable(), "account");
    const reading = readProviderContract({ value: { ...rest, name: "", extra: 1 } }, from);
    assert.ok(reading.state === "wrong");
    assert.deepEqual(reading.problems.map(({ where }) => where).sort(), [
      place,
      `${place}, account`,
      `${place}, name`,
    ]);
    assert.match(reading.problems.find(({ where }) => where === place)?.what ?? "", /extra/);
  });

  it("is refused when it is no map at all", () => {
    for (const value of ["text", 7, []]) {
      const reading = readProviderContract({ value: value as object }, from);
      assert.ok(reading.state === "wrong");
      assert.equal(reading.problems[0]?.where, place);
    }
  });
});
