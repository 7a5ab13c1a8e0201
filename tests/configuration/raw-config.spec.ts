import assert from "node:assert/strict";
import { Collector } from "../../common/collector";
import { readNamespace, readPlacement } from "../../configuration/raw-config";

function placement(raw: Record<string, string>) {
  const collector = new Collector();
  return { ...readPlacement(raw, collector), problems: collector.problems.map(({ where }) => where) };
}

describe("raw configuration", () => {
  it("is read from its own namespace, objects as JSON, in both forms of a key", () => {
    const values = readNamespace(
      {
        "shop:name": "shop",
        "shop:config:network": '{"a":[1]}',
        "shop:flag": "true",
        "shop:count": "7",
        "other:name": "x",
        "aws:region": "us-east-1",
      },
      "shop",
    );
    assert.deepEqual(values, { name: "shop", network: { a: [1] }, flag: true, count: 7 });
  });

  it("takes __proto__ for a key like any other", () => {
    const values = readNamespace({ "shop:__proto__": '{"network":1}' }, "shop");
    assert.deepEqual([Object.keys(values), values.network], [["__proto__"], undefined]);
  });

  it("keeps every digit of what looks like a number", () => {
    const texts = { a: "012345678901", b: "12345678901234567890", c: "1.0", d: "1e3", e: "-" };
    const raw = Object.fromEntries(Object.entries(texts).map(([key, text]) => [`n:${key}`, text]));
    assert.deepEqual(readNamespace(raw, "n"), texts);
  });

  it("names exactly one account and one region", () => {
    const region = { "aws:region": "us-east-1" };
    for (const text of ['["222222222222"]', "[222222222222]"])
      assert.deepEqual(placement({ ...region, "aws:allowedAccountIds": text }), {
        account: "222222222222",
        region: "us-east-1",
        problems: [],
      });
    for (const text of ["[]", '["222222222222","333333333333"]', "222222222222", "[022222222222]"]) {
      const { account, problems } = placement({ ...region, "aws:allowedAccountIds": text });
      assert.deepEqual([account, problems], [undefined, ["aws:allowedAccountIds"]], text);
    }
    assert.deepEqual(placement({ ...region, "aws:allowedAccountIds": '["2"]' }).problems, [
      "aws:allowedAccountIds[0]",
    ]);
    const collector = new Collector();
    readPlacement({ ...region, "aws:allowedAccountIds": "[12345678901]" }, collector);
    assert.match(collector.problems[0]?.change ?? "", /in quotation marks/);
    assert.deepEqual(placement({}).problems, ["aws:allowedAccountIds", "aws:region"]);
  });
});
