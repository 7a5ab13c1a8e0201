import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, overlaps } from "../../common/ipv4";
import {
  cidrBlockProblems,
  hostAddress,
  pinnedAddressProblems,
  planSubnets,
  zoneProblems,
} from "../../components/subnet-plan";

const zones = "abcdefgh".split("").map((letter) => `us-east-1${letter}`);

describe("the plan of subnets", () => {
  it("divides the block by eight and a part by its tiers, rounded up to a power of two", () => {
    const { subnets, problems } = planSubnets("10.8.0.0/16", ["us-east-1b"], ["x", "y", "z"], "w");
    assert.deepEqual(problems, []);
    // Zone b has 10.8.32.0/19; three tiers need quarters of it, /21.
    assert.deepEqual(subnets, {
      "x-us-east-1b": { tier: "x", zone: "us-east-1b", cidrBlock: "10.8.32.0/21" },
      "y-us-east-1b": { tier: "y", zone: "us-east-1b", cidrBlock: "10.8.40.0/21" },
      "z-us-east-1b": { tier: "z", zone: "us-east-1b", cidrBlock: "10.8.48.0/21" },
    });
  });

  it("moves no subnet when zones come, go or change places, and never lets two overlap", () => {
    const some = fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1 });
    fc.assert(
      fc.property(some, fc.integer({ min: 16, max: 23 }), (chosen, prefix) => {
        const block = `10.0.0.0/${prefix}`;
        const every = planSubnets(block, zones, ["a", "b"], "w").subnets;
        const { subnets } = planSubnets(block, chosen, ["a", "b"], "w");
        assert.equal(Object.keys(subnets).length, 2 * chosen.length);
        for (const [label, subnet] of Object.entries(subnets)) assert.deepEqual(every[label], subnet);
        const blocks = Object.values(subnets).map(({ cidrBlock }) => cidrBlock);
        blocks.forEach((one, index) => {
          assert.ok(contains(block, one));
          assert.deepEqual(
            blocks.slice(0, index).filter((other) => overlaps(one, other)),
            [],
          );
        });
      }),
    );
  });

  it("refuses a block whose subnets would have fewer than 32 addresses, and says which one would do", () => {
    assert.deepEqual(planSubnets("10.0.0.0/24", zones, ["a"], "w").problems, []);
    for (const [block, tiers, prefix] of [
      ["10.0.0.0/25", ["a"], "/24"],
      ["10.0.0.0/24", ["a", "b"], "/23"],
      ["10.0.0.0/23", ["a", "b", "c"], "/22"],
    ] as const) {
      const { subnets, problems } = planSubnets(block, zones, tiers, "w");
      assert.deepEqual(subnets, {});
      assert.deepEqual(
        problems.map(({ where, value, allowed }) => [where, value, allowed]),
        [["w", block, `a prefix of ${prefix} or shorter`]],
      );
    }
  });
});

describe("host addresses", () => {
  it("are counted from the start of the subnet, leaving out what AWS keeps", () => {
    assert.deepEqual(hostAddress("10.0.2.0/24", 10, "w"), { address: "10.0.2.10", problems: [] });
    assert.deepEqual(hostAddress("10.0.2.64/27", 4, "w"), { address: "10.0.2.68", problems: [] });
    assert.deepEqual(hostAddress("10.0.2.64/27", 30, "w"), { address: "10.0.2.94", problems: [] });
    for (const number of [3, 31, -1, 4.5, Number.NaN]) {
      const { address, problems } = hostAddress("10.0.2.64/27", number, "hostNumber");
      assert.equal(address, undefined);
      assert.deepEqual(
        problems.map(({ where, value, allowed }) => [where, value, allowed]),
        [["hostNumber", String(number), "a whole number from 4 to 30"]],
      );
    }
  });

  it("may be pinned inside the subnet where AWS keeps none", () => {
    assert.deepEqual(pinnedAddressProblems("10.0.2.0/24", "10.0.2.254", "w"), []);
    for (const [address, allowed] of [
      ["10.0.2.3", "a whole number from 4 to 254"],
      ["10.0.2.255", "a whole number from 4 to 254"],
      ["10.0.3.10", "an address in 10.0.2.0/24"],
      ["ten", "an address in 10.0.2.0/24"],
    ] as const) {
      assert.deepEqual(
        pinnedAddressProblems("10.0.2.0/24", address, "w").map((problem) => [
          problem.where,
          problem.value,
          problem.allowed,
        ]),
        [["w", address, allowed]],
      );
    }
  });
});

describe("CIDR blocks and zones of a VPC", () => {
  it("are refused for form, size, overlap and number, each with its place", () => {
    assert.deepEqual(cidrBlockProblems(["10.0.0.0/16", "10.1.0.0/28"], "b"), []);
    const blocks = ["10.0.0.0/16", "10.0.9.0/24", "10.1.0.0/15", "10.9.0.0/29", "10.8.0.1/16", "x"];
    assert.deepEqual(
      cidrBlockProblems(blocks, "b").map(({ where, value, what }) => [where, value, what]),
      [
        ["b[1]", "10.0.9.0/24", "overlaps 10.0.0.0/16 of the same VPC"],
        ["b[2]", "10.1.0.0/15", "is not a CIDR block that a VPC can have"],
        ["b[2]", "10.1.0.0/15", "overlaps 10.0.0.0/16 of the same VPC"],
        ["b[2]", "10.1.0.0/15", "overlaps 10.0.9.0/24 of the same VPC"],
        ["b[3]", "10.9.0.0/29", "is not a CIDR block that a VPC can have"],
        ["b[4]", "10.8.0.1/16", "is not a CIDR block that a VPC can have"],
        ["b[5]", "x", "is not a CIDR block that a VPC can have"],
      ],
    );
    assert.deepEqual(
      cidrBlockProblems([], "b").map(({ where, what }) => [where, what]),
      [["b", "is empty"]],
    );
  });

  it("are refused for a zone twice or a letter that no region has", () => {
    assert.deepEqual(zoneProblems(["us-east-1a", "us-east-1h"], "z"), []);
    assert.deepEqual(
      zoneProblems(["us-east-1a", "us-east-1i", "us-east-1a", "us-east-1"], "z").map(
        ({ where, value, what }) => [where, value, what],
      ),
      [
        ["z", "us-east-1a", "names an entry twice"],
        ["z", "us-east-1i", "names a zone that no region has"],
        ["z", "us-east-1", "names a zone that no region has"],
      ],
    );
  });
});
