import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { readGoTool } from "../../../engine/go-tool";
import { example, repository, stepsOf, workflowFiles } from "./workflow-files";

const files = workflowFiles();
const workflows = files.filter(({ content }) => content.jobs !== undefined);
const jobs = workflows.flatMap(({ name, content }) =>
  Object.entries(content.jobs ?? {}).map(([job, value]) => ({
    ...{ where: `${name}, ${job}`, job: value, concurrency: value.concurrency ?? content.concurrency },
  })),
);

// What a bank's reviewers look for, and the linter does not.
describe("the workflows", () => {
  it("are those for pull requests, merges in two ways, and drift", () => {
    assert.deepEqual(
      files.map(({ name }) => name),
      [
        "actions/gateway-credentials/action.yml",
        "actions/gateway-tools/action.yml",
        "workflows/gateway-drift.yml",
        "workflows/gateway-one-stack.yml",
        "workflows/gateway-preview.yml",
        "workflows/gateway-up-by-stack.yml",
        "workflows/gateway-up.yml",
      ],
    );
  });

  it("pin every action by its commit and name the version, one commit for each action", () => {
    const pins = new Map<string, Set<string>>();
    for (const { name, text } of files)
      for (const [, uses = ""] of text.matchAll(/^\s+(?:- )?uses: (.*)$/gm)) {
        if (uses.startsWith("./.github/")) {
          const local = path.join(example, uses.replace("./.github/", ""));
          assert.ok(existsSync(local), `${name}: ${uses}`);
          continue;
        }
        const [, action = "", pin = ""] =
          /^([\w-]+\/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(uses) ?? [];
        assert.notEqual(action, "", `${name}: ${uses}`);
        pins.set(action, (pins.get(action) ?? new Set()).add(pin));
      }
    assert.equal(pins.size, 5);
    for (const [action, commits] of pins) assert.equal(commits.size, 1, action);
  });

  it("give no permission but those that a job names, and no job one that it does not need", () => {
    const allowed = [{ contents: "read", "id-token": "write" }, { issues: "write" }].map((permissions) =>
      JSON.stringify(permissions),
    );
    for (const { name, content } of workflows) assert.deepEqual(content.permissions, {}, name);
    for (const { where, job } of jobs) assert.ok(allowed.includes(JSON.stringify(job.permissions)), where);
  });

  it("end every job in time for its credentials", () => {
    for (const { where, job } of jobs) {
      if (job.uses !== undefined) continue;
      const minutes = job["timeout-minutes"] ?? Infinity;
      assert.ok(minutes < 60, where);
    }
  });

  it("never cancel a job that changes something, and say so", () => {
    for (const { where, concurrency } of jobs) {
      if (where.startsWith("workflows/gateway-one-stack.yml")) continue; // Its caller's group holds.
      assert.equal(
        concurrency?.["cancel-in-progress"],
        where.startsWith("workflows/gateway-preview.yml"),
        where,
      );
    }
  });

  it("take expressions into scripts through the environment alone, and have scripts that a shell can read", () => {
    for (const file of files)
      for (const { name = "", run } of stepsOf(file)) {
        if (run === undefined) continue;
        assert.doesNotMatch(run, /\$\{\{/, `${file.name}, ${name}`);
        const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
        assert.equal(status, 0, `${file.name}, ${name}: ${stderr}`);
      }
  });

  it("put the command in the place of the shell, so that a request to stop reaches it", () => {
    for (const file of files)
      for (const { name = "", run = "" } of stepsOf(file))
        for (const line of run
          .split("\n")
          .filter((text) => /\bgateway (preview|up|refresh|destroy) /.test(text)))
          assert.match(line, /^exec gateway /, `${file.name}, ${name}`);
  });

  it("write named profiles alone, because keys in the environment would be taken before them", () => {
    for (const file of files)
      for (const { uses = "", with: given = {} } of stepsOf(file)) {
        if (!uses.startsWith("aws-actions/configure-aws-credentials@")) continue;
        assert.ok(typeof given["aws-profile"] === "string" && given["output-env-credentials"] === undefined);
        assert.ok(given["allowed-account-ids"] !== undefined, file.name);
      }
  });

  it("keep no token in a working copy", () => {
    for (const file of files)
      for (const { uses = "", with: given } of stepsOf(file))
        if (uses.startsWith("actions/checkout@"))
          assert.equal(given?.["persist-credentials"], false, file.name);
  });

  it("install the Pulumi CLI that the project is tested with", () => {
    const { version } = readGoTool(path.join(repository, "engine", "cli"));
    const installed = files.flatMap(stepsOf).flatMap(({ with: given }) => given?.["pulumi-version"] ?? []);
    assert.deepEqual(installed, [version]);
  });
});
