import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Simulation } from "../../cli/simulate";
import { gateway, provider } from "../rehearsal/aws/bench";
import { ProviderClient } from "../simulator/provider-client";

const repository = path.resolve(__dirname, "../..");

interface Running {
  process: ChildProcess;
  /** The first line of standard output; empty when it ended without one. */
  first: Promise<string>;
  ended: Promise<{ status: number | null; out: string; err: string }>;
}

describe("gateway simulate", function () {
  this.timeout(60_000);
  let folder: string;
  let stateFile: string;
  let running: Running[];

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "simulate "));
  });
  beforeEach(() => {
    running = [];
    stateFile = path.join(folder, "state.json");
    rmSync(stateFile, { force: true });
  });
  afterEach(async () => {
    for (const { process, ended } of running) {
      process.kill("SIGKILL");
      await ended;
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function start(...args: string[]): Running {
    const main = [
      "--require",
      path.join(repository, "cli/register.js"),
      path.join(repository, "cli/main.ts"),
    ];
    const child = spawn(process.execPath, [...main, "simulate", ...args], { cwd: folder });
    let [out, err] = ["", ""];
    child.stderr.on("data", (data: Buffer) => (err += data.toString()));
    const ended = new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
      child.on("close", (status) => resolve({ status, out, err }));
    });
    const first = new Promise<string>((resolve) => {
      child.stdout.on("data", (data: Buffer) => {
        out += data.toString();
        if (out.includes("\n")) resolve(out.split("\n")[0] ?? "");
      });
      child.on("close", () => resolve(""));
    });
    const started = { process: child, first, ended };
    running.push(started);
    return started;
  }

  async function document(server: Running): Promise<Simulation["document"]> {
    const first = await server.first;
    return first === ""
      ? assert.fail((await server.ended).err)
      : (JSON.parse(first) as Simulation["document"]);
  }

  async function connect(port: number, account = gateway): Promise<ProviderClient> {
    return new ProviderClient(port).of(account);
  }

  it("prints one JSON document, serves until it is asked to terminate, and then ends with 0", async () => {
    const server = start("--json", "--caller", provider);
    const { port, environment, callers, resources, ...rest } = await document(server);
    assert.deepEqual(rest, { command: "simulate", simulated: true, landscape: "bank", state: null });
    assert.equal(resources, 0);
    assert.equal(environment.PULUMI_DEBUG_PROVIDERS, `aws:${port},awsx:${port}`);
    assert.deepEqual(
      callers.map(({ account }) => account),
      [provider],
    );
    const [all, own] = [await connect(port), await connect(callers[0]?.port ?? 0)];
    await all.create("vpc", "net", { cidrBlock: "10.9.0.0/16" });
    await assert.rejects(
      own.create("vpc", "net", { cidrBlock: "10.9.0.0/16" }),
      new RegExp(`AWS account ID not allowed: ${provider}`),
    );
    all.close();
    own.close();
    server.process.kill("SIGTERM");
    const { status, out, err } = await server.ended;
    assert.equal(status, 0);
    assert.equal(out.trim().split("\n").length, 1);
    assert.match(err, /^AWS is simulated: no account is touched/m);
    assert.match(err, /^1 create aws:ec2\/vpc:Vpc net in account 111111111111$/m);
  });

  it("prints an environment that a shell can evaluate, with the endpoint of each caller", async () => {
    const server = start("--caller", provider);
    await server.first;
    server.process.kill("SIGINT");
    const { status, out } = await server.ended;
    assert.equal(status, 0);
    const script = `eval "$1"; echo "$PULUMI_DEBUG_PROVIDERS $PULUMI_SKIP_UPDATE_CHECK $SIMULATED_AWS_${provider}"`;
    const told = execFileSync("sh", ["-c", script, "sh", out], { encoding: "utf8" });
    assert.match(told, /^aws:(\d+),awsx:\1 true aws:(\d+),awsx:\2\n$/);
  });

  it("has its state again after it was killed, lets a call fail when told to, and counts from its start", async () => {
    const first = start("--json", "--state", stateFile, "--fail-call", "2", "--after-effect");
    const one = await connect((await document(first)).port);
    const vpc = await one.create("vpc", "net", { cidrBlock: "10.9.0.0/16" });
    await assert.rejects(one.create("vpc", "lost", { cidrBlock: "10.8.0.0/16" }), /InternalFailure/);
    one.close();
    first.process.kill("SIGKILL");
    await first.ended;
    const second = start(
      "--json",
      "--state",
      stateFile,
      "--fail-call",
      "1",
      "--fail-type",
      "aws:ec2/subnet:Subnet",
    );
    const { port, resources, state } = await document(second);
    assert.deepEqual([resources, state], [2, stateFile]);
    const two = await connect(port);
    assert.deepEqual((await two.import("vpc", vpc.id))?.inputs, vpc.inputs);
    await assert.rejects(two.delete("vpc", "net", vpc), /InternalFailure/);
    const subnet = { vpcId: vpc.id, cidrBlock: "10.9.0.0/24" };
    await assert.rejects(two.create("subnet", "s", subnet), /InternalFailure/);
    await two.create("subnet", "s", subnet);
    two.close();
  });

  it("names every mistake at once, and leaves no state behind", async () => {
    const { status, out, err } = await start(
      ...["--json", "--landscape", "missing.yaml", "--port", "70000", "--fail-call", "0"],
      ...["--fail-type", "aws:ec2/vpc:Vpcs", "--caller", "12", "--state", path.join("missing", "state.json")],
    ).ended;
    assert.equal(status, 2);
    assert.doesNotMatch(err, /^\s+at /m);
    const { problems } = JSON.parse(out) as { problems: { where: string; change: string }[] };
    assert.deepEqual(
      problems.map(({ where }) => where),
      [path.join(folder, "missing.yaml"), "--port", "--fail-call", "--fail-type", "--caller", "--state"],
    );
    assert.equal(problems[3]?.change, "write aws:ec2/vpc:Vpc");
    const lone = await start("--after-effect", "--state", stateFile).ended;
    assert.equal(lone.status, 2);
    assert.match(lone.err, /--after-effect: says when calls fail, and none is to fail/);
    assert.throws(() => readFileSync(stateFile), /ENOENT/);
  });

  it("refuses a port in use and a state file of another form, which it leaves as it is", async () => {
    const { port } = await document(start("--json"));
    writeFileSync(stateFile, '{"version":3}');
    const { status, err } = await start("--port", String(port), "--state", stateFile).ended;
    assert.equal(status, 2);
    assert.match(err, /--port: is in use; given: \d+; allowed: a free port/);
    assert.match(err, /state\.json: is no state of simulated AWS/);
    assert.match(err, /^Simulated AWS cannot be started \(2\):$/m);
    assert.equal(err.trim().split("\n").length, 3);
    assert.equal(readFileSync(stateFile, "utf8"), '{"version":3}');
  });
});
