import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { BuildFailed, buildTools } from "./build-tools";
import { type GoTool, readGoTool } from "./go-tool";
import { makeOnce } from "./make-once";
import { NoPulumi } from "./no-pulumi";
import { findOnPathCli, noUpdateCheck } from "./path-cli";
import { binaryName, isExecutable, runCommand } from "./run-command";

/** A Pulumi CLI that this project can use. */
export interface PulumiCli {
  /** The CLI's file, absolute. */
  command: string;
  /** Its folder, absolute. What is built has the Node.js language host in it, too. */
  folder: string;
  /** Version without the leading `v`. */
  version: string;
  /** Whether it was found on PATH or built here. */
  origin: "path" | "built";
}

/** What a search depends on besides the project itself. */
export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  /** Folder in which built CLIs lie. */
  builds: string;
}

const repository = path.resolve(__dirname, "..");

const usualSurroundings: Surroundings = {
  environment: process.env,
  builds: path.join(repository, ".engine"),
};

/**
 * The CLI on PATH when it can be used, else the one that was built here, else one that is built now: a matter of minutes,
 * once. Throws `NoPulumi` when that is not possible.
 */
export async function findPulumi(
  progress: (line: string) => void,
  { environment, builds }: Surroundings = usualSurroundings,
): Promise<PulumiCli> {
  const found = await findOnPathCli(environment);
  if ("cli" in found) return found.cli;

  const cli = readGoTool(path.join(repository, "engine", "cli"));
  const tools = [cli, readGoTool(path.join(repository, "engine", "language-host"))];
  const root = path.join(builds, buildName(tools));
  // The layout of an installation, so that the Automation API takes the folder above as its `root`.
  const folder = path.join(root, "bin");
  const command = path.join(folder, binaryName("pulumi"));
  const complete = (place: string) =>
    tools.every(({ name }) => isExecutable(path.join(place, "bin", binaryName(name))));
  if (found.exists) progress(`${found.unusable}: it is left alone`);
  try {
    await makeOnce({
      folder: root,
      complete,
      make: async (temporary) => {
        progress("building the Pulumi CLI and its Node.js language host, once; this takes 3 to 10 minutes");
        const bin = path.join(temporary, "bin");
        mkdirSync(bin);
        await buildTools(tools, bin, environment, progress);
        await checkVersion(path.join(bin, binaryName("pulumi")), cli, environment);
      },
      onWait: () => progress("another process is building the Pulumi CLI: waiting for it"),
    });
  } catch (error) {
    const looked = [found.unusable, `nothing built in ${root}`];
    const lines = error instanceof BuildFailed ? error.lines : [];
    const what = error instanceof Error ? error.message : String(error);
    throw new NoPulumi({ what, looked, minimumGo: cli.minimumGo, lines });
  }
  return { command, folder, version: cli.version, origin: "built" };
}

/**
 * Variables to add to the environment in which a CLI runs. Its folder comes first on PATH, where the engine looks for
 * the language host.
 */
export function engineEnvironment(
  cli: PulumiCli,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const { PATH } = environment;
  const folders = PATH === undefined || PATH === "" ? [cli.folder] : [cli.folder, PATH];
  return { PATH: folders.join(path.delimiter), ...noUpdateCheck };
}

/** Other versions, and other systems that see the same folder, have a name of their own. */
function buildName(tools: readonly GoTool[]): string {
  const names = tools.map(({ name, version }) => `${name}-${version}`);
  return [...names, process.platform, process.arch].join("-");
}

async function checkVersion(command: string, tool: GoTool, environment: NodeJS.ProcessEnv): Promise<void> {
  const answer = await runCommand(command, ["version"], {
    environment: { ...environment, ...noUpdateCheck },
    folder: path.dirname(command),
  });
  if (answer.out.trim() !== `v${tool.version}`)
    throw new BuildFailed(
      `the CLI that was built does not run`,
      `${answer.out}${answer.err}`.trim().split("\n"),
    );
}
