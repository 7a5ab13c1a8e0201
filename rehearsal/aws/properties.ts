/** Property values of a resource by their Pulumi names. */
export type Properties = Record<string, unknown>;

/** The text of a property; undefined when it is absent or empty. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The number of a property, also when it is written as text (`"443"`); undefined otherwise. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** True for `true` and `"true"`. */
export function yes(value: unknown): boolean {
  return value === true || value === "true";
}

/** The texts of a list property; an absent list is empty. */
export function texts(value: unknown): string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

/** The objects of a list property; an absent list is empty, and a single object counts as a list of one. */
export function objects(value: unknown): Properties[] {
  return list(value).filter(isObject);
}

/** A nested object; an absent one is empty. */
export function object(value: unknown): Properties {
  return isObject(value) ? value : {};
}

/** True for anything that is a plain object and no list. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** The object without undefined, null and `__`-prefixed members, and without what `__defaults` says was filled in. */
export function plain(properties: Properties): Properties {
  const filledIn = new Set(texts(properties.__defaults));
  const kept = Object.entries(properties).filter(
    ([key, value]) => !key.startsWith("__") && !filledIn.has(key) && value !== undefined && value !== null,
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype ? plain(value) : value;
}

/** True when a provider sees no difference: absent, empty and zero are one, and lists of texts are sets. */
export function sameProperty(a: unknown, b: unknown): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(canonical);
    const sorted = items.map((item) => JSON.stringify(item) ?? "null").sort();
    return sorted.length === 0 ? "" : sorted;
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
      .map(([key, item]) => [key, canonical(item)] as const)
      .filter(([, item]) => item !== "");
    return entries.length === 0 ? "" : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  if (value === undefined || value === null || value === false || value === 0) return "";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}
