import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Report } from "../../cli/report";
import { BankCopy } from "../bank/bank-copy";

const repository = path.resolve(__dirname, "../..");

const main = ["--require", path.join(repository, "cli/register.js"), path.join(repository, "cli/main.ts")];

interface Ended {
  status: number | null;
  out: string;
  err: string;
}

describe("the command line", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(tmpdir(), "command line "));
  const exported = path.join(folder, "some", "where");
  let rehearsed: Ended;

  /** Runs the real command line in a process of its own, from another folder than the repository. */
  function gateway(...args: string[]): Ended {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...main, ...args], {
      cwd: folder,
      encoding: "utf8",
      timeout: 50_000,
    });
    return { status, out: stdout, err: stderr };
  }

  before(() => {
    rehearsed = gateway("rehearse", "--json", "--export", exported);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("prints exactly one JSON document on standard output and its progress beside it", () => {
    assert.equal(rehearsed.status, 0, rehearsed.err);
    const report = JSON.parse(rehearsed.out) as Report;
    assert.equal(report.converged, true);
    assert.equal(report.passes, 4);
    assert.deepEqual(
      report.stacks.map(({ project, stack, account, region }) => [project, stack, account, region]),
      [
        ["shared-services", "dev", "111111111111", "us-east-1"],
        ["provider-account", "accounts-dev", "222222222222", "us-east-1"],
        ["provider-account", "payments-dev", "333333333333", "us-east-1"],
        ["provider-account", "investments-dev", "444444444444", "us-east-1"],
        ["provider-account", "cards-dev", "555555555555", "us-east-1"],
      ],
    );
    assert.ok(report.stacks.every(({ resources }) => resources > 10));
    const [target] = report.targets;
    assert.deepEqual(Object.keys(target ?? {}).sort(), [
      "findings",
      "hops",
      "name",
      "path",
      "provider",
      "verdict",
    ]);
    assert.match(rehearsed.err, /^pass 1: provider-account\/accounts-dev \(first look\)$/m);
  });

  it("proves the exported files with status 0, and without colours where no terminal is", () => {
    const ended = gateway("prove", ...readdirSync(exported).map((name) => path.join(exported, name)));
    assert.equal(ended.status, 0, ended.err);
    assert.match(ended.out, /6 targets: 6 reachable, 0 blocked, 0 unknown$/m);
    assert.ok(!ended.out.includes("\u001b"));
  });

  it("ends with status 1 when something is unknown", () => {
    const ended = gateway("prove", path.join(exported, "shared-services.dev.json"), "--json");
    assert.equal(ended.status, 1);
    assert.deepEqual(
      [...new Set((JSON.parse(ended.out) as Report).targets.map(({ verdict }) => verdict))],
      ["unknown"],
    );
  });

  it("ends with status 2 and one message for wrong input, without a stack trace, in JSON as well", () => {
    const bank = new BankCopy();
    try {
      bank.set("accounts", "services.accounts.port", 70000);
      const { status, out, err } = gateway("rehearse", "--landscape", bank.landscape, "--json");
      assert.equal(status, 2);
      assert.match(
        err,
        /services\.accounts\.port: is out of range for a port; given: 70000; allowed: .*; change: /,
      );
      assert.doesNotMatch(err, /^\s+at /m);
      assert.equal((JSON.parse(out) as { problems: unknown[] }).problems.length, 1);
    } finally {
      bank.remove();
    }
  });

  it("says that simulated AWS finds only what the landscape file lists when an adopted VPC is not there", () => {
    const bank = new BankCopy();
    try {
      bank.edit("landscape", (document) => document.delete("existing"));
      const { status, out } = gateway("rehearse", "--landscape", bank.landscape);
      assert.equal(status, 1);
      assert.match(out, /refused: aws:ec2\/vpc:Vpc [^:]+: InvalidVpcID\.NotFound: The vpc ID/);
      assert.match(out, /lists under existing/);
      assert.match(out, /API_NOT_FOUND the gateway's stack has no API yet/);
      assert.doesNotMatch(out, /give the gateway stack's file/);
    } finally {
      bank.remove();
    }
  });

  it("advises to name the ids of an existing service of which only the VPC is read", () => {
    const bank = new BankCopy();
    try {
      bank
        .set("cards", "services.cards.existing", [{ address: "10.50.1.25" }])
        .unset("cards", "services.card-limits");
      const { status, out } = gateway("rehearse", "--landscape", bank.landscape);
      assert.equal(status, 1);
      assert.match(out, /SUBNET_UNKNOWN/);
      assert.match(out, /fix read the subnet, route table and security group of the address/);
      assert.doesNotMatch(out, /fix give the other stack's file/);
    } finally {
      bank.remove();
    }
  });

  it("ends with status 2 when the folder to write is a file, before any program runs", () => {
    const file = path.join(folder, "a file");
    writeFileSync(file, "");
    const { status, err } = gateway("rehearse", "--export", path.join(file, "below"));
    assert.equal(status, 2);
    assert.match(err, /--export: names a folder that cannot be written \(ENOTDIR\)/);
    assert.doesNotMatch(err, /^pass/m);
  });

  it("ends with status 2 when a folder has the name of a file to write, and writes none of the others", () => {
    const inTheWay = path.join(folder, "in the way");
    const names = ["provider-account.cards-dev.json", "shared-services.dev.json.part"];
    for (const name of names) mkdirSync(path.join(inTheWay, name), { recursive: true });
    const { status, err } = gateway("rehearse", "--export", inTheWay);
    assert.equal(status, 2);
    for (const name of names) assert.ok(err.includes(`given: ${path.join(inTheWay, name)}; allowed: `), err);
    assert.doesNotMatch(err, /^pass|^\s+at /m);
    assert.deepEqual(readdirSync(inTheWay).sort(), names);
  });

  it("ends with status 2 for an option whose value is empty", () => {
    const { status, err } = gateway("rehearse", "--export", "");
    assert.equal(status, 2);
    assert.match(
      err,
      /^error: option '--export <dir>' argument '' is invalid\. It is empty; name a file or folder\.$/m,
    );
  });

  it("says in one line that its result cannot be written", function () {
    if (!existsSync("/dev/full")) this.skip();
    const full = openSync("/dev/full", "w");
    try {
      const { status, stderr } = spawnSync(
        process.execPath,
        [...main, "prove", path.join(exported, "shared-services.dev.json")],
        { stdio: ["ignore", full, "pipe"], encoding: "utf8", timeout: 50_000 },
      );
      assert.equal(status, 1);
      assert.equal(stderr, "The result cannot be written to standard output (ENOSPC)\n");
    } finally {
      closeSync(full);
    }
  });

  it("ends with status 2 for an option that it does not know, and offers the nearest", () => {
    const { status, out, err } = gateway("rehearse", "--jsn");
    assert.equal(status, 2);
    assert.match(err, /^error: unknown option '--jsn'\n\(Did you mean --json\?\)$/m);
    assert.equal(out, "");
  });

  it("explains a command and ends with status 0", () => {
    const { status, out } = gateway("prove", "--help");
    assert.equal(status, 0);
    assert.match(out, /^Usage: gateway prove/);
    assert.match(out, /Exit status: 0 all targets reachable/);
  });
});
