import { type EngineStack } from "./engine-stack";
import { type Report } from "./events";
import { isRunning, readLock } from "./lock";

export interface LockOptions {
  /** Whether the lock of an update that does not run any more is removed. */
  unlock: boolean;
  report: Report;
  stopping: () => boolean;
}

/** How long the lock of a process that still runs is waited for, and how often it is looked at, in milliseconds. */
const patience = { most: 10 * 60_000, interval: 1_000 };

/**
 * Explains who holds a stack's lock, and removes it when that was asked for and nobody works on the stack any more.
 * @param output what the engine printed when it met the lock.
 * @returns true when the lock is gone.
 */
export async function clearLock(
  stack: EngineStack,
  output: string,
  { unlock, report, stopping }: LockOptions,
): Promise<boolean> {
  const { description, process } = readLock(output);
  if (!unlock) {
    report({
      event: "locked",
      stack: stack.label,
      holder: description,
      change: `wait until that update ends; when it does not run any more, repeat the command with --unlock, or run: pulumi cancel --stack ${stack.name}`,
    });
    return false;
  }
  if (process !== undefined && isRunning(process)) {
    report({ event: "waiting-for-lock", stack: stack.label, holder: description });
    const end = Date.now() + patience.most;
    while (isRunning(process)) {
      if (Date.now() > end || stopping()) return false;
      await new Promise((resolve) => setTimeout(resolve, patience.interval));
    }
  }
  await stack.cancel();
  report({ event: "unlocked", stack: stack.label, holder: description });
  return true;
}
