import * as os from "node:os";

/** Who holds a stack's lock, as far as the engine tells. */
export interface LockHolder {
  /** In the engine's words: user, machine, process and time. */
  description: string;
  /** Process on this machine; undefined when it runs elsewhere or the engine does not say. */
  process?: number;
}

/**
 * Reads who holds the lock from what the engine prints. A self-managed backend names user, machine and process
 * (`created by root@host (pid 123) at 2026-01-01T00:00:00Z`); Pulumi Cloud names the update.
 */
export function readLock(output: string, host = os.hostname()): LockHolder {
  const match = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/.exec(output);
  if (match === null) {
    const line = output.split("\n").find((text) => /currently (locked|in progress)/.test(text));
    return { description: line?.replace(/^\s*(stderr|error):\s*/, "").trim() ?? "another update" };
  }
  const [, user, machine, pid, since] = match;
  return {
    description: `${user}@${machine}, process ${pid}, since ${since?.replace(/\.$/, "")}`,
    ...(machine === host ? { process: Number(pid) } : {}),
  };
}

/** True when a process of this machine still runs. */
export function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
