import { createHash } from "node:crypto";
import { isObject, type Properties } from "./properties";

const mark = "not-simulated-";
const marked = /not-simulated-[0-9a-f]{10}/;
const wholly = /^not-simulated-[0-9a-f]{10}$/;

/** Inputs that only label a resource: whatever they hold, AWS would do the same. */
const labels = new Set(["description", "name", "namePrefix", "tags", "tagsAll"]);

/**
 * Stands for a value that only a service which is not simulated would give: an id or another output. It looks like nothing
 * that AWS gives, so that whoever meets it, in whichever stack, sees that nothing is known. The same key has the same text.
 */
export function opaqueText(key: string): string {
  return `${mark}${createHash("sha256").update(key).digest("hex").slice(0, 10)}`;
}

/** True for a text that {@link opaqueText} has made. */
export function isOpaque(text: string): boolean {
  return wholly.test(text);
}

/**
 * True when what inputs decide depends on a value of which nothing is known.
 * @param also tells of further texts that stand for something unknown.
 */
export function holdOpaque(inputs: Properties, also: (text: string) => boolean = () => false): boolean {
  const holds = (value: unknown): boolean => {
    if (typeof value === "string") return marked.test(value) || also(value);
    if (Array.isArray(value)) return value.some(holds);
    return isObject(value) && Object.values(value).some(holds);
  };
  return Object.entries(inputs).some(([name, value]) => !labels.has(name) && holds(value));
}
