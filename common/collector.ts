import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { type Problem } from "./problems";

/** What a refinement in a schema tells besides its message, so that a problem can say what to do. */
export interface Advice {
  allowed: string;
  change: string;
}

/** A refinement with advice, for `schema.superRefine`. */
export function refuse(ctx: z.RefinementCtx, message: string, advice: Advice): void {
  ctx.addIssue({ code: "custom", message, params: { ...advice } });
}

/**
 * Collects the problems of several inputs that are checked one by one, so that a mistake in one does not hide the
 * mistakes in the others.
 */
export class Collector {
  readonly problems: Problem[] = [];

  add(problem: Problem): void {
    this.problems.push(problem);
  }

  /** The parsed value, or undefined when it has problems (which are collected). */
  parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) this.problems.push(...toProblems(schema, value, issue, where));
    return undefined;
  }

  /** Each entry of a map parsed on its own; entries with problems are left out of the result. */
  parseEntries<T>(
    key: z.ZodType<string>,
    schema: z.ZodType<T>,
    value: unknown,
    where: string,
  ): Record<string, T> {
    const entries: Record<string, T> = {};
    if (value === undefined) return entries;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.add({
        where,
        what: "is not a map",
        value: show(value),
        allowed: "a map from name to settings",
        change: "write one indented `name:` for each entry",
      });
      return entries;
    }
    for (const [name, entry] of Object.entries(value)) {
      const parsedName = this.parse(key, name, `${where}.${name}`);
      const parsed = this.parse(schema, entry, `${where}.${name}`);
      if (parsedName !== undefined && parsed !== undefined) entries[parsedName] = parsed;
    }
    return entries;
  }

  /** Reports every key of `given` that is not in `known`, with the nearest known one. */
  rejectUnknownKeys(given: Iterable<string>, known: readonly string[], where: (key: string) => string): void {
    for (const key of given) if (!known.includes(key)) this.problems.push(unknownKey(where(key), key, known));
  }
}

/** A value as a person would write it, shortened to what fits in a message. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** The known word nearest to the given one, when it is near enough to be a typing mistake. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const best = known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate))[0];
  return best !== undefined && best.far <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

function unknownKey(where: string, key: string, known: readonly string[]): Problem {
  const guess = nearest(key, known);
  return {
    where,
    what: "is not a known configuration key",
    value: key,
    allowed: known.length === 0 ? "no key here" : [...known].sort().join(", "),
    change: guess === undefined ? "remove it" : `write "${guess}" instead, or remove it`,
  };
}

function toProblems(schema: z.ZodType, input: unknown, issue: z.core.$ZodIssue, where: string): Problem[] {
  const place = issue.path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`),
    where,
  );
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  const given = value === undefined ? {} : { value: show(value) };
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => unknownKey(`${place}.${key}`, key, known));
  }
  if (issue.code === "invalid_union") {
    const keys = [...new Set(unionKeys(schema, issue.path))];
    const allowed =
      keys.length > 0
        ? `exactly one form, out of the keys ${keys.join(", ")}`
        : "one of the documented forms";
    return [
      { where: place, what: "has none of the allowed forms", ...given, allowed, change: `give ${allowed}` },
    ];
  }
  if (issue.code === "invalid_key") {
    const key = String(issue.path[issue.path.length - 1]);
    // What is wrong with the key itself, at the entry's place.
    return issue.issues.map((inner) => {
      const known = inner.code === "custom" ? (inner.params as Advice | undefined) : undefined;
      const allowed = known?.allowed ?? allowedText(inner);
      const what = known === undefined ? "is not a key that can stand here" : inner.message;
      return { where: place, what, value: show(key), allowed, change: known?.change ?? `write ${allowed}` };
    });
  }
  const advice = issue.code === "custom" ? (issue.params as Advice | undefined) : undefined;
  if (advice !== undefined) return [{ where: place, what: issue.message, ...given, ...advice }];
  const allowed = allowedText(issue);
  if (value === undefined) return [{ where: place, what: "is missing", allowed, change: "add the key" }];
  const unquoted = issue.code === "invalid_type" && issue.expected === "string" && isScalar(value);
  const change = unquoted ? "put the value in quotation marks" : `change the value to ${allowed}`;
  return [{ where: place, what: "has a wrong value", ...given, allowed, change }];
}

/** True for what YAML reads as something else than text because it has no quotation marks, such as an account id. */
function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function allowedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type": {
      const words: Record<string, string> = {
        string: "text",
        array: "a list",
        object: "a map",
        record: "a map",
        int: "a whole number",
      };
      return words[issue.expected] ?? `a ${issue.expected}`;
    }
    case "invalid_value":
      return issue.values.map((v) => String(v)).join(" or ");
    case "too_small":
      return issue.origin === "array"
        ? `at least ${counted(issue.minimum, "entry", "entries")}`
        : issue.origin === "string"
          ? `at least ${counted(issue.minimum, "character", "characters")}`
          : `a number of at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array"
        ? `at most ${counted(issue.maximum, "entry", "entries")}`
        : issue.origin === "string"
          ? `at most ${counted(issue.maximum, "character", "characters")}`
          : `a number of at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function counted(count: number | bigint, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let inner: z.ZodType | undefined = unwrap(schema);
  for (const part of path) {
    if (inner instanceof z.ZodObject) inner = (inner.shape as Record<PropertyKey, z.ZodType>)[part];
    else if (inner instanceof z.ZodArray) inner = inner.element as z.ZodType;
    else if (inner instanceof z.ZodRecord) inner = inner.valueType as z.ZodType;
    else return undefined;
    if (inner === undefined) return undefined;
    inner = unwrap(inner);
  }
  return inner;
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const inner = schemaAt(schema, path);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unionKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const inner = schemaAt(schema, path);
  if (!(inner instanceof z.ZodUnion)) return [];
  return (inner.options as z.ZodType[]).flatMap((option) => keysAt(option, []));
}
