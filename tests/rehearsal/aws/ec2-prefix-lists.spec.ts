import assert from "node:assert/strict";
import { Bench } from "./bench";

describe("managed prefix lists", () => {
  const list = { addressFamily: "IPv4", maxEntries: 2, entries: [{ cidr: "10.0.0.0/24" }] };

  it("have an id, an ARN, an owner and a version that rises with every change of the entries", () => {
    const bench = new Bench();
    const { id, outputs } = bench.put("prefixList", "callers", list);
    assert.match(id, /^pl-0[0-9a-f]{16}$/);
    assert.equal(outputs.version, 1);
    assert.equal(outputs.arn, `arn:aws:ec2:us-east-1:111111111111:prefix-list/${id}`);
    const larger = bench.put("prefixList", "callers", { ...list, maxEntries: 3 });
    assert.deepEqual([larger.change, larger.id, larger.outputs.version], ["update", id, 1]);
    const emptied = bench.put("prefixList", "callers", { ...list, entries: [] });
    assert.deepEqual([emptied.change, emptied.outputs.version], ["update", 2]);
    assert.equal(bench.put("prefixList", "callers", { ...list, addressFamily: "IPv6" }).change, "replace");
  });

  it("refuse blocks with host bits, twice, or more than there is room for, in the list and as resources", () => {
    const bench = new Bench();
    const refuses = (...blocks: string[]) =>
      bench.refuses("InvalidParameterValue", "prefixList", "l", {
        ...list,
        entries: blocks.map((cidr) => ({ cidr })),
      });
    refuses("10.0.0.1/24");
    refuses("10.0.0.0/24", "10.0.0.0/24");
    bench.refuses("PrefixListMaxEntriesExceeded", "prefixList", "l", { ...list, maxEntries: 0 });
    const prefixListId = bench.id("prefixList", "callers", list);
    const entry = { prefixListId, cidr: "10.0.1.0/24" };
    assert.equal(bench.id("prefixListEntry", "more", entry), `${prefixListId},10.0.1.0/24`);
    assert.equal(bench.put("prefixListEntry", "more", entry).change, "same");
    bench.refuses("InvalidParameterValue", "prefixListEntry", "again", { ...entry, cidr: "10.0.0.0/24" });
    bench.refuses("PrefixListMaxEntriesExceeded", "prefixListEntry", "third", {
      ...entry,
      cidr: "10.0.2.0/24",
    });
    bench.refuses("InvalidPrefixListID.NotFound", "prefixListEntry", "lost", {
      ...entry,
      prefixListId: "pl-1",
    });
  });

  it("refuse a family that is none, a name of AWS, and a list without room", () => {
    const bench = new Bench();
    bench.refuses("InvalidParameterValue", "prefixList", "l", { ...list, addressFamily: "ipv4" });
    bench.refuses("InvalidParameterValue", "prefixList", "l", { ...list, name: "com.amazonaws.mine" });
    bench.refuses("MissingParameter", "prefixList", "l", { addressFamily: "IPv4" });
  });
});
