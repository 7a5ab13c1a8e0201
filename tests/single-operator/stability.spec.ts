import assert from "node:assert/strict";
import fc from "fast-check";
import {
  declared,
  gatewaySettings,
  Landscape,
  oldSettings,
  type Settings,
  shopSettings,
  succeeded,
  upSingleOperator,
} from "../support/landscape";
import { type Run, type Values } from "../support/mocks";
import { shortType } from "../support/questions";

const services: Record<string, Settings> = {
  ...(shopSettings.services as Record<string, Settings>),
  aaa: { basePath: "/aaa", port: 9100 },
  zzz: { basePath: "/zzz", port: 9200 },
};

const extra: Settings = {
  account: "444444444444",
  network: {
    adopt: { vpcId: "vpc-0000000c", cidrBlocks: ["10.60.0.0/20"], routeTableIds: { all: "rtb-0000000c" } },
  },
  services: { loans: { basePath: "/loans", port: 80, existing: [{ address: "10.60.1.1" }] } },
};

/** What belongs to one service or provider alone, by how its resources are called. */
const marks: Record<string, RegExp> = {
  orders: /^orders(-|$)|-orders$|-demo-8080-|-to-100\.64\.\d+\.10-8080$/,
  refunds: /^refunds(-|$)|-refunds$|-demo-8081-|-10\.0\.[02]\.20$/,
  aaa: /^aaa-|-aaa$|-demo-9100-|^aaa$|-to-100\.64\.\d+\.10-9100$/,
  zzz: /^zzz-|-zzz$|-demo-9200-|^zzz$|-to-100\.64\.\d+\.10-9200$/,
  extra: /^extra(-|$)|^gateway-extra(-|$)|^loans(-|$)|^gateway-main-to-10\.60\./,
  old: /^old(-|$)|^gateway-old(-|$)|^(cards|limits)(-|$)|^gateway-main-to-10\.50\./,
};

/** Inputs by URN of all that is not a component, without what must follow every change: the API, and the instances behind all ports. */
function settled(result: Run): Map<string, Values> {
  const following = [
    "apigateway.RestApi",
    "apigateway.Deployment",
    "ec2.LaunchTemplate",
    "autoscaling.Group",
  ];
  return new Map(
    declared(result)
      .filter(({ custom, type }) => custom && !following.includes(shortType(type)))
      .map(({ urn, inputs, parent, provider }) => [urn, { ...inputs, parent, provider }]),
  );
}

/** The URNs that are in only one of two runs; those in both must have equal inputs. */
function compare(
  before: Map<string, Values>,
  after: Map<string, Values>,
): { gone: string[]; added: string[] } {
  for (const [urn, inputs] of before) if (after.has(urn)) assert.deepEqual(after.get(urn), inputs, urn);
  return {
    gone: [...before.keys()].filter((urn) => !after.has(urn)),
    added: [...after.keys()].filter((urn) => !before.has(urn)),
  };
}

function unexplained(urns: string[], reasons: string[]): string[] {
  return urns.filter((urn) => {
    const name = urn.split("::").at(-1) ?? "";
    return !reasons.some((reason) => marks[reason]?.test(name));
  });
}

describe("other targets and providers", () => {
  let base: Run;
  before(async () => {
    base = succeeded(await upSingleOperator(new Landscape()));
  });

  it("stay as they are when targets and providers come, go or change places", async () => {
    const chosen = fc.uniqueArray(fc.constantFrom<string[]>("refunds", "aaa", "zzz"));
    const parties = fc.uniqueArray(fc.constantFrom<string[]>("old", "extra"));
    await fc.assert(
      fc.asyncProperty(chosen, parties, fc.nat(5), async (names, others, position) => {
        const order = [...names];
        order.splice(position % (order.length + 1), 0, "orders");
        const shop = {
          ...shopSettings,
          services: Object.fromEntries(order.map((name) => [name, services[name]])),
        };
        const all: Record<string, Settings> = { shop, old: oldSettings, extra };
        const sequence = [...others];
        sequence.splice(position % (sequence.length + 1), 0, "shop");
        const providers = Object.fromEntries(sequence.map((name) => [name, all[name] ?? {}]));
        const after = succeeded(await upSingleOperator({ gateway: gatewaySettings, providers }));
        const { gone, added } = compare(settled(base), settled(after));
        const removed = ["refunds", "old"].filter((name) => !names.includes(name) && !others.includes(name));
        const new_ = [...names, ...others].filter((name) => name !== "refunds" && name !== "old");
        assert.deepEqual(unexplained(gone, removed), []);
        assert.deepEqual(unexplained(added, new_), []);
        for (const name of removed) assert.ok(gone.some((urn) => unexplained([urn], [name]).length === 0));
        for (const name of new_) assert.ok(added.some((urn) => unexplained([urn], [name]).length === 0));
      }),
      { numRuns: 5 },
    );
  });

  it("stay as they are when the gateway's zones change places, and keep their addresses when one is added", async () => {
    const zones = fc.shuffledSubarray(["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"], {
      minLength: 2,
    });
    await fc.assert(
      fc.asyncProperty(
        zones.filter((names) => names.includes("us-east-1a") && names.includes("us-east-1b")),
        async (names) => {
          const network = { cidrBlocks: ["10.0.0.0/20"], zones: names };
          const { providers } = new Landscape();
          const after = succeeded(
            await upSingleOperator({ gateway: { ...gatewaySettings, network }, providers }),
          );
          const mapped = (result: Run) =>
            declared(result)
              .filter(({ type }) => shortType(type) === "lb.LoadBalancer")
              .map(({ name, inputs }) => [name, inputs.subnetMappings as Values[]] as const);
          const now = new Map(mapped(after));
          for (const [name, mappings] of mapped(base)) assert.deepEqual(now.get(name)?.slice(0, 2), mappings);
          const without = (result: Run) => {
            const inputs = settled(result);
            for (const urn of inputs.keys())
              if (/LoadBalancer::(gateway|refunds)|vpcLink:VpcLink::/.test(urn)) inputs.delete(urn);
            return inputs;
          };
          const { gone, added } = compare(without(base), without(after));
          assert.deepEqual(gone, []);
          const ofNewZones = /us-east-1[cd]|-10\.0\.[46]\.[12]0$/;
          assert.deepEqual(
            added.filter((urn) => !ofNewZones.test(urn)),
            [],
          );
        },
      ),
      { numRuns: 3 },
    );
  });
});
