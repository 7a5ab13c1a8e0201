import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";

/** What a command answered. */
export interface Answer {
  /** Whether it ended with status 0. */
  good: boolean;
  out: string;
  /** What it wrote to standard error, or why it could not be started or was stopped. */
  err: string;
}

/** Runs a command to its end, without input, and without throwing whatever becomes of it. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { environment: NodeJS.ProcessEnv; folder: string; timeoutMilliseconds?: number },
): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.folder,
      env: options.environment,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMilliseconds,
      killSignal: "SIGKILL",
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.on("error", (error) => resolve({ good: false, out, err: error.message }));
    child.on("close", (status, signal) => {
      if (signal !== null) err += `\nended by ${signal}`;
      resolve({ good: status === 0, out, err: err.trim() });
    });
  });
}

/** The name of a binary's file on this system. */
export function binaryName(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

/** Whether a file is there and may be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The file that a shell would run for a name, or undefined. */
export function findOnPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  return (environment.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.resolve(folder, binaryName(name)))
    .find(isExecutable);
}
