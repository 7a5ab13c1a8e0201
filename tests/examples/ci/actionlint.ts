import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { buildTools } from "../../../engine/build-tools";
import { readGoTool } from "../../../engine/go-tool";
import { makeOnce } from "../../../engine/make-once";
import { binaryName, isExecutable } from "../../../engine/run-command";
import { repository } from "./workflow-files";

/**
 * The linter's binary, built once from the Go module that `actionlint/go.mod` pins. Throws `BuildFailed` when it cannot be
 * built.
 */
export async function findActionlint(progress: (line: string) => void): Promise<string> {
  const tool = readGoTool(path.join(__dirname, "actionlint"));
  const name = `${tool.name}-${tool.version}-${process.platform}-${process.arch}`;
  const folder = path.join(repository, ".engine", name);
  const binary = (place: string): string => path.join(place, binaryName(tool.name));
  await makeOnce({
    folder,
    complete: (place) => isExecutable(binary(place)),
    make: async (temporary) => {
      mkdirSync(temporary, { recursive: true });
      await buildTools([tool], temporary, process.env, progress);
    },
    onWait: () => progress(`another process is building ${tool.name}: waiting for it`),
  });
  return binary(folder);
}

/** What the linter says about a repository's workflows, one finding a line; empty when it finds nothing. */
export function lint(binary: string, folder: string): string[] {
  const { status, stdout, stderr, error } = spawnSync(
    binary,
    // What else is installed on a machine must not decide: shellcheck and pyflakes would be run where they are there.
    ["-oneline", "-no-color", "-shellcheck=", "-pyflakes="],
    { cwd: folder, encoding: "utf8" },
  );
  if (error !== undefined || (status !== 0 && status !== 1))
    throw new Error(`the linter did not run: ${error?.message ?? stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}
