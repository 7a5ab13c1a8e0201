import assert from "node:assert/strict";
import { z } from "zod";
import { Collector, nearest, refuse, show } from "../../common/collector";
import { formatProblem, ProblemsError } from "../../common/problems";
import { mapEntries, sortedEntries } from "../../common/records";
import { accountId } from "../../common/values";

const schema = z.strictObject({
  count: z.number().min(2).max(3),
  list: z.array(z.string().min(2).max(3)).min(1).max(2).default(["ab"]),
  kind: z.enum(["a", "b"]).optional(),
  inner: z.strictObject({ flag: z.boolean() }).optional(),
  map: z.record(z.string(), z.strictObject({ x: z.number() })).optional(),
  either: z.union([z.strictObject({ left: z.string() }), z.strictObject({ right: z.string() })]).optional(),
  even: z
    .number()
    .superRefine((value, ctx) => {
      if (value % 2 !== 0) refuse(ctx, "is odd", { allowed: "an even number", change: "add one" });
    })
    .optional(),
  plain: z
    .string()
    .refine((value) => value === "yes", "the word yes")
    .optional(),
});

function problemsOf(value: unknown) {
  const collector = new Collector();
  const parsed = collector.parse(schema, value, "shop:key");
  assert.equal(parsed === undefined, collector.problems.length > 0);
  return collector.problems;
}

describe("the collector of problems", () => {
  it("says what is wrong with a key of a map, and that text needs quotation marks", () => {
    const collector = new Collector();
    collector.parse(z.record(accountId, z.number()), { "12": 1 }, "w");
    collector.parse(z.record(z.string().max(1, "one character"), z.number()), { ab: 1 }, "w");
    collector.parse(z.strictObject({ id: accountId }), { id: 123456789012 }, "w");
    collector.parse(z.strictObject({ count: z.number().int() }), { count: 1.5 }, "w");
    assert.deepEqual(collector.problems.map(formatProblem), [
      `w.12: is not an AWS account id; given: "12"; allowed: exactly 12 digits, in quotation marks; change: give the account's 12-digit id`,
      `w.ab: is not a key that can stand here; given: "ab"; allowed: at most 1 character; change: write at most 1 character`,
      "w.id: has a wrong value; given: 123456789012; allowed: text; change: put the value in quotation marks",
      "w.count: has a wrong value; given: 1.5; allowed: a whole number; change: change the value to a whole number",
    ]);
  });

  it("returns the value with defaults when nothing is wrong", () => {
    const collector = new Collector();
    assert.deepEqual(collector.parse(schema, { count: 2 }, "w"), { count: 2, list: ["ab"] });
    assert.deepEqual(collector.problems, []);
  });

  const wrong: [
    title: string,
    value: unknown,
    where: string,
    given: string | undefined,
    allowed: string,
    change: string,
  ][] = [
    ["a missing key", {}, "shop:key.count", undefined, "a number", "add the key"],
    ["another type", { count: "2" }, "shop:key.count", '"2"', "a number", "change the value to a number"],
    ["no map at all", 7, "shop:key", "7", "a map", "change the value to a map"],
    [
      "too small",
      { count: 1 },
      "shop:key.count",
      "1",
      "a number of at least 2",
      "change the value to a number of at least 2",
    ],
    [
      "too big",
      { count: 4 },
      "shop:key.count",
      "4",
      "a number of at most 3",
      "change the value to a number of at most 3",
    ],
    [
      "too short a list",
      { count: 2, list: [] },
      "shop:key.list",
      "[]",
      "at least 1 entry",
      "change the value to at least 1 entry",
    ],
    [
      "too long a list",
      { count: 2, list: ["ab", "ab", "ab"] },
      "shop:key.list",
      '["ab","ab","ab"]',
      "at most 2 entries",
      "change the value to at most 2 entries",
    ],
    [
      "too short a text",
      { count: 2, list: ["a"] },
      "shop:key.list[0]",
      '"a"',
      "at least 2 characters",
      "change the value to at least 2 characters",
    ],
    [
      "too long a text",
      { count: 2, list: ["ab", "abcd"] },
      "shop:key.list[1]",
      '"abcd"',
      "at most 3 characters",
      "change the value to at most 3 characters",
    ],
    [
      "a list that is none",
      { count: 2, list: "ab" },
      "shop:key.list",
      '"ab"',
      "a list",
      "change the value to a list",
    ],
    [
      "a text that is none",
      { count: 2, list: [5] },
      "shop:key.list[0]",
      "5",
      "text",
      "put the value in quotation marks",
    ],
    [
      "a word that is not offered",
      { count: 2, kind: "c" },
      "shop:key.kind",
      '"c"',
      "a or b",
      "change the value to a or b",
    ],
    ["advice of its own", { count: 2, even: 3 }, "shop:key.even", "3", "an even number", "add one"],
    [
      "a refinement without advice",
      { count: 2, plain: "no" },
      "shop:key.plain",
      '"no"',
      "the word yes",
      "change the value to the word yes",
    ],
    [
      "an unknown key near a known one",
      { count: 2, kinde: "a" },
      "shop:key.kinde",
      "kinde",
      "count, either, even, inner, kind, list, map, plain",
      'write "kind" instead, or remove it',
    ],
    [
      "an unknown key near none",
      { count: 2, zzzzzz: "a" },
      "shop:key.zzzzzz",
      "zzzzzz",
      "count, either, even, inner, kind, list, map, plain",
      "remove it",
    ],
    [
      "an unknown key further down",
      { count: 2, inner: { flag: true, flog: 1 } },
      "shop:key.inner.flog",
      "flog",
      "flag",
      'write "flag" instead, or remove it',
    ],
    [
      "an unknown key in a map's entry",
      { count: 2, map: { m: { x: 1, y: 2 } } },
      "shop:key.map.m.y",
      "y",
      "x",
      'write "x" instead, or remove it',
    ],
    [
      "none of several forms",
      { count: 2, either: { up: 1 } },
      "shop:key.either",
      '{"up":1}',
      "exactly one form, out of the keys left, right",
      "give exactly one form, out of the keys left, right",
    ],
  ];
  for (const [title, value, where, given, allowed, change] of wrong) {
    it(`tells where, what was given, what is allowed and what to change: ${title}`, () => {
      const problems = problemsOf(value);
      assert.deepEqual(
        problems.map((problem) => [problem.where, problem.value, problem.allowed, problem.change]),
        [[where, given, allowed, change]],
      );
      assert.notEqual(problems[0]?.what ?? "", "");
    });
  }

  it("collects every mistake of a value", () => {
    assert.deepEqual(
      problemsOf({ count: 9, list: ["a"], kind: "x", other: 1 }).map(({ where }) => where),
      ["shop:key.count", "shop:key.list[0]", "shop:key.kind", "shop:key.other"],
    );
  });

  it("parses the entries of a map one by one, and keeps the good ones", () => {
    const collector = new Collector();
    const key = z.string().max(2);
    const parsed = collector.parseEntries(key, z.number(), { a: 1, b: "2", long: 3, c: 4 }, "w");
    assert.deepEqual(parsed, { a: 1, c: 4 });
    assert.deepEqual(
      collector.problems.map(({ where }) => where),
      ["w.b", "w.long"],
    );
    assert.deepEqual(collector.parseEntries(key, z.number(), undefined, "w"), {});
    for (const value of [null, [1], "x"]) {
      const other = new Collector();
      assert.deepEqual(other.parseEntries(key, z.number(), value, "w"), {});
      assert.deepEqual(
        other.problems.map(({ where, what, value: given }) => [where, what, given]),
        [["w", "is not a map", JSON.stringify(value)]],
      );
    }
  });

  it("knows no key where none is allowed", () => {
    const collector = new Collector();
    collector.rejectUnknownKeys(["a"], [], (key) => `w:${key}`);
    assert.deepEqual(
      collector.problems.map(({ where, allowed, change }) => [where, allowed, change]),
      [["w:a", "no key here", "remove it"]],
    );
  });
});

