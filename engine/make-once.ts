import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** How a process shows that it is at work, and when another one is taken for dead. */
export interface Patience {
  /** Milliseconds between two signs of life. */
  beat: number;
  /** Milliseconds without a sign of life after which a process counts as dead. */
  silence: number;
}

const usualPatience: Patience = { beat: 1000, silence: 30_000 };

/** What `makeOnce` makes. */
export interface Making {
  /** The folder that is there afterwards. */
  folder: string;
  /** Whether the folder holds all that belongs into it. */
  complete: (folder: string) => boolean;
  /** Fills an empty folder, or throws. */
  make: (folder: string) => Promise<void>;
  /** Told once when another process is making the same. */
  onWait: () => void;
  patience?: Patience;
}

/**
 * Makes a folder unless it is there. It is filled under another name and renamed when it is complete, so a process that
 * dies on the way leaves nothing that is taken for the whole, and of two processes that make it at once the first to end
 * wins. A lock keeps them from doing the work twice; only that depends on it, so a lock whose owner shows no life is
 * taken away without more ado.
 */
export async function makeOnce(making: Making): Promise<void> {
  const { folder, complete, onWait, patience = usualPatience } = making;
  if (complete(folder)) return;
  mkdirSync(path.dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  let waited = false;
  while (!tryToLock(lock)) {
    if (!waited && ownerMayLive(lock)) {
      waited = true;
      onWait();
    }
    await waitForOwner(lock, patience);
    if (complete(folder)) return;
  }
  const beat = setInterval(() => touch(lock), patience.beat);
  try {
    if (!complete(folder)) await makeUnderLock(making);
  } finally {
    clearInterval(beat);
    rmSync(lock, { force: true });
  }
}

async function makeUnderLock({ folder, complete, make }: Making): Promise<void> {
  const unfinished = `${folder}.unfinished-`;
  removeLeftovers(unfinished);
  const temporary = `${unfinished}${randomUUID()}`;
  mkdirSync(temporary);
  try {
    await make(temporary);
    // Somebody removed a part of it by hand: rename does not replace a folder that holds something.
    if (!complete(folder)) rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } catch (error) {
    // A process that was taken for dead may have been faster; then what it made is as good.
    if (!complete(folder)) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Removes what killed processes left. Only what is old: the owner of a lock that was taken away may still be at work. */
function removeLeftovers(prefix: string): void {
  const hour = 3_600_000;
  const parent = path.dirname(prefix);
  for (const file of readdirSync(parent).map((name) => path.join(parent, name)))
    if (file.startsWith(prefix) && lastSign(file) < Date.now() - hour)
      rmSync(file, { recursive: true, force: true });
}

function tryToLock(lock: string): boolean {
  try {
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: process.pid }), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Returns when the lock is gone; removes it when its owner is dead. */
async function waitForOwner(lock: string, { beat, silence }: Patience): Promise<void> {
  let last = lastSign(lock);
  let since = Date.now();
  while (existsSync(lock)) {
    // What counts is that the sign changes, not the time in it: clocks of machines that share a folder differ.
    const sign = lastSign(lock);
    if (sign !== last) [last, since] = [sign, Date.now()];
    if (!ownerMayLive(lock) || Date.now() - since > silence) rmSync(lock, { force: true });
    else await wait(beat);
  }
}

/** False when the owner was a process of this machine and is no more, as after Ctrl-C: nobody has to wait for that. */
function ownerMayLive(lock: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(lock, "utf8")) as { host: string; pid: number };
    if (owner.host === hostname()) process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    // A lock without text is being written, one that belongs to another user cannot be signalled.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function lastSign(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function touch(lock: string): void {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // Taken away by a process that took this one for dead; the rename decides.
  }
}
