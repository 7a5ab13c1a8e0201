/** Stands for any text without a slash, in a subject. A private-use character is in no real text. */
export const SEGMENT = "\uE001";

/**
 * Whether some text matches both patterns, in which `*` stands for any text and `?` for any one character; in the
 * right one {@link SEGMENT} stands for any text without a slash.
 * Quadratic in the patterns' lengths, which AWS limits.
 */
export function globsMeet(left: string, right: string): boolean {
  const memo = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = i * (right.length + 1) + j;
    const cached = memo.get(key);
    if (cached !== undefined) return cached;
    memo.set(key, false);
    const a = left[i];
    const b = right[j];
    let result: boolean;
    if (a === undefined && b === undefined) result = true;
    else if (a === "*") result = meet(i + 1, j) || (b !== undefined && meet(i, j + 1));
    else if (b === SEGMENT) result = meet(i, j + 1) || (a !== undefined && a !== "/" && meet(i + 1, j));
    else if (b === "*") result = meet(i, j + 1) || (a !== undefined && meet(i + 1, j));
    else
      result =
        a !== undefined && b !== undefined && (a === b || a === "?" || b === "?") && meet(i + 1, j + 1);
    memo.set(key, result);
    return result;
  };
  return meet(0, 0);
}

/** Whether the pattern matches every text that `subject` can stand for, with `*` and {@link SEGMENT} in it as above. */
export function globCovers(pattern: string, subject: string): boolean {
  // A private-use character is in no real text, so that only `*` and `?` of the pattern can match it; two of them
  // in a row are matched by no single `?`.
  return globsMeet(pattern, subject.replace(/[*\uE001]/g, "\uE000\uE000"));
}
