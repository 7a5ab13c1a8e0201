/** Stands for any text without a slash, in a subject. A private-use character is in no real text. */
export const SEGMENT = "\uE001";

/**
 * Whether some text matches both patterns, in which `*` stands for any text and `?` for any one character; in the
 * right one {@link SEGMENT} stands for any text without a slash.
 * Quadratic in the patterns' lengths, which AWS limits.
 */
export function globsMeet(left: string, right: string): boolean {
  // Places in the right pattern that are reached with so much of the left one. Not by recursion: a path may have
  // thousands of characters.
  let reached = new Set([0]);
  for (let i = 0; i <= left.length && reached.size > 0; i += 1) {
    const next = new Set<number>();
    const a = left[i];
    // What is added to a set while one goes through it is visited, too.
    for (const j of reached) {
      const b = right[j];
      if (a === undefined && b === undefined) return true;
      if (a === "*") {
        next.add(j);
        if (b !== undefined) reached.add(j + 1);
      } else if (b === "*" || b === SEGMENT) {
        reached.add(j + 1);
        if (a !== undefined && (b === "*" || a !== "/")) next.add(j);
      } else if (a !== undefined && b !== undefined && (a === b || a === "?" || b === "?")) {
        next.add(j + 1);
      }
    }
    reached = next;
  }
  return false;
}

/** Whether the pattern matches every text that `subject` can stand for, with `*` and {@link SEGMENT} in it as above. */
export function globCovers(pattern: string, subject: string): boolean {
  // A private-use character is in no real text, so that only `*` and `?` of the pattern can match it; two of them
  // in a row are matched by no single `?`.
  return globsMeet(pattern, subject.replace(/[*\uE001]/g, "\uE000\uE000"));
}
