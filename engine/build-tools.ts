import * as path from "node:path";
import type { GoTool } from "./go-tool";
import { binaryName, findOnPath, runCommand } from "./run-command";
import { isAtLeast } from "./versions";

/** Why the tools cannot be built, as half a sentence, with the last lines of what failed. */
export class BuildFailed extends Error {
  constructor(
    message: string,
    readonly lines: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Where Go says the version of an engine that it builds. */
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Builds the tools into a folder, or throws `BuildFailed`. Tells what it does, and every 15 seconds that it still does. */
export async function buildTools(
  tools: readonly GoTool[],
  folder: string,
  environment: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Promise<void> {
  const go = findOnPath("go", environment);
  if (go === undefined) throw new BuildFailed("Go is not installed (no go on PATH)");
  const goEnvironment = {
    ...environment,
    // A workspace around this folder, another mode or another system must not change what is built.
    ...{ GO111MODULE: "on", GOWORK: "off", GOOS: undefined, GOARCH: undefined },
  };
  for (const tool of tools) await checkGo(go, tool, goEnvironment);
  for (const tool of tools) {
    const started = Date.now();
    const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
    progress(`building ${tool.name} ${tool.version} from its Go module`);
    const still = setInterval(() => progress(`still building ${tool.name}: ${elapsed()}`), 15_000);
    try {
      await build(go, tool, folder, goEnvironment);
    } finally {
      clearInterval(still);
    }
    progress(`built ${tool.name} in ${elapsed()}`);
  }
}

/** Asked in the tool's folder, a Go that may fetch another version of itself answers with the one that `go.mod` needs. */
async function checkGo(go: string, tool: GoTool, environment: NodeJS.ProcessEnv): Promise<void> {
  const answer = await runCommand(go, ["env", "GOVERSION"], { environment, folder: tool.folder });
  if (!answer.good)
    throw new BuildFailed(`${go} does not tell its version`, lastLines(answer.err || answer.out));
  const version = answer.out.trim();
  if (!isAtLeast(version, tool.minimumGo))
    throw new BuildFailed(`${go} is version ${version.replace(/^go/, "")}, ${tool.minimumGo} is needed`);
}

async function build(
  go: string,
  tool: GoTool,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const answer = await runCommand(
    go,
    [
      "build",
      // Only the versions of go.mod, each with the sum of go.sum.
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      `-ldflags=-s -w -X ${versionVariable}=v${tool.version}`,
      ...["-o", path.join(folder, binaryName(tool.name)), tool.package],
    ],
    { environment, folder: tool.folder },
  );
  if (!answer.good) throw new BuildFailed(`go build of ${tool.name} failed`, lastLines(answer.err));
}

function lastLines(text: string): string[] {
  return text.trim().split("\n").slice(-10);
}
