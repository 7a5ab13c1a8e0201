import { formatAddress, overlaps, parseCidr } from "../../common/ipv4";
import { fail } from "./plan";
import type { SubnetSpec } from "./subnet-specs";
import type { VpcArguments } from "./vpc-arguments";

/** One subnet that the component has decided on, an unused range included. */
export interface PlannedSubnet {
  spec: SubnetSpec;
  zone: string;
  /** Position of the zone, from 0. */
  zoneIndex: number;
  cidrBlock: string;
  /** Logical name of the subnet and of what belongs to it; ends with the zone's position, from 1, whatever the tags say. */
  resourceName: string;
  /** Value of the `Name` tag. */
  nameTag: string;
}

/**
 * All subnets, zone by zone and within a zone in the order of the specs, after the checks that the component makes of
 * them together. It does not check that they lie inside the VPC: AWS does.
 */
export function layOutSubnets(vpcName: string, args: VpcArguments): PlannedSubnet[] {
  if (args.nameTagByZone) checkZoneSuffixes(args.zones);
  const subnets = args.zones.flatMap((zone, zoneIndex) =>
    args.specs.map((spec): PlannedSubnet => {
      const stem = `${vpcName}-${spec.name ?? spec.type.toLowerCase()}`;
      const resourceName = `${stem}-${zoneIndex + 1}`;
      const nameTag = args.nameTagByZone ? `${stem}-${zoneSuffix(zone)}` : resourceName;
      return { spec, zone, zoneIndex, cidrBlock: spec.cidrBlocks[zoneIndex]!, resourceName, nameTag };
    }),
  );
  checkOverlaps(subnets);
  if (args.strategy === "Exact") checkGaps(args.cidrBlock, subnets);
  checkNat(args);
  checkNames(subnets);
  return subnets;
}

/** The subnets of one zone in the order of their creation: public, private, isolated, and nothing for unused ranges. */
export function inCreationOrder(subnets: PlannedSubnet[]): PlannedSubnet[] {
  return ["Public", "Private", "Isolated"].flatMap((type) =>
    subnets.filter((subnet) => subnet.spec.type === type),
  );
}

function checkOverlaps(subnets: PlannedSubnet[]): void {
  const guilty = subnets.filter((a) => subnets.some((b) => a !== b && overlaps(a.cidrBlock, b.cidrBlock)));
  if (guilty.length === 0) return;
  const lines = guilty.map((subnet, index) => `${index + 1}. ${subnet.resourceName}: ${subnet.cidrBlock}`);
  fail(`The following subnets overlap with at least one other subnet:\n\n${lines.join("\n")}`);
}

/** Only `Exact` asks that the subnets, in the order given, fill the VPC from its first address to its last. */
function checkGaps(vpcBlock: string, subnets: PlannedSubnet[]): void {
  const vpc = parseCidr(vpcBlock) ?? fail(`Invalid net address: ${vpcBlock}`);
  const gaps: string[] = [];
  let expected = vpc.start;
  let before: PlannedSubnet | undefined;
  for (const subnet of subnets) {
    const block = parseCidr(subnet.cidrBlock)!;
    const label = `${subnet.resourceName} (${subnet.cidrBlock})`;
    if (block.start !== expected)
      gaps.push(
        before === undefined
          ? `${label} does not start at the beginning of the VPC (${vpcBlock})`
          : `${before.resourceName} (${before.cidrBlock}) <=> ${label}`,
      );
    before = subnet;
    expected = block.end + 1n;
  }
  if (before !== undefined && expected !== vpc.end + 1n)
    gaps.push(
      `${before.resourceName} (ending ${formatAddress(expected - 1n)}) ends before VPC ends (at ${formatAddress(vpc.end)})`,
    );
  if (gaps.length > 0)
    fail(`There are gaps in the subnet ranges. Please fix the following gaps: ${gaps.join(", ")}`);
}

function checkNat({ nat, specs }: VpcArguments): void {
  if (nat === "none") return;
  const has = (...types: string[]): boolean => specs.some((spec) => types.includes(spec.type));
  if (has("Public") && has("Private", "Isolated")) return;
  fail(
    "If NAT Gateway strategy is 'OnePerAz' (the default) or 'Single', public subnets must be declared to host the NAT " +
      "Gateway, along with private or isolated subnets to route through it",
  );
}

/** Not a check of the component's own: the engine refuses the second of two resources with one URN. */
function checkNames(subnets: PlannedSubnet[]): void {
  const created = inCreationOrder(subnets).map((subnet) => subnet.resourceName);
  const twice = created.find((name, index) => created.indexOf(name) !== index);
  if (twice !== undefined) fail(`Duplicate resource URN: two subnets are named ${twice}`);
}

/** What remains of a zone name without its region's letters: `1a` of `us-east-1a`; the whole when it is not of that form. */
function zoneSuffix(zone: string): string {
  return zone.replace(/^[a-z]{2}(-[a-z]+)+-/, "");
}

function checkZoneSuffixes(zones: string[]): void {
  zones.forEach((zone, index) => {
    const other = zones.slice(0, index).find((earlier) => zoneSuffix(earlier) === zoneSuffix(zone));
    if (other !== undefined)
      fail(
        `subnetNameTagStrategy="AvailabilityZone" requires availability zones with distinct suffixes, but "${other}" and ` +
          `"${zone}" both reduce to "${zoneSuffix(zone)}"`,
      );
  });
}
