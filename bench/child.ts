import { spawnSync } from "node:child_process";
import * as path from "node:path";

const repositoryFolder = path.join(__dirname, "..");

/**
 * Runs a command in the repository's folder to its end and returns what it printed and how long it took.
 *
 * @throws Error with what it printed when it ends with another status than 0.
 */
export function run(command: string, args: string[]): { output: string; milliseconds: number } {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: repositoryFolder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const milliseconds = performance.now() - start;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return { output: stdout, milliseconds };
}

/** Runs a TypeScript file of this folder in a process of its own, as the programs run, and returns what it printed. */
export function runModule(file: string, args: string[]): string {
  return run(process.execPath, [
    "--expose-gc",
    "--require",
    "./cli/register.js",
    path.join("bench", file),
    ...args,
  ]).output;
}

/** The value in the middle of the sorted list. */
export function median(values: number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
