import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ComponentPlan } from "../../../rehearsal/awsx/plan";
import { planVpc } from "../../../rehearsal/awsx/vpc";

const twoZones = ["us-east-1a", "us-east-1b"];
const threeZones = [...twoZones, "us-east-1c"];

/** A form that is reproduced; each test changes one thing in it. */
const isolated = {
  cidrBlock: "10.1.0.0/24",
  availabilityZoneNames: twoZones,
  natGateways: { strategy: "None" },
  subnetStrategy: "Auto",
  subnetSpecs: [{ type: "Isolated", cidrBlocks: ["10.1.0.0/26", "10.1.0.64/26"] }],
};

function planOf(args: Record<string, unknown>): ComponentPlan {
  const plan = planVpc("net", args);
  if (!("children" in plan)) assert.fail(`no plan: ${JSON.stringify(plan)}`);
  return plan;
}

function inputsOf(plan: ComponentPlan, key: string): Record<string, unknown> {
  const child = plan.children.find((each) => each.key === key);
  assert.ok(child, `no child ${key}`);
  return child.inputs;
}

function errorOf(args: Record<string, unknown>): string {
  const plan = planVpc("net", args);
  return "error" in plan ? plan.error : assert.fail(`no error: ${JSON.stringify(plan)}`);
}

function unsupportedOf(args: Record<string, unknown>): string {
  const plan = planVpc("net", args);
  return "unsupported" in plan ? plan.unsupported : assert.fail(`reproduced: ${JSON.stringify(plan)}`);
}

describe("planVpc, what the real component refuses", () => {
  const withSpecs = (...subnetSpecs: unknown[]): Record<string, unknown> => ({ ...isolated, subnetSpecs });
  const first = ["10.1.0.0/26", "10.1.0.64/26"];
  const second = ["10.1.0.128/26", "10.1.0.192/26"];
  const cases: [string, Record<string, unknown>, RegExp][] = [
    [
      "a number of blocks that is not the number of zones",
      { ...isolated, availabilityZoneNames: threeZones },
      /CIDR blocks in subnetSpecs\[0\] must match the number of availability zones \(3\)/,
    ],
    [
      "a spec without blocks beside one with blocks",
      withSpecs({ type: "Isolated", cidrBlocks: first }, { type: "Private" }),
      /all subnets must have explicit cidrBlocks/,
    ],
    [
      "overlapping blocks, naming both subnets",
      withSpecs({ type: "Isolated", cidrBlocks: ["10.1.0.0/25", "10.1.0.64/26"] }),
      /overlap[^]*1\. net-isolated-1: 10\.1\.0\.0\/25\n2\. net-isolated-2: 10\.1\.0\.64\/26/,
    ],
    [
      "two specs of one type without names",
      withSpecs({ type: "Isolated", cidrBlocks: first }, { type: "Isolated", cidrBlocks: second }),
      /Multiple subnet specs of type "isolated" require unique names/,
    ],
    [
      "two specs of different types with one name",
      withSpecs(
        { type: "Isolated", name: "a", cidrBlocks: first },
        { type: "Private", name: "a", cidrBlocks: second },
      ),
      /two subnets are named net-a-1/,
    ],
    [
      "a mask that is not that of the blocks",
      withSpecs({ type: "Isolated", cidrMask: 27, cidrBlocks: first }),
      /cidrMask in subnetSpecs\[0\] must match/,
    ],
    [
      "a size that is not that of the blocks",
      withSpecs({ type: "Isolated", size: 32, cidrBlocks: first }),
      /size in subnetSpecs\[0\] must match/,
    ],
    [
      "a size that no block has",
      withSpecs({ type: "Isolated", size: 65, cidrBlocks: first }),
      /sizes are invalid: 65/,
    ],
    [
      "a block that is none",
      withSpecs({ type: "Isolated", cidrBlocks: ["ten", "10.1.0.64/26"] }),
      /Invalid net address: ten/,
    ],
    [
      "the default NAT strategy without public subnets",
      { ...isolated, natGateways: undefined },
      /public subnets must be declared/,
    ],
    [
      "an unknown NAT strategy",
      { ...isolated, natGateways: { strategy: "Two" } },
      /Unknown NatGatewayStrategy 'Two'/,
    ],
    [
      "addresses for no NAT gateway",
      { ...isolated, natGateways: { strategy: "None", elasticIpAllocationIds: ["eipalloc-1"] } },
      /cannot be specified when NAT Gateway strategy is 'None'/,
    ],
    [
      "two addresses for a single NAT gateway",
      {
        ...isolated,
        natGateways: { strategy: "Single", elasticIpAllocationIds: ["eipalloc-1", "eipalloc-2"] },
      },
      /Only one Elastic IP/,
    ],
    [
      "fewer addresses than zones for a NAT gateway in each",
      { ...isolated, natGateways: { strategy: "OnePerAz", elasticIpAllocationIds: ["eipalloc-1"] } },
      /must match the number of availability zones \(2\)/,
    ],
    ["zones both by name and by number", { ...isolated, numberOfAvailabilityZones: 2 }, /Only one of/],
    ["explicit blocks to be merged", { ...isolated, subnetStrategy: "AutoMerge" }, /AutoMerge/],
    [
      "zones with one suffix when tags end with it",
      {
        ...isolated,
        subnetNameTagStrategy: "AvailabilityZone",
        availabilityZoneNames: ["us-east-1a", "us-west-1a"],
      },
      /both reduce to "1a"/,
    ],
  ];
  for (const [what, args, message] of cases)
    it(`refuses ${what}`, () => {
      assert.match(errorOf(args), message);
    });

  it("refuses gaps with Exact, all in one message, and accepts the same with Auto", () => {
    const gaps = withSpecs({ type: "Isolated", cidrBlocks: ["10.1.0.64/26", "10.1.0.192/27"] });
    assert.equal(
      errorOf({ ...gaps, subnetStrategy: "Exact" }),
      "There are gaps in the subnet ranges. Please fix the following gaps: " +
        "net-isolated-1 (10.1.0.64/26) does not start at the beginning of the VPC (10.1.0.0/24), " +
        "net-isolated-1 (10.1.0.64/26) <=> net-isolated-2 (10.1.0.192/27), " +
        "net-isolated-2 (ending 10.1.0.223) ends before VPC ends (at 10.1.0.255)",
    );
    assert.equal(planOf(gaps).children.length, 8);
  });

  it("names every mistake in the specs at once", () => {
    assert.equal(
      errorOf(
        withSpecs(
          { type: "Isolated", cidrBlocks: first },
          { type: "Private" },
          { type: "Public", cidrBlocks: [] },
        ),
      ),
      "Invalid subnet specifications:\n" +
        " - If any subnet spec has explicit cidrBlocks, all subnets must have explicit cidrBlocks\n" +
        " - The number of CIDR blocks in subnetSpecs[2] must match the number of availability zones (2)",
    );
  });
});

