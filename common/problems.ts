/**
 * What is wrong with an input, in the five parts that a reader needs to mend it. Everything that checks input collects
 * problems and reports all of them at once, instead of throwing at the first.
 */
export interface Problem {
  /** Where: a file and key, a property path, a target or stack name. */
  where: string;
  /** What is wrong, as one sentence without a full stop. */
  what: string;
  /** The value given, as the user wrote it. Left out when nothing was given. */
  value?: string;
  /** What is allowed. */
  allowed: string;
  /** The change that mends it. */
  change: string;
}

/** One problem as one line of text: where, what, value, allowed, change. */
export function formatProblem(problem: Problem): string {
  const value = problem.value === undefined ? "" : `; given: ${problem.value}`;
  const text = `${problem.where}: ${problem.what}${value}; allowed: ${problem.allowed}; change: ${problem.change}`;
  // Names and values may hold anything, also what would start a new line or speak to the terminal.
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  if (character === "\n") return "\\n";
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Thrown when input has problems; the message lists all of them, one a line. */
export class ProblemsError extends Error {
  constructor(
    readonly problems: readonly Problem[],
    heading = "the configuration has mistakes",
  ) {
    super(`${heading} (${problems.length}):\n${problems.map((p) => `  - ${formatProblem(p)}`).join("\n")}`);
    this.name = "ProblemsError";
  }
}
