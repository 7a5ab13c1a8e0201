import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findPulumi, engineEnvironment, type PulumiCli } from "../../engine/pulumi-cli";

// Needs a Pulumi CLI, or Go and its module proxy to build one: minutes the first time, nothing afterwards.

const repository = path.resolve(__dirname, "../..");

/** The projects, each with a configuration that its program refuses, and the refusal. */
const projects = [
  {
    folder: "shared-services",
    config: { "shared-services:network": {} },
    refusal: /shared-services:network\.zones: is missing/,
  },
  {
    folder: "provider-account",
    config: { "provider-account:name": "orders", "provider-account:network": {} },
    refusal: /The configuration of the provider's stack has mistakes/,
  },
  {
    folder: ".",
    config: { "single-operator:gateway": {}, "single-operator:providers": {} },
    refusal: /single-operator:gateway\.account: is missing/,
  },
];

describe("the Pulumi CLI", function () {
  this.timeout(1_800_000);
  const folder = mkdtempSync(path.join(tmpdir(), "cli "));
  let cli: PulumiCli;

  /** Runs the CLI with a backend, a home and plugins of its own. */
  function pulumi(...args: string[]) {
    const environment = {
      ...process.env,
      ...engineEnvironment(cli),
      PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`,
      PULUMI_HOME: path.join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "passphrase of this test",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    return spawnSync(cli.command, [...args, "--non-interactive"], { env: environment, encoding: "utf8" });
  }

  before(async () => {
    mkdirSync(path.join(folder, "backend"));
    cli = await findPulumi((line) => console.warn(`    ${line}`));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("tells the version that it was found by", () => {
    assert.equal(pulumi("version").stdout.trim(), `v${cli.version}`);
  });

  it("lists the stacks of a file backend", () => {
    const { status, stdout, stderr } = pulumi(
      "stack",
      "ls",
      "--json",
      "-C",
      path.join(repository, "shared-services"),
    );
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), []);
  });

  describe("with its Node.js language host", () => {
    // A stack's settings are written beside Pulumi.yaml when it is created, and must not stay in the repository.
    const stack = `engine-suite-${process.pid}`;
    const settings = projects.map((project) => path.join(repository, project.folder, `Pulumi.${stack}.yaml`));
    // What `npm run build` makes and package.json names as the entry point: a library that declares no resources.
    const library = path.join(repository, "dist", "components", "index.js");
    const builtBefore = existsSync(library);
    before(() => {
      if (builtBefore) return;
      mkdirSync(path.dirname(library), { recursive: true });
      writeFileSync(library, "");
    });
    after(() => {
      for (const file of settings) rmSync(file, { force: true });
      if (!builtBefore) rmSync(path.join(repository, "dist"), { recursive: true, force: true });
    });

    for (const [index, project] of projects.entries())
      it(`runs the program in ${project.folder}, and not the library in dist`, () => {
        const inProject = ["-C", path.join(repository, project.folder)];
        const created = pulumi("stack", "init", stack, ...inProject);
        assert.equal(created.status, 0, created.stderr);
        // The settings that were written hold the salt of the passphrase; JSON is YAML.
        const [salt = ""] = /^encryptionsalt: .*\n/m.exec(readFileSync(settings[index] ?? "", "utf8")) ?? [];
        const file = path.join(folder, `${index}.yaml`);
        writeFileSync(file, `${salt}config: ${JSON.stringify(project.config)}\n`);
        const started = Date.now();
        const { status, stdout, stderr } = pulumi(
          "preview",
          "-s",
          stack,
          "--config-file",
          file,
          ...inProject,
        );
        console.warn(`    ran after ${((Date.now() - started) / 1000).toFixed(1)} s`);
        assert.match(stdout, project.refusal, stderr);
        assert.notEqual(status, 0);
        assert.doesNotMatch(stdout, /entry point/);
      });
  });
});
