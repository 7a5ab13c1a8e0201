import { setMaxListeners } from "node:events";
import * as path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { nearest } from "../common/collector";
import { type Problem } from "../common/problems";
import { type EngineSettings } from "../deploy/engine-stack";
import { type DriverEvent } from "../deploy/events";
import { destroy, type Outcome, preview, refresh, type RunOptions, up } from "../deploy/run";
import { NoPulumi } from "../engine/no-pulumi";
import { engineEnvironment, findPulumi } from "../engine/pulumi-cli";
import { checkLandscape } from "../landscape/check-landscape";
import { type Landscape, type LandscapeStack, readLandscape } from "../landscape/landscape";
import { withoutEchoes } from "../landscape/places";
import { WrongInput } from "./outcome";

/** The commands that work on deployed stacks. */
const deployCommands = { preview, up, refresh, destroy } as const;

export type DeployCommand = keyof typeof deployCommands;

/** Options of the commands as the command line gives them. */
export interface DeployOptions {
  /** Landscape file. */
  landscape: string;
  /** `project/stack`. */
  only?: string;
  parallel?: string;
  allowLoss?: string[];
  unlock?: boolean;
}

/** Runs one of the commands. Throws `WrongInput` with every problem, before anything is changed. */
export async function deployCommand(
  command: DeployCommand,
  options: DeployOptions,
  progress: (line: string) => void,
  report: (event: DriverEvent) => void,
): Promise<Outcome & { simulated: boolean }> {
  const { landscape, only, parallel } = await readInput(command, options);
  const settings = await engineSettings(landscape, progress);
  const stop = stopOnSignals(report);
  const run: RunOptions = {
    ...settings,
    ...(only === undefined ? {} : { only }),
    parallel,
    allowLoss: options.allowLoss ?? [],
    unlock: options.unlock === true,
    report,
    ...stop,
  };
  try {
    const outcome = await deployCommands[command](run);
    if (outcome.problems.length > 0) throw new WrongInput("Nothing was changed", outcome.problems);
    return { ...outcome, simulated: usesSimulatedAws(landscape) };
  } finally {
    stop.release();
  }
}

/** The engine's command line and what every command on the landscape's stacks needs. */
export async function engineSettings(
  landscape: Landscape,
  progress: (line: string) => void,
): Promise<EngineSettings> {
  const cli = await findPulumi(progress).catch((error: unknown) => {
    throw error instanceof NoPulumi ? new WrongInput("There is no Pulumi CLI", [error.problem]) : error;
  });
  const command = await PulumiCommand.get(
    cli.origin === "built" ? { root: path.dirname(cli.folder) } : undefined,
  );
  return { landscape, command, environment: engineEnvironment(cli) };
}

/** True when the engine's providers are those that `simulate` serves. */
function usesSimulatedAws({ stacks }: Landscape): boolean {
  const environments = [process.env, ...stacks.map(({ environment }) => environment)];
  return environments.some(({ PULUMI_DEBUG_PROVIDERS: providers }) => /(^|,)aws:/.test(providers ?? ""));
}

async function readInput(
  command: DeployCommand,
  options: DeployOptions,
): Promise<{ landscape: Landscape; only: LandscapeStack | undefined; parallel: number }> {
  const file = path.resolve(options.landscape);
  const { landscape, problems } = await readLandscape(file);
  if (landscape === undefined) throw new WrongInput("The landscape has mistakes", problems);
  // What is deployed can be read anew and deleted, whatever is wrong with the configuration.
  if (command === "up" || command === "preview") {
    problems.push(...(await checkLandscape(landscape)).problems);
  }
  const only = findOnly(landscape, options.only, problems);
  const parallel = readParallel(options.parallel, problems);
  if (problems.length > 0) throw new WrongInput("The command cannot be carried out", withoutEchoes(problems));
  return { landscape, only, parallel };
}

function findOnly(
  landscape: Landscape,
  wanted: string | undefined,
  problems: Problem[],
): LandscapeStack | undefined {
  if (wanted === undefined) return undefined;
  const names = landscape.stacks.map(({ project, stack }) => `${project.name}/${stack}`);
  const found = landscape.stacks[names.indexOf(wanted)];
  if (found === undefined) {
    const guess = nearest(wanted, names);
    problems.push({
      where: "--only",
      what: "names no stack of the landscape",
      value: wanted,
      allowed: names.join(", "),
      change: guess === undefined ? "name one of them" : `write ${guess}`,
    });
  }
  return found;
}

/** Two cores and a slow network are the rule: more at a time gains little. */
const defaultParallel = 4;

function readParallel(text: string | undefined, problems: Problem[]): number {
  if (text === undefined) return defaultParallel;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 64) return value;
  problems.push({
    where: "--parallel",
    what: "is no number of stacks",
    value: text,
    allowed: "a whole number from 1 to 64",
    change: `leave it out for ${defaultParallel}`,
  });
  return defaultParallel;
}

/**
 * Ctrl-C on a terminal reaches the engine as well, which then finishes what it is doing: nothing is passed on, because a
 * second signal would make the engine drop its work. A request to terminate reaches this process alone and is passed on.
 */
function stopOnSignals(report: (event: DriverEvent) => void): {
  signal: AbortSignal;
  stopping: () => boolean;
  release: () => void;
} {
  const controller = new AbortController();
  // Each run of the engine listens, and leaves its listener behind.
  setMaxListeners(0, controller.signal);
  let stopping = false;
  const begin = (reason: string): void => {
    if (!stopping) report({ event: "stopping", reason });
    stopping = true;
  };
  const onInterrupt = (): void =>
    begin("interrupted: the engine finishes what it is doing; run the same command again to go on");
  const onTerminate = (): void => {
    begin("asked to terminate: the engine finishes what it is doing; run the same command again to go on");
    controller.abort();
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onTerminate);
  return {
    signal: controller.signal,
    stopping: () => stopping,
    release: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
    },
  };
}
