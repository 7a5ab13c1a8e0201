/**
 * Oldest CLI on PATH that is used: 3.230, of April 2026, two months older than the one that `engine/cli` pins and all
 * tests run with. Older ones may well work, but nobody tries them here. Newer ones are used up to version 4, before which
 * Pulumi's commands, plugin protocol and state files stay compatible.
 */
const oldestCli = "3.230.0";

/** The versions that are used, in the notation of npm. */
export const allowedCli = `>=${oldestCli} <4`;

/** The numbers of a version such as `3.246.0`, `v3.246.0-alpha.1` or `go1.26`; undefined when the text is no version. */
function numbers(text: string): [number, number, number] | undefined {
  const [, major, minor, patch] = /^(?:v|go)?(\d+)\.(\d+)(?:\.(\d+))?(?![\d.])/.exec(text.trim()) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : [Number(major), Number(minor), Number(patch ?? 0)];
}

/** Whether a version is the other one or newer; what follows the three numbers counts for nothing. */
export function isAtLeast(version: string, minimum: string): boolean {
  const left = numbers(version);
  const right = numbers(minimum);
  if (left === undefined || right === undefined) return false;
  const index = left.findIndex((number, place) => number !== right[place]);
  return index === -1 || (left[index] ?? 0) > (right[index] ?? 0);
}

/** Whether a text is a version at all. */
export function isVersion(text: string): boolean {
  return numbers(text) !== undefined;
}

/** Whether a CLI of this version is used. */
export function isAllowedCli(version: string): boolean {
  return isAtLeast(version, oldestCli) && !isAtLeast(version, "4.0.0");
}
