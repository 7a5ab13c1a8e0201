import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Problem, ProblemsError } from "../common/problems";
import { isObject } from "../rehearsal/aws/properties";
import { type SavedHeld } from "../rehearsal/aws/world";

/** What simulated AWS keeps between two runs of the server. */
export interface SavedCloud {
  /** Form of the file. */
  format: 1;
  held: SavedHeld[];
  /** How often each URN has been created. */
  history: Record<string, number>;
  /** How many calls have changed something. */
  calls: number;
}

/**
 * Reads the state; undefined when there is no such file yet.
 * @throws ProblemsError when the file is something else.
 */
export function readStateFile(file: string): SavedCloud | undefined {
  if (!existsSync(file)) return undefined;
  const problem = (what: string): ProblemsError => {
    const problems: Problem[] = [
      {
        where: file,
        what,
        allowed: "a state file that an earlier run has written, or a name without a file",
        change: "name another file, or remove this one to start from nothing",
      },
    ];
    return new ProblemsError(problems, "the state of simulated AWS cannot be read");
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw problem(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isSaved(value)) throw problem("is no state of simulated AWS");
  return value;
}

function isSaved(value: unknown): value is SavedCloud {
  if (!isObject(value) || value.format !== 1) return false;
  const { held, history, calls } = value;
  return Array.isArray(held) && held.every(isHeld) && isObject(history) && Number.isSafeInteger(calls);
}

function isHeld(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { type, id, account, region, inputs, outputs, facts, implied } = value;
  return (
    [type, id, account, region].every((part) => typeof part === "string") &&
    [inputs, outputs, facts].every(isObject) &&
    Array.isArray(implied)
  );
}

/** Writes the state beside its place first, so that it is never half written. */
export function writeStateFile(file: string, cloud: SavedCloud): void {
  writeFileSync(`${file}.part`, JSON.stringify(cloud));
  renameSync(`${file}.part`, file);
}
