import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { engineSettings } from "../../cli/deploy";
import { type EngineSettings, EngineStack } from "../../deploy/engine-stack";
import { type DriverEvent } from "../../deploy/events";
import { destroy, type Outcome, preview, refresh, type RunOptions, up } from "../../deploy/run";
import { exportStacks } from "../../deploy/stacks";
import { type Landscape, readLandscape } from "../../landscape/landscape";
import { repositoryFolder } from "../../landscape/projects";
import { prove } from "../../proof/prove";
import { type StackResources } from "../../resources/resource";
import { Cloud } from "../../simulator/cloud";
import { type Endpoint, providerEnvironment, serveProviders } from "../../simulator/server";

const commands = { preview, up, refresh, destroy };

/** What one command on the landscape came to, with everything that it told. */
export type Told = Outcome & { events: DriverEvent[] };

/**
 * A landscape with simulated AWS, an engine backend and an engine home of its own. Nothing outside of its folder is
 * touched, and everything goes with {@link close}.
 */
export class SimulatedLandscape {
  readonly folder = mkdtempSync(path.join(tmpdir(), "engine-"));
  private endpoint: Endpoint | undefined;

  private constructor(
    readonly file: string,
    readonly cloud: Cloud,
  ) {
    mkdirSync(path.join(this.folder, "backend"));
  }

  static async open(file: string): Promise<SimulatedLandscape> {
    const { landscape } = await readLandscape(file);
    const cloud = new Cloud({ existing: landscape?.existing ?? [], quotas: landscape?.quotas ?? {} });
    const opened = new SimulatedLandscape(file, cloud);
    opened.endpoint = await serveProviders(cloud);
    return opened;
  }

  close(): void {
    this.endpoint?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The environment in which the engine works on simulated AWS and in the landscape's own backend. */
  get environment(): Record<string, string> {
    return {
      ...providerEnvironment(this.endpoint ?? { port: 0 }),
      PULUMI_BACKEND_URL: `file://${this.folder}/backend`,
      PULUMI_HOME: path.join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    };
  }

  /** The landscape as its files say it now. */
  async landscape(): Promise<Landscape> {
    const { landscape, problems } = await readLandscape(this.file);
    if (landscape === undefined) throw new Error(JSON.stringify(problems));
    return landscape;
  }

  /** Runs one of the driver's commands in this process. */
  async run(
    command: keyof typeof commands,
    options: { only?: string; allowLoss?: string[]; unlock?: boolean; parallel?: number } = {},
  ): Promise<Told> {
    const landscape = await this.landscape();
    const events: DriverEvent[] = [];
    const only = landscape.stacks.find(({ project, stack }) => `${project.name}/${stack}` === options.only);
    const run: RunOptions = {
      ...(await this.settings(landscape)),
      ...(only === undefined ? {} : { only }),
      parallel: options.parallel ?? 2,
      allowLoss: options.allowLoss ?? [],
      unlock: options.unlock ?? false,
      report: (event) => events.push(event),
      signal: new AbortController().signal,
      stopping: () => false,
    };
    return { ...(await commands[command](run)), events };
  }

  /** Starts a command in a process group of its own, as a shell does. */
  start(...args: string[]): ChildProcess {
    return spawn(
      process.execPath,
      ["--require", "./cli/register.js", "cli/main.ts", ...args, "--landscape", this.file, "--json"],
      {
        cwd: repositoryFolder,
        env: { ...process.env, ...this.environment },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
  }

  async settings(landscape: Landscape): Promise<EngineSettings> {
    const settings = await engineSettings(landscape, () => undefined);
    return { ...settings, environment: { ...settings.environment, ...this.environment } };
  }

  /** The stacks as the engine's states have them. */
  async deployed(): Promise<StackResources[]> {
    const landscape = await this.landscape();
    const settings = await this.settings(landscape);
    const stacks = await Promise.all(landscape.stacks.map((stack) => EngineStack.open(stack, settings)));
    return (await exportStacks(stacks)).deployed;
  }

  /** Names of the targets that the deployed stacks make reachable. */
  async reachable(): Promise<string[]> {
    return prove(await this.deployed())
      .targets.filter(({ verdict }) => verdict === "reachable")
      .map(({ name }) => name)
      .sort();
  }

  /** What AWS has of the stacks and no state knows: type and id. */
  async orphans(): Promise<string[]> {
    const known = new Set(
      (await this.deployed()).flatMap(({ resources }) =>
        resources.map(({ type, id, account }) => `${account ?? ""} ${type} ${id}`),
      ),
    );
    return this.cloud
      .owned()
      .map(({ type, id, account }) => `${account} ${type} ${id}`)
      .filter((key) => !known.has(key));
  }

  /** What the states say exists and AWS does not have. */
  async ghosts(): Promise<string[]> {
    const has = new Set(this.cloud.owned().map(({ type, id }) => `${type} ${id}`));
    return (await this.deployed()).flatMap(({ resources }) =>
      resources
        .filter(({ custom, external, type }) => custom && !external && type.startsWith("aws:"))
        .map(({ type, id }) => `${type} ${id}`)
        .filter((key) => !has.has(key)),
    );
  }
}
