import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { WrongInput } from "../../cli/outcome";
import { summaryCommand, type SummaryOptions } from "../../cli/summary";
import { lines, runs } from "./events";

describe("the summary of a run", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "summary "));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function summarize(text: string, options: SummaryOptions = {}) {
    const file = path.join(folder, "events.jsonl");
    writeFileSync(file, text);
    return summaryCommand(file, options);
  }

  it("of a preview has targets before and after, and the changes of all passes stack by stack", () => {
    const { text, status } = summarize(lines(runs.preview), { title: "bank" });
    assert.equal(status, 0);
    assert.match(text, /^## bank: ✓ preview: 3 of 3 targets would be reachable$/m);
    assert.match(text, /^\| target \| path \| before \| after \(rehearsed\) \|/m);
    assert.match(text, /^\| refunds \| `\/live\/refunds` \| ✓ reachable \| ✓ reachable \| {2}\|$/m);
    assert.match(text, /^\| new \| `\/live\/new` \| none \| ✓ reachable \|/m);
    assert.match(text, /^\| shared-services\/dev \| 0 \| 0 \| 1 \| 0 \|$/m);
    assert.match(text, /^- replace shared-services\/dev `aws:lb\/targetGroup:TargetGroup` `refunds-tg`$/m);
    assert.match(text, /^\| shared-services\/dev \| ✓ \| 1 \| 0 \| 0 \| 1 \| 0 \| 61 \|$/m);
  });

  it("of a preview that is refused names the targets that would be lost, and ends with 1", () => {
    const { text, status } = summarize(lines(runs.loss));
    assert.equal(status, 1);
    assert.match(text, /^## ✗ Nothing was changed$/m);
    assert.match(text, /^\*\*Would be lost: refunds\*\*$/m);
    assert.match(text, /^\| refunds \| `-` \| ✓ reachable \| not reachable \| \*\*lost\*\* \|$/m);
    assert.match(text, /^\| orders \| `-` \| ✓ reachable \| ✓ reachable \| {2}\|$/m);
    assert.match(text, /insist with --allow-loss refunds \|$/m);
  });

  it("of an update adds up the looks at each stack, and says what the last one waits for", () => {
    const { text, status } = summarize(lines(runs.up));
    assert.equal(status, 0);
    assert.match(text, /^## ✓ up: 1 of 1 targets reachable$/m);
    assert.match(text, /^\| provider-account\/orders-dev \| ✓ \| 2 \| 30 \| 0 \| 0 \| 0 \| 123 \|$/m);
    assert.match(text, /^- provider-account\/orders-dev was created$/m);
    assert.doesNotMatch(text, /waits:/);
    assert.match(text, /^API: `https:\/\/x\.execute-api/m);
  });

  it("of an update that failed has the lock, the errors and the findings", () => {
    const { text, status } = summarize(lines(runs.failed));
    assert.equal(status, 1);
    assert.match(text, /^## ✗ up is not complete$/m);
    assert.doesNotMatch(text, /\(``\)/);
    assert.match(text, /^\*\*Lost: refunds\*\*$/m);
    assert.match(text, /is locked by root\\@runner, process 7, since 2026-01-01: wait until/);
    assert.match(text, /^````text\nerror: the stack is locked\n```\nby 1 lock\n````$/m);
    assert.match(
      text,
      /^- `NO_ROUTE_TO_DESTINATION` table rtb-1 has no route to 10\.20\.0\.10 \\\| nothing/m,
    );
  });

  it("of a refresh ends with 1 for drift when no changes are expected, and only then", () => {
    const { text, status } = summarize(lines(runs.drift), { expectNoChanges: true });
    assert.equal(status, 1);
    assert.match(text, /^## ⚠ refresh: .*, 3 resources have changed outside of the stacks$/m);
    assert.match(text, /^- delete shared-services\/dev `aws:ec2\/route:Route` `orders-route`$/m);
    assert.equal(summarize(lines(runs.drift)).status, 0);
    assert.equal(summarize(lines(runs.calm), { expectNoChanges: true }).status, 0);
  });

  it("of a run that was cut off says so and ends with 1, with a whole table", () => {
    const whole = lines(runs.up);
    for (const length of [0, 40, whole.length - 30]) {
      const { text, status } = summarize(whole.slice(0, length));
      assert.equal(status, 1);
      assert.match(text, /^## ✗ the run was cut off$/m);
      assert.match(text, /removed with `--unlock`/);
    }
  });

  it("has tables whose rows all have the cells of their head", () => {
    for (const events of Object.values(runs)) {
      const { text } = summarize(lines(events));
      const cells = (line: string): number => line.replace(/\\\|/g, "").split("|").length;
      for (const block of text.split("\n\n").filter((part) => part.startsWith("|"))) {
        const rows = block.trim().split("\n");
        assert.deepEqual([...new Set(rows.map(cells))], [cells(rows[0] ?? "")], block);
      }
    }
  });

  it("is refused for a file that cannot be read", () => {
    assert.throws(() => summaryCommand(path.join(folder, "nothing"), {}), WrongInput);
  });

  it("comes from standard input through the command line without npm, from any folder", function () {
    this.timeout(30_000);
    const gateway = path.resolve(__dirname, "../../bin/gateway");
    const input = lines(runs.calm);
    const ended = spawnSync(gateway, ["summary", "-"], { cwd: folder, input, encoding: "utf8" });
    assert.equal(ended.status, 0, ended.stderr);
    assert.match(ended.stdout, /^## ✓ refresh: 1 of 1 targets reachable$/m);
    const wrong = spawnSync(gateway, ["summary", "nothing"], { cwd: folder, encoding: "utf8" });
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /names a file that cannot be read \(ENOENT\); given: nothing/);
  });
});
