import assert from "node:assert/strict";
import { globCovers, globsMeet, SEGMENT } from "../../proof/walk/globs";

describe("patterns of policies", () => {
  it("meet where some text matches both", () => {
    for (const [left, right, meet] of [
      ["", "", true],
      ["a*", "*b", true],
      ["a?c", "abc", true],
      ["a?", "a", false],
      ["a*c", "abd", false],
      ["live/*/cards", `live/GET/${SEGMENT}`, true],
      ["live/GET/a/b", `live/GET/${SEGMENT}`, false],
    ] as const)
      assert.equal(globsMeet(left, right), meet, `${left} ${right}`);
    assert.ok(globCovers("live/*", `live/${SEGMENT}/*`));
    assert.ok(!globCovers("live/?", "live/*"));
  });

  it("may be as long as a path of the API", () => {
    const long = "/a".repeat(5000);
    assert.ok(globsMeet(`${long}/*`, `${long}/b`));
    assert.ok(!globsMeet(`${long}/c`, `${long}/b`));
  });
});
