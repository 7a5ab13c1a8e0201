import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addressAt,
  contains,
  divide,
  formatAddress,
  formatCidr,
  isNetwork,
  overlaps,
  parseAddress,
  parseCidr,
} from "../../common/ipv4";

const number = fc.integer({ min: 0, max: 0xffff_ffff });
const prefix = fc.integer({ min: 0, max: 32 });
const text = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
/** First and last address of a block, by arithmetic on numbers. */
function range(value: number, length: number): [number, number] {
  const size = 2 ** (32 - length);
  const first = Math.floor(value / size) * size;
  return [first, first + size - 1];
}

describe("IPv4 arithmetic", () => {
  it("reads and writes addresses", () => {
    fc.assert(
      fc.property(number, (value) => {
        assert.equal(parseAddress(text(value)), BigInt(value));
        assert.equal(formatAddress(BigInt(value)), text(value));
      }),
    );
    for (const wrong of [
      "",
      "10.0.0",
      "10.0.0.256",
      "10.0.0.1/32",
      "::1",
      "10.0.0.0.1",
      "a.b.c.d",
      " 10.0.0.1",
    ])
      assert.equal(parseAddress(wrong), undefined, wrong);
  });

  it("reads blocks, host bits or not, and tells a network from an address in it", () => {
    fc.assert(
      fc.property(number, prefix, (value, length) => {
        const [first, last] = range(value, length);
        const block = parseCidr(`${text(value)}/${length}`);
        assert.deepEqual(block, { start: BigInt(first), end: BigInt(last), prefix: length });
        assert.ok(block);
        assert.equal(formatCidr(block), `${text(first)}/${length}`);
        assert.equal(isNetwork(`${text(value)}/${length}`), first === value);
      }),
    );
    for (const wrong of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/x", "fd00::/8"]) {
      assert.equal(parseCidr(wrong), undefined, wrong);
      assert.equal(isNetwork(wrong), false, wrong);
    }
  });

  it("finds common addresses of two blocks, and one block inside another", () => {
    fc.assert(
      fc.property(number, prefix, number, prefix, (a, lengthA, b, lengthB) => {
        // Near each other more often than chance has it.
        const other = b % 3 === 0 ? b : a ^ (b % 256);
        const near = other < 0 ? other + 2 ** 32 : other;
        const [firstA, lastA] = range(a, lengthA);
        const [firstB, lastB] = range(near, lengthB);
        const [left, right] = [`${text(a)}/${lengthA}`, `${text(near)}/${lengthB}`];
        assert.equal(overlaps(left, right), firstA <= lastB && firstB <= lastA);
        assert.equal(contains(left, right), firstA <= firstB && lastB <= lastA);
        assert.equal(contains(left, text(near)), firstA <= near && near <= lastA);
      }),
    );
    assert.equal(overlaps("10.0.0.0/8", "nonsense"), false);
    assert.equal(contains("nonsense", "10.0.0.1"), false);
    assert.equal(contains("10.0.0.0/8", "nonsense"), false);
  });

  it("counts addresses from the start of a block and not beyond its end", () => {
    assert.equal(addressAt("10.0.1.0/24", 0), "10.0.1.0");
    assert.equal(addressAt("10.0.1.7/24", 255), "10.0.1.255");
    assert.equal(addressAt("10.0.1.0/24", 256), undefined);
    assert.equal(addressAt("10.0.1.0/24", -1), undefined);
    assert.equal(addressAt("nonsense", 0), undefined);
  });

  it("divides a block into equal parts as long as the parts are large enough", () => {
    assert.deepEqual(divide("10.0.0.0/16", 1, 27), ["10.0.0.0/16"]);
    assert.deepEqual(divide("10.0.0.0/16", 3, 27), ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"]);
    assert.deepEqual(divide("10.0.0.0/25", 4, 27), [
      "10.0.0.0/27",
      "10.0.0.32/27",
      "10.0.0.64/27",
      "10.0.0.96/27",
    ]);
    assert.equal(divide("10.0.0.0/25", 5, 27), undefined);
    assert.equal(divide("10.0.0.0/25", 0, 27), undefined);
    assert.equal(divide("nonsense", 2, 27), undefined);
  });
});
