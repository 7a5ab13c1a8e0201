import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type Problem, ProblemsError } from "../common/problems";
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
  const saved = value as Partial<SavedCloud> | null;
  if (saved?.format !== 1 || !Array.isArray(saved.held)) throw problem("is no state of simulated AWS");
  return saved as SavedCloud;
}

/** Writes the state beside its place first, so that it is never half written. */
export function writeStateFile(file: string, cloud: SavedCloud): void {
  writeFileSync(`${file}.part`, JSON.stringify(cloud));
  renameSync(`${file}.part`, file);
}
