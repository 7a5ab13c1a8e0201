import assert from "node:assert/strict";
import { stackTag } from "../../ownership/tag-names";
import {
  accounts,
  declared,
  gatewaySettings,
  Landscape,
  shopSettings,
  succeeded,
  upSingleOperator,
} from "../support/landscape";
import { type Registration, type Run, type Values } from "../support/mocks";
import { all, label, listOf } from "../support/questions";

/** The value of the owner's tag in each of the separate stacks. */
const owners: Record<string, string> = {
  gateway: "shared-services/dev",
  shop: "provider-account/shop",
  old: "provider-account/old",
};

const kind = ({ urn }: Pick<Registration, "urn">) => urn.split("::").slice(2).join("::");

/** The inputs without the tag of the owning stack, and that tag's value; undefined where there is none. */
function splitOwner(inputs: Values): { inputs: Values; owner: unknown } {
  const { tags } = inputs;
  if (Array.isArray(tags)) {
    const list = tags as { key: string; value: string }[];
    const owner = list.find(({ key }) => key === stackTag)?.value;
    return { inputs: { ...inputs, tags: list.filter(({ key }) => key !== stackTag) }, owner };
  }
  if (typeof tags !== "object" || tags === null) return { inputs, owner: undefined };
  const { [stackTag]: owner, ...others } = tags as Values;
  return { inputs: { ...inputs, tags: others }, owner };
}

/** What a resource is, apart from the stack it stands in: its place in the tree, inputs, and the account it lands in. */
function described(
  result: Run,
  account: (resource: Registration) => string | undefined,
): Map<string, { owner: unknown } & Values> {
  return new Map(
    declared(result).map((resource) => {
      const { custom, remote, reads, replaceWith, parent } = resource;
      const top = parent.includes("pulumi:pulumi:Stack::");
      const where = { parent: top ? "stack" : kind({ urn: parent }), account: account(resource) };
      return [
        kind(resource),
        {
          ...splitOwner(resource.inputs),
          custom,
          remote,
          reads,
          replaceWith: replaceWith.map(label),
          ...where,
        },
      ];
    }),
  );
}

