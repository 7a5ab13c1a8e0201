import { fail, unsupported } from "./plan";
import { readSubnetSpecs, type SubnetSpec } from "./subnet-specs";

/** Where NAT gateways go. Spelt as the component's argument, in lower case, since it compares without case. */
type NatStrategy = "none" | "single" | "oneperaz";

/** The arguments of `awsx.ec2.Vpc` that decide which children there are, read and defaulted. */
export interface VpcArguments {
  cidrBlock: string;
  zones: string[];
  specs: SubnetSpec[];
  strategy: "Auto" | "Exact";
  /** True when `Name` tags end with the zone's own suffix instead of its position. */
  nameTagByZone: boolean;
  nat: NatStrategy;
  /** Elastic IP allocations given by the caller; empty when the component makes its own. */
  allocationIds: unknown[];
  tags: Record<string, unknown>;
  region: unknown;
  /** What the VPC resource is given in addition to its CIDR block and tags. */
  vpcInputs: Record<string, unknown>;
}

/** Looks the zones of a region up, as the component does where none are named. */
export type ZonesOf = (region: string | undefined) => string[];

const passedToVpc = [
  "assignGeneratedIpv6CidrBlock",
  "enableDnsHostnames",
  "enableDnsSupport",
  "enableNetworkAddressUsageMetrics",
  "instanceTenancy",
  "region",
];

const ipamAndIpv6 = [
  "ipv4IpamPoolId",
  "ipv4NetmaskLength",
  "ipv6CidrBlock",
  "ipv6CidrBlockNetworkBorderGroup",
  "ipv6IpamPoolId",
  "ipv6NetmaskLength",
];

const otherKnown = [
  // Sizes computed blocks only; without effect where every block is given.
  "availabilityZoneCidrMask",
  "availabilityZoneNames",
  "cidrBlock",
  "natGateways",
  "numberOfAvailabilityZones",
  "subnetNameTagStrategy",
  "subnetSpecs",
  "subnetStrategy",
  "tags",
  "vpcEndpointSpecs",
  // Only matters together with vpcEndpointSpecs.
  "vpcEndpointStrategy",
];

/**
 * Reads the arguments in the order in which the component checks them, so that of several mistakes the same one is
 * reported. Leaves by `unsupported` or `fail` of `./plan`.
 */
export function readVpcArguments(
  name: string,
  args: Record<string, unknown>,
  zonesOf?: ZonesOf,
): VpcArguments {
  refuseOtherForms(args);
  const zones = readZones(args, zonesOf);
  const { nat, allocationIds } = readNat(args.natGateways, zones.length);
  const nameTagByZone = (args.subnetNameTagStrategy ?? "Legacy") === "AvailabilityZone";
  const strategy = args.subnetStrategy ?? "Legacy";
  const specs = readSubnetSpecs(args.subnetSpecs, strategy, zones.length);
  if (strategy === "Legacy")
    unsupported(
      `${name}: subnetStrategy Legacy (the default) ignores the cidrBlocks of subnetSpecs and computes blocks of its own; ` +
        `set subnetStrategy to Auto or Exact`,
    );
  if (strategy !== "Auto" && strategy !== "Exact")
    unsupported(`subnetStrategy ${JSON.stringify(strategy)} is not one of Auto, Exact`);
  return {
    cidrBlock: readCidrBlock(args.cidrBlock),
    zones,
    specs,
    strategy,
    nameTagByZone,
    nat,
    allocationIds,
    tags: args.tags === undefined ? {} : plainObject(args.tags, "tags"),
    region: args.region,
    vpcInputs: Object.fromEntries(
      passedToVpc.filter((key) => args[key] !== undefined).map((key) => [key, args[key]]),
    ),
  };
}

/** The object, or the planner is left: a value that is not plain does not tell which tags there are. */
export function plainObject(value: unknown, argument: string): Record<string, unknown> {
  const prototype: unknown =
    typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) unsupported(`${argument} is not a plain object`);
  return value as Record<string, unknown>;
}

