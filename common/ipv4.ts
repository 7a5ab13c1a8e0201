import { Address4 } from "ip-address";

/** An IPv4 range: `start` and `end` are the first and last address as numbers, `prefix` the prefix length. */
export interface Cidr {
  start: bigint;
  end: bigint;
  prefix: number;
}

/** The address as a number, or undefined when the text is not exactly one dotted-decimal IPv4 address. */
export function parseAddress(text: string): bigint | undefined {
  const address = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? parse(text) : undefined;
  return address === undefined ? undefined : valueOf(address);
}

/** Dotted-decimal text of an address given as a number. */
export function formatAddress(address: bigint): string {
  return Address4.fromBigInt(address).correctForm();
}

/** The range a CIDR block covers, host bits ignored; undefined when the text is not `a.b.c.d/n`. */
export function parseCidr(text: string): Cidr | undefined {
  const block = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(text) ? parse(text) : undefined;
  if (block === undefined) return undefined;
  const hostBits = BigInt(32 - block.subnetMask);
  const start = (valueOf(block) >> hostBits) << hostBits;
  return { start, end: start + (1n << hostBits) - 1n, prefix: block.subnetMask };
}

function parse(text: string): Address4 | undefined {
  try {
    return new Address4(text);
  } catch {
    return undefined;
  }
}

/** What the library's `bigInt` gives, without its way through hexadecimal text: a rehearsal asks thousands of times. */
function valueOf(address: Address4): bigint {
  return address.parsedAddress.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** Text of a range: its first address and prefix length. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.start)}/${cidr.prefix}`;
}

/** True when the text names a network, that is, has no bit set to the right of its prefix. */
export function isNetwork(text: string): boolean {
  const cidr = parseCidr(text);
  return cidr !== undefined && formatCidr(cidr) === text;
}

/** True when the two blocks have an address in common. Both must be valid CIDR blocks; otherwise false. */
export function overlaps(a: string, b: string): boolean {
  const left = parseCidr(a);
  const right = parseCidr(b);
  return left !== undefined && right !== undefined && left.start <= right.end && right.start <= left.end;
}

/** True when every address of `inner` (a CIDR block or one address) lies in `outer`. */
export function contains(outer: string, inner: string): boolean {
  const block = parseCidr(outer);
  const part = parseCidr(inner.includes("/") ? inner : `${inner}/32`);
  return block !== undefined && part !== undefined && block.start <= part.start && part.end <= block.end;
}

/** The address at an offset from the start of a block; undefined when it lies behind the block's end. */
export function addressAt(cidr: string, offset: number): string | undefined {
  const block = parseCidr(cidr);
  if (block === undefined || BigInt(offset) < 0n || block.start + BigInt(offset) > block.end)
    return undefined;
  return formatAddress(block.start + BigInt(offset));
}

/**
 * The block divided into `count` equal parts, the prefix as short as that allows; undefined when the parts would be
 * smaller than `longestPrefix`.
 */
export function divide(cidr: string, count: number, longestPrefix: number): string[] | undefined {
  const block = parseCidr(cidr);
  if (block === undefined || count < 1) return undefined;
  const prefix = block.prefix + Math.ceil(Math.log2(count));
  if (prefix > longestPrefix) return undefined;
  const size = 1n << BigInt(32 - prefix);
  return Array.from(
    { length: count },
    (_, index) => `${formatAddress(block.start + size * BigInt(index))}/${prefix}`,
  );
}

/**
 * The ranges in which an NLB accepts IP targets outside of its VPC, and in which the VPCs of a landscape may lie:
 * RFC 1918 and RFC 6598.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-type
 */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] as const;

/** True when every address of the block (or the one address) is private. */
export function isPrivate(cidr: string): boolean {
  return privateRanges.some((range) => contains(range, cidr));
}
