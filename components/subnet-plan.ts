import { addressAt, contains, divide, isNetwork, overlaps, parseCidr } from "../common/ipv4";
import { type Problem } from "../common/problems";

/**
 * Zones that a block is divided for. A zone's part follows from its letter, never from its position in a list, so that
 * adding, removing or reordering zones moves no subnet. No region has more than eight lettered zones.
 */
const zoneParts = 8;

/** The smallest subnet in which AWS lets a load balancer node live with room to spare: 32 addresses. */
const longestSubnetPrefix = 27;

/** The CIDR block of each subnet, by `<tier>-<zone>`. */
export type SubnetPlan = Record<string, { tier: string; zone: string; cidrBlock: string }>;

/**
 * One subnet for each tier and zone, computed from a VPC's block: the block divided by eight, the part chosen by the
 * zone's letter, and that divided by the number of tiers (rounded up to a power of two).
 */
export function planSubnets(
  cidrBlock: string,
  zones: readonly string[],
  tiers: readonly string[],
  where: string,
): { subnets: SubnetPlan; problems: Problem[] } {
  const subnets: SubnetPlan = {};
  if (tiers.length === 0) return { subnets, problems: [] };
  const tierBits = Math.ceil(Math.log2(tiers.length));
  const largestPrefix = longestSubnetPrefix - Math.log2(zoneParts) - tierBits;
  const parts = divide(cidrBlock, zoneParts, longestSubnetPrefix);
  const perZone = parts?.map((part) => divide(part, tiers.length, longestSubnetPrefix));
  if (perZone === undefined || perZone.some((part) => part === undefined)) {
    return {
      subnets,
      problems: [
        {
          where,
          what: "is too small for the zones: each zone letter has an eighth of the block, and each subnet at least 32 addresses",
          value: cidrBlock,
          allowed: `a prefix of /${largestPrefix} or shorter`,
          change: "choose a larger block",
        },
      ],
    };
  }
  for (const zone of zones) {
    const part = perZone[zone.charCodeAt(zone.length - 1) - "a".charCodeAt(0)];
    tiers.forEach((tier, index) => {
      const block = part?.[index];
      if (block !== undefined) subnets[`${tier}-${zone}`] = { tier, zone, cidrBlock: block };
    });
  }
  return { subnets, problems: [] };
}

/** What is wrong with a list of zones: empty, a zone named twice, or a letter that decides no part of the block. */
export function zoneProblems(zones: readonly string[], where: string): Problem[] {
  const beyond = zones.filter((zone) => !/[a-h]$/.test(zone));
  return [
    ...listProblems(zones, where),
    ...beyond.map((zone) => ({
      where,
      what: "names a zone that no region has",
      value: zone,
      allowed: "a letter from a to h at the end",
      change: "name a zone of the region",
    })),
  ];
}

/** What is wrong with a list of names: empty, or a name twice. */
export function listProblems(list: readonly string[], where: string): Problem[] {
  const repeated = [...new Set(list.filter((entry, index) => list.indexOf(entry) !== index))];
  if (list.length > 0 && repeated.length === 0) return [];
  return [
    {
      where,
      what: list.length === 0 ? "is empty" : "names an entry twice",
      ...(list.length === 0 ? {} : { value: repeated.join(", ") }),
      allowed: "at least one entry, each once",
      change: list.length === 0 ? "add an entry" : "remove the repetition",
    },
  ];
}

/**
 * The address with a host number in a subnet, and what is wrong with it: AWS keeps the first four addresses and the
 * last one of each subnet for itself.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export function hostAddress(
  subnet: string,
  hostNumber: number,
  where: string,
): { address?: string; problems: Problem[] } {
  const block = parseCidr(subnet);
  const last = block === undefined ? 0 : Number(block.end - block.start) - 1;
  if (block === undefined || !Number.isInteger(hostNumber) || hostNumber < 4 || hostNumber > last) {
    return {
      problems: [
        {
          where,
          what: `is not a usable host number in subnet ${subnet}`,
          value: String(hostNumber),
          allowed: `a whole number from 4 to ${last}`,
          change: "choose a host number that AWS does not keep for itself",
        },
      ],
    };
  }
  return { address: addressAt(subnet, hostNumber), problems: [] };
}

/** What is wrong with an address that is to be pinned in a subnet. */
export function pinnedAddressProblems(subnet: string, address: string, where: string): Problem[] {
  const block = parseCidr(subnet);
  if (block === undefined || !contains(subnet, address)) {
    return [
      {
        where,
        what: "lies outside of its subnet",
        value: address,
        allowed: `an address in ${subnet}`,
        change: "choose an address of that subnet",
      },
    ];
  }
  const offset = Number((parseCidr(`${address}/32`)?.start ?? block.start) - block.start);
  return hostAddress(subnet, offset, where).problems.map((problem) => ({ ...problem, value: address }));
}

/** What is wrong with a VPC's list of CIDR blocks: form, size, overlap of one with another. */
export function cidrBlockProblems(cidrBlocks: readonly string[], where: string): Problem[] {
  const problems: Problem[] = [];
  if (cidrBlocks.length === 0) {
    problems.push({
      where,
      what: "is empty",
      allowed: "at least one CIDR block",
      change: "give the VPC's CIDR block",
    });
  }
  cidrBlocks.forEach((block, index) => {
    const prefix = parseCidr(block)?.prefix;
    if (!isNetwork(block) || prefix === undefined || prefix < 16 || prefix > 28) {
      problems.push({
        where: `${where}[${index}]`,
        what: "is not a CIDR block that a VPC can have",
        value: block,
        allowed: "a network address without host bits and a prefix from /16 to /28",
        change: "correct the block",
      });
    }
    cidrBlocks.slice(0, index).forEach((other) => {
      if (overlaps(block, other)) {
        problems.push({
          where: `${where}[${index}]`,
          what: `overlaps ${other} of the same VPC`,
          value: block,
          allowed: "blocks apart from each other",
          change: "choose another block",
        });
      }
    });
  });
  return problems;
}