function refuseOtherForms(args: Record<string, unknown>): void {
  const known = new Set([...passedToVpc, ...ipamAndIpv6, ...otherKnown]);
  for (const [key, value] of Object.entries(args)) {
    if (value === undefined) continue;
    if (!known.has(key)) unsupported(`${key} is not an argument that version 3.9 is known to have`);
    if (ipamAndIpv6.includes(key)) unsupported(`${key}: IPAM pools and IPv6 are not reproduced`);
  }
  if (args.assignGeneratedIpv6CidrBlock !== undefined && args.assignGeneratedIpv6CidrBlock !== false)
    unsupported("assignGeneratedIpv6CidrBlock: IPv6 is not reproduced");
  if (args.vpcEndpointSpecs !== undefined && !isEmptyList(args.vpcEndpointSpecs))
    unsupported("vpcEndpointSpecs: VPC endpoints are not reproduced");
}

function readZones(args: Record<string, unknown>, zonesOf?: ZonesOf): string[] {
  const { availabilityZoneNames: names, numberOfAvailabilityZones: count } = args;
  if (names !== undefined && count !== undefined)
    fail("Only one of [availabilityZoneNames] and [numberOfAvailabilityZones] can be specified");
  if (names === undefined && zonesOf !== undefined) return firstZones(zonesOf, count ?? 3, args.region);
  if (names === undefined)
    unsupported(
      count === undefined
        ? "availabilityZoneNames is not given: the component would look zones up in the account"
        : "numberOfAvailabilityZones: the component would look zones up in the account",
    );
  if (!isStringList(names)) unsupported("availabilityZoneNames is not a list of plain strings");
  return names;
}

function firstZones(zonesOf: ZonesOf, count: unknown, region: unknown): string[] {
  if (region !== undefined && typeof region !== "string")
    fail(
      "Vpc.region must be a plain string when availabilityZoneNames is not set. If region is dynamic, specify availabilityZoneNames explicitly.",
    );
  if (typeof count !== "number") unsupported("numberOfAvailabilityZones is not a plain number");
  const zones = zonesOf(region);
  if (zones.length < count)
    fail(
      `The configured region for this provider does not have at least ${count} Availability Zones. Either specify an explicit list of zones in availabilityZoneNames or choose a region with at least ${count} AZs.`,
    );
  return zones.slice(0, count);
}

function readNat(value: unknown, zones: number): { nat: NatStrategy; allocationIds: unknown[] } {
  const given = value === undefined ? {} : plainObject(value, "natGateways");
  const strategy = given.strategy ?? "OnePerAz";
  if (typeof strategy !== "string") unsupported("natGateways.strategy is not a plain string");
  const allocationIds = given.elasticIpAllocationIds ?? [];
  if (!Array.isArray(allocationIds)) unsupported("natGateways.elasticIpAllocationIds is not a plain list");
  const count = allocationIds.length;
  const nat = strategy.toLowerCase();
  if (nat !== "none" && nat !== "single" && nat !== "oneperaz")
    fail(`Unknown NatGatewayStrategy '${strategy}'`);
  if (nat === "none" && count > 0)
    fail(`Elastic IP allocation IDs cannot be specified when NAT Gateway strategy is '${strategy}'`);
  if (nat === "single" && count > 1)
    fail(`Only one Elastic IP may be specified when NAT Gateway strategy is '${strategy}'`);
  if (nat === "oneperaz" && count > 0 && count !== zones)
    fail(
      `The number of Elastic IPs must match the number of availability zones (${zones}) when NAT Gateway strategy is ` +
        `'${strategy}'`,
    );
  return { nat, allocationIds: allocationIds as unknown[] };
}

function readCidrBlock(value: unknown): string {
  // A VPC whose range is left out gets this one: two of those cannot be peered.
  if (value === undefined) return "10.0.0.0/16";
  if (typeof value !== "string") unsupported("cidrBlock is not a plain string");
  return value;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
