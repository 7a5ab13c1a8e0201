import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stepsOf, workflowFiles } from "./workflow-files";

// The workflows' own scripts, run by the shell that runs them on GitHub, with a stand-in for the program they call.
describe("the scripts in the workflows", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "scripts "));
  const bin = path.join(folder, "bin");
  before(() => mkdirSync(bin));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs one step and returns the stand-in's calls, an argument list for each. */
  function runStep(
    step: { file: string; name: string },
    program: { name: string; prints?: string; status?: number },
    environment: Record<string, string>,
    losses?: string,
  ): { calls: string[][]; status: number | null; out: string } {
    const place = mkdtempSync(path.join(folder, "job "));
    const script = workflowFiles()
      .filter(({ name }) => name === `workflows/${step.file}`)
      .flatMap(stepsOf)
      .find(({ name }) => name === step.name)?.run;
    assert.ok(script !== undefined, step.name);
    if (losses !== undefined) writeFileSync(path.join(place, "allowed-losses"), losses);
    const calls = path.join(place, "calls");
    writeFileSync(calls, "");
    const standIn = path.join(bin, program.name);
    writeFileSync(
      standIn,
      `#!/usr/bin/env bash\nprintf '%s\\n' "$@" "" >>"$CALLS"\necho '${program.prints ?? ""}'\nexit ${program.status ?? 0}\n`,
    );
    chmodSync(standIn, 0o755);
    writeFileSync(path.join(place, "step.sh"), script);
    const { status, stdout } = spawnSync("bash", ["-e", path.join(place, "step.sh")], {
      cwd: place,
      encoding: "utf8",
      env: {
        ...{ PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}`, CALLS: calls, RUNNER_TEMP: place },
        ...environment,
      },
    });
    const told = readFileSync(calls, "utf8").split("\n\n").filter(Boolean);
    return { calls: told.map((call) => call.split("\n")), status, out: stdout };
  }

  const update = { file: "gateway-up.yml", name: "Up and proof" };
  const up = ["up", "--landscape", "landscape.yaml", "--json"];

  it("hand on the program's status and show its events while they come", () => {
    const { calls, status, out } = runStep(
      update,
      { name: "gateway", prints: "{}", status: 2 },
      { UNLOCK: "" },
    );
    assert.equal(status, 2);
    assert.deepEqual(calls, [up]);
    assert.equal(out, "{}\n");
  });

  it("allow the losses of the reviewed file alone, whether or not its last line has an end", () => {
    const { calls } = runStep(update, { name: "gateway" }, { UNLOCK: "false" }, "refunds\n\ncards");
    assert.deepEqual(calls, [[...up, "--allow-loss", "refunds", "--allow-loss", "cards"]]);
    const preview = { file: "gateway-preview.yml", name: "Preview and proof" };
    assert.deepEqual(runStep(preview, { name: "gateway" }, {}, "refunds\n").calls, [
      ["preview", ...up.slice(1), "--allow-loss", "refunds"],
    ]);
  });

  it("remove locks only when that was asked for", () => {
    assert.deepEqual(runStep(update, { name: "gateway" }, { UNLOCK: "true" }).calls, [[...up, "--unlock"]]);
    const one = { file: "gateway-one-stack.yml", name: "Up and proof" };
    const stack = { STACK: "provider-account/payments-dev", UNLOCK: "true" };
    assert.deepEqual(runStep(one, { name: "gateway" }, stack).calls, [
      [...up.slice(0, 3), "--only", stack.STACK, "--json", "--unlock"],
    ]);
  });

  it("open, continue and close the issue of the drift check", () => {
    const report = { file: "gateway-drift.yml", name: "Open, continue or close the issue" };
    const verbs = (result: string, open: string): string[] =>
      runStep(report, { name: "gh", prints: open }, { RESULT: result, RUN: "https://run" }).calls.map(
        (call) => call.slice(0, 3).join(" "),
      );
    assert.deepEqual(verbs("failure", ""), ["issue list --state", "issue create --title"]);
    assert.deepEqual(verbs("failure", "7"), ["issue list --state", "issue comment 7"]);
    assert.deepEqual(verbs("success", "7"), ["issue list --state", "issue close 7"]);
    assert.deepEqual(verbs("success", ""), ["issue list --state"]);
  });
});
