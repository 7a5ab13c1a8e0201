import { parseCidr } from "../../common/ipv4";
import { fail, unsupported } from "./plan";

/** One entry of `subnetSpecs`: one subnet in every zone, its block there given explicitly. */
export interface SubnetSpec {
  type: "Public" | "Private" | "Isolated" | "Unused";
  name?: string;
  /** One block for each zone, in the order of the zones. */
  cidrBlocks: string[];
  cidrMask?: number;
  /** Number of addresses of each block. */
  size?: number;
  tags?: unknown;
}

const types: readonly unknown[] = ["Public", "Private", "Isolated", "Unused"];

/** Reads `subnetSpecs` in the explicit form, and refuses what the component refuses about them on their own. */
export function readSubnetSpecs(value: unknown, strategy: unknown, zones: number): SubnetSpec[] {
  if (value === undefined) unsupported("subnetSpecs is not given: computed subnets are not reproduced");
  if (!Array.isArray(value)) unsupported("subnetSpecs is not a plain list");
  const specs = value.map(readSpec);
  const explicit = specs.filter((spec) => spec.cidrBlocks !== undefined);
  if (strategy === "AutoMerge" && explicit.length > 0)
    fail(
      `subnetStrategy="AutoMerge" does not support subnetSpecs with explicit cidrBlocks; use "Auto" or "Exact"`,
    );
  const issues = [...duplicateIssues(specs), ...sizeIssues(specs)];
  if (explicit.length > 0) issues.push(...specs.flatMap((spec, index) => blockIssues(spec, index, zones)));
  if (issues.length > 0) fail(`Invalid subnet specifications:\n - ${issues.join("\n - ")}`);
  if (explicit.length === 0)
    unsupported("subnetSpecs without cidrBlocks: computed subnets are not reproduced");
  return specs as SubnetSpec[];
}

/** As written, before it is known whether every entry has its blocks. */
type WrittenSpec = Omit<SubnetSpec, "cidrBlocks"> & Partial<Pick<SubnetSpec, "cidrBlocks">>;

function readSpec(value: unknown, index: number): WrittenSpec {
  const at = `subnetSpecs[${index}]`;
  if (typeof value !== "object" || value === null) unsupported(`${at} is not a plain object`);
  const spec = value as Record<string, unknown>;
  if (!types.includes(spec.type)) unsupported(`${at}.type is not one of ${types.join(", ")}`);
  if (spec.name !== undefined && typeof spec.name !== "string")
    unsupported(`${at}.name is not a plain string`);
  if (spec.assignIpv6AddressOnCreation !== undefined && spec.assignIpv6AddressOnCreation !== false)
    unsupported(`${at}.assignIpv6AddressOnCreation: IPv6 is not reproduced`);
  for (const key of ["cidrMask", "size"])
    if (spec[key] !== undefined && typeof spec[key] !== "number")
      unsupported(`${at}.${key} is not a plain number`);
  const blocks = spec.cidrBlocks;
  if (blocks !== undefined && !(Array.isArray(blocks) && blocks.every((block) => typeof block === "string")))
    unsupported(`${at}.cidrBlocks is not a list of plain strings`);
  return spec as unknown as WrittenSpec;
}

/** Two specs of one type would give subnets of one name. */
function duplicateIssues(specs: WrittenSpec[]): string[] {
  return [...new Set(specs.map((spec) => spec.type))].flatMap((type) => {
    const names = specs.filter((spec) => spec.type === type).map((spec) => spec.name);
    if (new Set(names).size === names.length) return [];
    return [
      `Multiple subnet specs of type "${type.toLowerCase()}" require unique names; at most one of a type may be unnamed`,
    ];
  });
}

function sizeIssues(specs: WrittenSpec[]): string[] {
  const invalid = specs.filter((spec) => spec.size !== undefined && !isBlockSize(spec.size));
  if (invalid.length === 0) return [];
  return [`The following subnet sizes are invalid: ${invalid.map((spec) => spec.size).join(", ")}`];
}

/** The component knows the sizes of a /0 to a /30. */
function isBlockSize(size: number): boolean {
  return size >= 4 && size <= 2 ** 32 && Number.isInteger(Math.log2(size));
}

function blockIssues(spec: WrittenSpec, index: number, zones: number): string[] {
  const at = `subnetSpecs[${index}]`;
  if (spec.cidrBlocks === undefined)
    return ["If any subnet spec has explicit cidrBlocks, all subnets must have explicit cidrBlocks"];
  if (spec.cidrBlocks.length !== zones)
    return [`The number of CIDR blocks in ${at} must match the number of availability zones (${zones})`];
  const prefixes = spec.cidrBlocks.map(
    (block) => (parseCidr(block) ?? fail(`Invalid net address: ${block}`)).prefix,
  );
  if (spec.cidrMask !== undefined && prefixes.some((prefix) => prefix !== spec.cidrMask))
    return [`The cidrMask in ${at} must match all cidrBlocks or be left undefined`];
  if (spec.size !== undefined && prefixes.some((prefix) => 2 ** (32 - prefix) !== spec.size))
    return [`The size in ${at} must match all cidrBlocks or be left undefined`];
  return [];
}