describe("helpers of messages", () => {
  it("shorten long values and write all others as JSON", () => {
    assert.equal(show("a"), '"a"');
    assert.equal(show([1, { b: null }]), '[1,{"b":null}]');
    assert.equal(show(undefined), "undefined");
    const long = show("x".repeat(200));
    assert.equal(long.length, 120);
    assert.ok(long.endsWith("xxx..."));
  });

  it("take the nearest word only when it may be a typing mistake", () => {
    assert.equal(nearest("netwrok", ["network", "name"]), "network");
    assert.equal(nearest("NETWORK", ["network"]), "network");
    assert.equal(nearest("balancer", ["balancers", "balance"]), "balance");
    assert.equal(nearest("xyz", ["network"]), undefined);
    assert.equal(nearest("a", []), undefined);
  });

  it("write a problem as one line and several as an error", () => {
    const problem = { where: "a.b", what: "is odd", value: "3", allowed: "even", change: "add one" };
    assert.equal(formatProblem(problem), "a.b: is odd; given: 3; allowed: even; change: add one");
    const without = { where: "a.b", what: "is odd", allowed: "even", change: "add one" };
    assert.equal(formatProblem(without), "a.b: is odd; allowed: even; change: add one");
    const error = new ProblemsError([problem, without], "two mistakes");
    assert.equal(
      error.message,
      "two mistakes (2):\n  - a.b: is odd; given: 3; allowed: even; change: add one\n  - a.b: is odd; allowed: even; change: add one",
    );
    assert.equal(new ProblemsError([]).message, "the configuration has mistakes (0):\n");
  });

  it("print a problem as one line, whatever a name or value holds", () => {
    const problem = { where: "a\nb", what: "is\u001b[31m red", value: "\u0000", allowed: "x", change: "y" };
    assert.equal(formatProblem(problem), "a\\nb: is\\u001b[31m red; given: \\u0000; allowed: x; change: y");
  });

  it("go through records in the order of their keys", () => {
    assert.deepEqual(sortedEntries({ b: 1, a: 2, B: 3 }), [
      ["B", 3],
      ["a", 2],
      ["b", 1],
    ]);
    assert.deepEqual(Object.entries(mapEntries({ b: 1, a: 2 }, (key, value) => `${key}${value}`)), [
      ["a", "a2"],
      ["b", "b1"],
    ]);
  });
});