describe("the program of a single operator", () => {
  it("makes the same resources as the separate stacks, property by property and account by account", async () => {
    const landscape = new Landscape();
    const runs = await landscape.connect();
    const separate = new Map<string, { owner: unknown } & Values>();
    for (const [name, result] of Object.entries(runs)) {
      for (const [key, value] of described(result, ({ custom, remote }) =>
        custom || remote ? accounts[name] : undefined,
      )) {
        assert.equal(separate.has(key), false, key);
        if (value.owner !== undefined) assert.equal(value.owner, owners[name], key);
        separate.set(key, value);
      }
    }
    const single = succeeded(await upSingleOperator(landscape));
    const together = described(single, ({ custom, remote, provider }) =>
      custom || remote ? accounts[provider] : undefined,
    );
    assert.deepEqual([...together.keys()].sort(), [...separate.keys()].sort());
    let owned = 0;
    for (const [key, value] of separate) {
      // The owner is the one thing that differs, and what has one in a stack of its own has one here.
      const owner = value.owner === undefined ? undefined : "single-operator/prod";
      assert.deepEqual(together.get(key), { ...value, owner }, key);
      if (owner !== undefined) owned += 1;
    }
    assert.ok(owned > 60, `${owned} resources with an owner`);
    assert.ok(separate.size > 100, `${separate.size} resources`);
  });

  it("connects to each account once, refuses credentials of any other, and uses no default provider", async () => {
    const landscape = new Landscape();
    const providers = { ...landscape.providers };
    providers.shop = { ...shopSettings, assumeRoleArn: "arn:aws:iam::222222222222:role/deploy" };
    const result = succeeded(
      await upSingleOperator({ gateway: { ...gatewaySettings, profile: "central" }, providers }),
    );
    const found = result.resources
      .filter(({ type }) => type === "pulumi:providers:aws")
      .map(({ name, inputs: { region, allowedAccountIds, assumeRoles, profile } }) => [
        name,
        region,
        JSON.parse(allowedAccountIds as string) as unknown,
        assumeRoles === undefined ? undefined : (JSON.parse(assumeRoles as string) as unknown),
        profile,
      ])
      .sort();
    assert.deepEqual(found, [
      ["gateway", "us-east-1", ["111111111111"], undefined, "central"],
      ["old", "us-east-1", ["333333333333"], undefined, undefined],
      [
        "shop",
        "us-east-1",
        ["222222222222"],
        [{ roleArn: "arn:aws:iam::222222222222:role/deploy" }],
        undefined,
      ],
    ]);
    for (const resource of declared(result))
      if (resource.custom || resource.remote)
        assert.ok(
          ["gateway", "old", "shop"].includes(resource.provider),
          `${resource.urn}: ${resource.provider}`,
        );
  });

  it("registers the same resources in a preview in which no id is known", async () => {
    const landscape = new Landscape();
    const preview = succeeded(await upSingleOperator(landscape, { preview: true }));
    assert.deepEqual(listOf(preview), listOf(succeeded(await upSingleOperator(landscape))));
  });

  it("deploys a gateway without providers, and without an API until there is a target", async () => {
    const gateway = { ...gatewaySettings, targets: {} };
    const result = succeeded(await upSingleOperator({ gateway, providers: {} }));
    assert.deepEqual(all(result, "CentralGateway"), []);
    assert.deepEqual(Object.keys(result.outputs), ["gatewayContract"]);
    const landscape = new Landscape();
    const full = succeeded(await upSingleOperator(landscape));
    assert.equal(full.outputs.url, "https://gateway-stage.example/live");
  });

  it("stops before any resource for all mistakes of gateway and providers at once", async () => {
    const landscape = new Landscape();
    const providers = {
      ...landscape.providers,
      shop: { ...shopSettings, network: { create: { cidrBlocks: ["10.0.0.0/20"], zones: ["us-east-1a"] } } },
      gateway: shopSettings,
    };
    const gateway = { ...gatewaySettings, stge: "x", account: "1" };
    const result = await upSingleOperator({ gateway, providers });
    assert.deepEqual(declared(result), []);
    const message = result.failures[0]?.message ?? "";
    assert.match(message, /single-operator:gateway:stge: is not a known configuration key/);
    assert.match(message, /single-operator:providers\.gateway: is kept for the gateway's own resources/);
    assert.match(message, /overlaps 10\.0\.0\.0\/20 of the gateway/);
    assert.match(message, /demonstration\.cidrBlock: is not a block of the VPC; given: 100\.64\.16\.0\/20/);
    assert.match(message, /single-operator:gateway\.account: is not an AWS account id/);
  });

  it("refuses a change of a balancer's addresses, and its own contract when that is unreadable", async () => {
    const landscape = new Landscape();
    const name = "organization/single-operator/prod";
    const { outputs } = succeeded(await upSingleOperator(landscape));
    const stacks = { [name]: { outputs: structuredClone(outputs) } };
    landscape.gateway = { ...gatewaySettings, balancers: { main: { hostNumber: 99 } } };
    const changed = await upSingleOperator(landscape, { stacks });
    assert.match(changed.failures[0]?.message ?? "", /gateway:balancers\.main: would be replaced/);
    assert.deepEqual(declared(changed), []);
    landscape.gateway = { ...gatewaySettings, balancers: { main: {}, next: { hostNumber: 99 } } };
    succeeded(await upSingleOperator(landscape, { stacks }));
    stacks[name] = { outputs: { gatewayContract: { version: 1 } } };
    const unreadable = await upSingleOperator(landscape, { stacks });
    assert.match(unreadable.failures[0]?.message ?? "", /cannot read its own last contract/);
    assert.deepEqual(declared(unreadable), []);
  });
});
