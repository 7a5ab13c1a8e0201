import type { Cidr } from "../../common/ipv4";

/** Values filed under CIDR blocks, found by address range without looking at all of them. */
export class PrefixIndex<T> {
  private readonly byPrefix = new Map<number, Map<bigint, { block: Cidr; values: T[] }>>();
  private prefixes: number[] = [];

  add(block: Cidr, value: T): void {
    let blocks = this.byPrefix.get(block.prefix);
    if (blocks === undefined) {
      blocks = new Map();
      this.byPrefix.set(block.prefix, blocks);
      this.prefixes = [...this.byPrefix.keys()].sort((a, b) => b - a);
    }
    const entry = blocks.get(block.start);
    if (entry === undefined) blocks.set(block.start, { block, values: [value] });
    else entry.values.push(value);
  }

  /** Blocks that hold the whole range, the longest prefix first. */
  *covering(range: Cidr): Generator<{ block: Cidr; values: T[] }> {
    for (const prefix of this.prefixes) {
      if (prefix > range.prefix) continue;
      const size = 1n << BigInt(32 - prefix);
      const entry = this.byPrefix.get(prefix)?.get(range.start - (range.start % size));
      if (entry !== undefined) yield entry;
    }
  }

  /** Blocks that lie inside the range and are smaller than it. */
  *inside(range: Cidr): Generator<{ block: Cidr; values: T[] }> {
    for (const prefix of this.prefixes) {
      if (prefix <= range.prefix) continue;
      for (const entry of this.byPrefix.get(prefix)?.values() ?? []) {
        if (range.start <= entry.block.start && entry.block.end <= range.end) yield entry;
      }
    }
  }
}