describe("planVpc, forms that are not reproduced", () => {
  const block = { type: "Isolated", cidrBlocks: ["10.1.0.0/26", "10.1.0.64/26"] };
  const cases: [string, Record<string, unknown>, RegExp][] = [
    [
      "the default strategy, which ignores explicit blocks",
      { subnetStrategy: undefined },
      /subnetStrategy Legacy/,
    ],
    ["the strategy Legacy by name", { subnetStrategy: "Legacy" }, /ignores the cidrBlocks/],
    ["an unknown strategy", { subnetStrategy: "auto" }, /subnetStrategy "auto"/],
    ["zones that the component would look up", { availabilityZoneNames: undefined }, /availabilityZoneNames/],
    [
      "a number of zones",
      { availabilityZoneNames: undefined, numberOfAvailabilityZones: 2 },
      /numberOfAvailabilityZones/,
    ],
    [
      "zones that are not plain",
      { availabilityZoneNames: [Promise.resolve("us-east-1a")] },
      /availabilityZoneNames/,
    ],
    ["default subnets", { subnetSpecs: undefined }, /subnetSpecs/],
    [
      "subnets by mask",
      { subnetSpecs: [{ type: "Isolated", cidrMask: 26 }] },
      /subnetSpecs without cidrBlocks/,
    ],
    ["a list of subnets that is not plain", { subnetSpecs: "two" }, /subnetSpecs/],
    ["a spec that is none", { subnetSpecs: ["Isolated"] }, /subnetSpecs\[0\] is not/],
    ["an unknown subnet type", { subnetSpecs: [{ ...block, type: "isolated" }] }, /subnetSpecs\[0\]\.type/],
    ["a subnet name that is not plain", { subnetSpecs: [{ ...block, name: 1 }] }, /subnetSpecs\[0\]\.name/],
    [
      "a mask that is not plain",
      { subnetSpecs: [{ ...block, cidrMask: "26" }] },
      /subnetSpecs\[0\]\.cidrMask/,
    ],
    [
      "blocks that are not plain",
      { subnetSpecs: [{ ...block, cidrBlocks: [1, 2] }] },
      /subnetSpecs\[0\]\.cidrBlocks/,
    ],
    [
      "subnet tags that are not plain",
      { subnetSpecs: [{ ...block, tags: new Map() }] },
      /subnetSpecs\[\]\.tags/,
    ],
    [
      "IPv6 in a subnet",
      { subnetSpecs: [{ ...block, assignIpv6AddressOnCreation: true }] },
      /assignIpv6AddressOnCreation/,
    ],
    ["IPv6 in the VPC", { assignGeneratedIpv6CidrBlock: true }, /assignGeneratedIpv6CidrBlock/],
    ["an address pool", { ipv4IpamPoolId: "ipam-pool-1" }, /ipv4IpamPoolId/],
    [
      "VPC endpoints",
      { vpcEndpointSpecs: [{ serviceName: "com.amazonaws.us-east-1.s3" }] },
      /vpcEndpointSpecs/,
    ],
    ["a block that is not plain", { cidrBlock: 10 }, /cidrBlock/],
    ["tags that are not plain", { tags: [] }, /tags/],
    ["a NAT strategy that is not plain", { natGateways: { strategy: 1 } }, /natGateways\.strategy/],
    [
      "NAT addresses that are not plain",
      { natGateways: { strategy: "None", elasticIpAllocationIds: "all" } },
      /elasticIpAllocationIds/,
    ],
    ["an argument that it does not know", { transitGateway: "tgw-1" }, /transitGateway/],
  ];
  for (const [what, change, reason] of cases)
    it(`says so of ${what}, with the argument's name`, () => {
      assert.match(unsupportedOf({ ...isolated, ...change }), reason);
    });

  it("accepts what has no effect: no endpoints, IPv6 switched off, a zone mask beside explicit blocks", () => {
    const plan = planOf({
      ...isolated,
      vpcEndpointSpecs: [],
      vpcEndpointStrategy: "Auto",
      assignGeneratedIpv6CidrBlock: false,
      availabilityZoneCidrMask: 25,
    });
    assert.deepEqual(inputsOf(plan, "vpc"), {
      cidrBlock: "10.1.0.0/24",
      assignGeneratedIpv6CidrBlock: false,
      tags: { Name: "net" },
    });
  });
});
