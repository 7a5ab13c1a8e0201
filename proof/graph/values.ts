import { Unknown, type Resource } from "../../resources/resource";

/** Text, the mark of a value that the file does not tell, or undefined when the property is not set. */
export type Text = string | Unknown | undefined;

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(value instanceof Unknown);
}

/** A property as the resource's state has it, else as the program gave it. */
export function property(resource: Resource, key: string): unknown {
  const output = resource.outputs[key];
  if (isSet(output)) return output;
  const input = resource.inputs[key];
  return isSet(input) ? input : (output ?? input ?? undefined);
}

/**
 * True when a managed resource's program leaves a property out, so that its state is a copy of what others did at the
 * last refresh. A resource without any inputs comes from a tool that writes states only, which are then all there is.
 */
export function onlyRead(resource: Resource, key: string): boolean {
  const given = resource.inputs[key];
  return (
    !resource.external && Object.keys(resource.inputs).length > 0 && (given === undefined || given === null)
  );
}

/** A value as text: numbers and truth values are written out, an empty text counts as not set. */
export function asText(value: unknown): Text {
  if (value instanceof Unknown) return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A value as text when it is told, else the fallback. */
export function knownText(value: unknown, fallback: string): string {
  const told = asText(value);
  return typeof told === "string" ? told : fallback;
}

/** A property as text; see {@link asText}. */
export function text(resource: Resource, key: string): Text {
  return asText(property(resource, key));
}

/** A property as text when the file tells it; undefined otherwise. */
export function known(resource: Resource, key: string): string | undefined {
  const value = text(resource, key);
  return typeof value === "string" ? value : undefined;
}

/** A whole number, or undefined when the value is none. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** A property as a whole number when the file tells it. */
export function number(resource: Resource, key: string): number | undefined {
  return asNumber(property(resource, key));
}

/** A list's entries; `Unknown` when the list itself is not told; empty when it is not set. */
export function asList(value: unknown): unknown[] | Unknown {
  if (value instanceof Unknown) return value;
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A property as a list; see {@link asList}. */
export function list(resource: Resource, key: string): unknown[] | Unknown {
  return asList(property(resource, key));
}

/** The texts of a list property and whether the file tells all of them. */
export function texts(resource: Resource, key: string): { values: string[]; complete: boolean } {
  const entries = list(resource, key);
  if (entries instanceof Unknown) return { values: [], complete: false };
  const all = entries.map(asText);
  const values = all.filter((entry) => typeof entry === "string");
  return { values: [...new Set(values)].sort(), complete: !all.some((entry) => entry instanceof Unknown) };
}

/** An object's entries; empty for anything else. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown)
    ? (value as Record<string, unknown>)
    : {};
}

/** The resource's type with the older names of one service folded into the current ones. */
export function typeOf(resource: Resource): string {
  return resource.type.replace(/^aws:(alb|elasticloadbalancingv2|applicationloadbalancing)\//, "aws:lb/");
}
