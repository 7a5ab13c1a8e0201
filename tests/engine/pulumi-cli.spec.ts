import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { NoPulumi } from "../../engine/no-pulumi";
import { engineEnvironment } from "../../engine/pulumi-cli";
import { FakeCommands } from "./fake-commands";

const repository = path.resolve(__dirname, "../..");

describe("the search for a Pulumi CLI", function () {
  this.timeout(60_000);
  let fake: FakeCommands;
  beforeEach(() => (fake = new FakeCommands()));
  afterEach(() => fake.remove());

  async function refusal(): Promise<NoPulumi> {
    try {
      await fake.find();
    } catch (error) {
      assert.ok(error instanceof NoPulumi, String(error));
      assert.doesNotMatch(error.message, /^ +at /m);
      return error;
    }
    assert.fail("a CLI was found");
  }

  describe("on PATH", () => {
    for (const version of ["v3.230.0", "v3.246.0", "3.259.1", "v3.260.0-alpha.1+dirty"])
      it(`takes version ${version}, and keeps it from looking for updates`, async () => {
        const command = fake.pulumi("bin", version);
        assert.deepEqual(await fake.find(), {
          command,
          folder: path.dirname(command),
          version: version.replace(/^v/, ""),
          origin: "path",
        });
        assert.deepEqual(fake.said, []);
        assert.deepEqual(fake.updateChecks, ["true"]);
      });

    it("takes a CLI whose language host is elsewhere on PATH", async () => {
      const command = fake.pulumi("bin", "v3.246.0", { host: false });
      fake.path.push(path.dirname(fake.script("other/pulumi-language-nodejs", "exit 0")));
      assert.equal((await fake.find()).command, command);
    });

    it("takes a link to a CLI whose language host lies beside the file itself", async () => {
      const command = fake.pulumi("opt/pulumi/bin", "v3.246.0");
      const links = path.join(fake.root, "links");
      mkdirSync(links);
      symlinkSync(command, path.join(links, "pulumi"));
      fake.path = [links];
      assert.equal((await fake.find()).command, path.join(links, "pulumi"));
    });

    it("passes over files that cannot be run and folders that are not there", async () => {
      const folder = path.join(fake.root, "notes");
      mkdirSync(folder);
      writeFileSync(path.join(folder, "pulumi"), "not a program");
      fake.path.push(path.join(fake.root, "nowhere"), folder);
      const command = fake.pulumi("bin", "v3.246.0");
      assert.equal((await fake.find()).command, command);
    });

    for (const [version, why] of [
      ["v3.229.9", "is version 3.229.9, not >=3.230.0 <4"],
      ["v2.25.0", "is version 2.25.0, not >=3.230.0 <4"],
      ["v4.0.0", "is version 4.0.0, not >=3.230.0 <4"],
      ["what?", "does not tell its version"],
      ["", "does not tell its version"],
    ] as const)
      it(`says so and builds one when it answers "${version}"`, async () => {
        const command = fake.pulumi("bin", version);
        fake.go();
        assert.equal((await fake.find()).origin, "built");
        assert.equal(fake.said[0], `${command} ${why}: it is left alone`);
      });

    it("says so and builds one when there is no language host", async () => {
      const command = fake.pulumi("bin", "v3.246.0", { host: false });
      fake.go();
      assert.equal((await fake.find()).origin, "built");
      assert.equal(
        fake.said[0],
        `${command} has no pulumi-language-nodejs beside it or on PATH: it is left alone`,
      );
    });
  });

  describe("that is built", () => {
    it("has the pinned versions, its language host beside it, and is built once", async () => {
      fake.go();
      const cli = await fake.find();
      assert.equal(cli.version, "3.246.0");
      assert.equal(cli.origin, "built");
      assert.equal(cli.command, path.join(cli.folder, "pulumi"));
      assert.deepEqual(readdirSync(cli.folder), ["pulumi", "pulumi-language-nodejs"]);
      assert.match(fake.said[0] ?? "", /^building the Pulumi CLI .* once; this takes 3 to 10 minutes$/);
      assert.equal(fake.said[1], "building pulumi 3.246.0 from its Go module");
      assert.match(fake.said[2] ?? "", /^built pulumi in \d+ s$/);
      assert.equal(fake.said[3], "building pulumi-language-nodejs 3.65.0 from its Go module");

      const said = fake.said.length;
      rmSync(path.join(fake.root, "go"), { recursive: true });
      assert.deepEqual(await fake.find(), cli);
      assert.equal(fake.said.length, said);
      assert.equal(fake.goBuilds.length, 2);
    });

    it("is what go.mod and go.sum say, whatever the environment has", async () => {
      fake.go();
      await fake.find();
      const [cli = "", host = ""] = fake.goBuilds;
      assert.match(cli, /^build -mod=readonly /);
      assert.match(cli, /-X github\.com\/pulumi\/pulumi\/sdk\/v3\/go\/common\/version\.Version=v3\.246\.0 /);
      assert.match(cli, / github\.com\/pulumi\/pulumi\/pkg\/v3\/cmd\/pulumi GOWORK=off GOOS=$/);
      assert.match(
        host,
        /version\.Version=v3\.65\.0 .*\/nodejs\/cmd\/pulumi-language-nodejs GOWORK=off GOOS=$/,
      );
    });

    it("is built again when a part of it is gone", async () => {
      fake.go();
      const cli = await fake.find();
      rmSync(path.join(cli.folder, "pulumi-language-nodejs"));
      assert.deepEqual(await fake.find(), cli);
      assert.deepEqual(readdirSync(cli.folder), ["pulumi", "pulumi-language-nodejs"]);
    });

    it("is built once when two ask for it at the same time", async () => {
      fake.go({ seconds: 0.5 });
      const [one, two] = await Promise.all([fake.find(), fake.find()]);
      assert.deepEqual(one, two);
      assert.equal(fake.goBuilds.length, 2);
      assert.ok(fake.said.includes("another process is building the Pulumi CLI: waiting for it"));
      assert.deepEqual(readdirSync(fake.builds), [path.basename(path.dirname(one.folder))]);
    });
  });

  it("builds one after a build that was killed", async () => {
    fake.go({ seconds: 5 });
    const find = `require(${JSON.stringify(path.join(repository, "engine/pulumi-cli.ts"))}).findPulumi(
      (line) => console.log(line), ${JSON.stringify(fake.surroundings)})`;
    const killed = spawn(
      process.execPath,
      ["--require", path.join(repository, "cli/register.js"), "--eval", find],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    while (fake.goBuilds.length === 0) await wait(20);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    assert.ok(readdirSync(fake.builds).some((name) => name.endsWith(".lock")));

    fake.path = [];
    fake.go();
    const cli = await fake.find();
    assert.deepEqual(readdirSync(cli.folder), ["pulumi", "pulumi-language-nodejs"]);
    assert.ok(!fake.said.some((line) => line.includes("waiting")));
  });

  describe("that cannot succeed", () => {
    it("names what was looked at, what is allowed and what to install when there is no Go", async () => {
      const command = fake.pulumi("bin", "v3.100.0");
      const { problem, message } = await refusal();
      assert.match(problem.what, /^no CLI can be used, and none can be built: Go is not installed/);
      assert.match(problem.value ?? "", new RegExp(`^${command} is version 3.100.0, .*nothing built in `));
      assert.match(problem.allowed, /^pulumi >=3\.230\.0 <4 on PATH with .*, or Go \d+\.\d+\.\d+ or newer/);
      assert.match(problem.change, /^install the Pulumi CLI \(https:\/\/www\.pulumi\.com.*, or Go \d/);
      assert.equal(message.split("\n").length, 1);
    });

    for (const version of ["go1.18.1", "go1.25.7"])
      it(`names the version of a Go that is too old: ${version}`, async () => {
        fake.go({ version });
        const { problem } = await refusal();
        assert.match(
          problem.what,
          new RegExp(`go is version ${version.slice(2)}, \\d+\\.\\d+\\.\\d+ is needed$`),
        );
        assert.deepEqual(fake.goBuilds, []);
      });

    it("shows the last lines of a build that fails, and leaves nothing that is taken for a CLI", async () => {
      const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
      fake.go({ complaint: lines.join("\n") });
      const { problem, message } = await refusal();
      assert.match(problem.what, /: go build of pulumi failed$/);
      assert.deepEqual(
        message.split("\n").slice(1),
        lines.slice(-10).map((line) => `  ${line}`),
      );
      assert.deepEqual(readdirSync(fake.builds), []);
      fake.path = [];
      fake.go();
      assert.equal((await fake.find()).origin, "built");
    });

    it("does not keep a CLI that tells another version than the pinned one", async () => {
      fake.go({ built: "v3.245.0" });
      const { message } = await refusal();
      assert.match(message, /the CLI that was built does not run.*\n {2}v3\.245\.0$/s);
      assert.deepEqual(readdirSync(fake.builds), []);
    });

    it("says where it cannot write", async () => {
      fake.go();
      writeFileSync(path.join(fake.root, "builds"), "a file where a folder should be");
      const { problem } = await refusal();
      assert.match(problem.what, /(ENOTDIR|EEXIST).*builds/);
    });
  });

  it("puts the CLI's folder first on the PATH of its environment", () => {
    const cli = { command: "/a/bin/pulumi", folder: "/a/bin", version: "3.246.0", origin: "built" } as const;
    const skip = { PULUMI_SKIP_UPDATE_CHECK: "true" };
    assert.deepEqual(engineEnvironment(cli, { PATH: "/b", OTHER: "1" }), {
      PATH: `/a/bin${path.delimiter}/b`,
      ...skip,
    });
    assert.deepEqual(engineEnvironment(cli, {}), { PATH: "/a/bin", ...skip });
  });

  it("is a command that prints one line", () => {
    const command = fake.pulumi("bin", "v3.247.0");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", path.join(repository, "cli/register.js"), path.join(repository, "engine/main.ts")],
      { cwd: fake.root, env: fake.surroundings.environment, encoding: "utf8" },
    );
    assert.equal(stdout, `Pulumi CLI 3.247.0 (found on PATH): ${command}\n`);
    assert.equal(stderr, "");
    assert.equal(status, 0);
  });
});
