import assert from "node:assert/strict";
import { code, firstOf, plain, table, verbatim } from "../../../cli/render/markdown";

describe("text in Markdown", () => {
  it("stays on one line in its cell, and means nothing of its own", () => {
    assert.equal(plain("a|b\nc <b> *d* [e](f) @g"), "a\\|b c &lt;b&gt; \\*d\\* \\[e\\](f) \\@g");
    assert.deepEqual(table(["a", "#b"], [[plain("x|y"), "1"]]), [
      "| a | b |",
      "| --- | ---: |",
      "| x\\|y | 1 |",
      "",
    ]);
    assert.deepEqual(table(["a"], []), []);
  });

  it("is code whatever backticks it has", () => {
    assert.equal(code("a"), "`a`");
    assert.equal(code("a`b``c"), "``` a`b``c ```");
  });

  it("is cut when it is long, and its fence is longer than any in it", () => {
    assert.deepEqual(verbatim("a\n```\nb"), ["````text", "a", "```", "b", "````", ""]);
    assert.match(verbatim("x".repeat(50), 10).join("\n"), /\nx{10}\n\.\.\. \(40 characters more\)\n/);
    assert.deepEqual(firstOf(["- a", "- b", "- c"], 1), ["- a", "- and 2 more"]);
  });
});
