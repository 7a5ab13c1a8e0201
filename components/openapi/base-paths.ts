import type { Problem } from "../../common/problems";
import type { ApiTarget } from "./api-plan";
import { formatPath, isPlainPart } from "./path-template";
import type { PathPart } from "./path-template";
import type { TargetOperation } from "./provider-operations";

/**
 * Root-level paths that API Gateway keeps for its own health checks: page "Amazon API Gateway important notes",
 * section on REST and WebSocket APIs.
 */
const reservedRoots = ["ping", "sping"];

/** The parts of a base path, or a problem. */
export function readBasePath(target: ApiTarget): { parts: PathPart[] } | { problem: Problem } {
  const where = `target ${target.name}, basePath`;
  const value = target.basePath;
  const texts = value.split("/").slice(1);
  if (!value.startsWith("/") || texts.length === 0 || !texts.every(isPlainPart)) {
    return {
      problem: {
        where,
        what: "the base path is malformed",
        value: JSON.stringify(value),
        allowed:
          "parts of letters, digits and . _ : -, each after one slash, without variables and without a slash at the end",
        change: `write it like /${target.name.replace(/[^a-zA-Z0-9._:-]/g, "-") || "service"}`,
      },
    };
  }
  if (reservedRoots.includes(texts[0] ?? "")) {
    return {
      problem: {
        where,
        what: "API Gateway keeps this path for its own health checks",
        value,
        allowed: `a base path that does not start with ${reservedRoots.map((root) => `/${root}`).join(" or ")}`,
        change: "choose another first part",
      },
    };
  }
  return { parts: texts.map((text) => ({ text, kind: "text" })) };
}

/** A target as the comparison of base paths sees it. */
export interface OccupiedPaths {
  name: string;
  base: readonly PathPart[];
  /** True when the target takes every path below its base path, because it has no document. */
  greedy: boolean;
  operations: readonly TargetOperation[];
}

/**
 * Problems of base paths that swallow each other: two equal ones; one below another target's base path when that target
 * takes everything below it or has an operation that matches the inner base path or something below it.
 */
export function findSwallowed(targets: readonly OccupiedPaths[]): Problem[] {
  const problems: Problem[] = [];
  for (const [index, first] of targets.entries()) {
    for (const second of targets.slice(index + 1)) {
      const [outer, inner] = first.base.length <= second.base.length ? [first, second] : [second, first];
      if (!outer.base.every((part, at) => part.text === inner.base[at]?.text)) continue;
      const where = `targets ${outer.name} and ${inner.name}, basePath`;
      const innerPath = formatPath(inner.base);
      if (outer.base.length === inner.base.length) {
        problems.push({
          where,
          what: "both targets have the same base path",
          value: innerPath,
          allowed: "a base path of its own for each target",
          change: "give one of them another base path",
        });
        continue;
      }
      const rest = inner.base.slice(outer.base.length);
      const matching = outer.operations.find((operation) => reaches(operation.parts, rest));
      if (matching === undefined) continue;
      const reason = outer.greedy
        ? `target ${outer.name} has no document and so takes every path below ${formatPath(outer.base)}`
        : `target ${outer.name} has ${matching.method.toUpperCase()} ${matching.source?.path ?? ""} there`;
      problems.push({
        where,
        what: `the base path of target ${inner.name} lies in the paths of target ${outer.name}: ${reason}`,
        value: innerPath,
        allowed: "base paths that no other target's operation matches",
        change: `move ${inner.name} out of ${formatPath(outer.base)}`,
      });
    }
  }
  return problems;
}

/** True when a path can match the inner base path or something below it. */
function reaches(parts: readonly PathPart[], inner: readonly PathPart[]): boolean {
  for (const [index, part] of inner.entries()) {
    const own = parts[index];
    if (own === undefined) return false;
    if (own.kind === "greedy") return true;
    if (own.kind === "text" && own.text !== part.text) return false;
  }
  return true;
}
