/** A JSON object whose keys are not known in advance. */
export type JsonObject = Record<string, unknown>;

/** An OpenAPI 3.0 or 3.1 document as parsed from its text: validated, every reference within the document itself. */
export interface OpenApiDocument extends JsonObject {
  openapi: string;
  info: JsonObject;
  paths?: JsonObject;
  components?: JsonObject;
}

/** The methods that both OpenAPI and API Gateway know, in the order in which documents list them. */
export const httpMethods = ["get", "put", "post", "delete", "options", "head", "patch"] as const;

/** One of the methods that both OpenAPI and API Gateway know. */
export type HttpMethod = (typeof httpMethods)[number];

/** True for a JSON object; false for arrays, null and everything else. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Orders texts by code unit, the same on every machine whatever its locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The segments of a local JSON pointer (`#/a/b~1c` gives `a`, `b/c`); undefined for a reference out of the document. */
export function pointerSegments(reference: string): string[] | undefined {
  if (reference === "#") return [];
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((part) => {
      let decoded = part;
      try {
        decoded = decodeURIComponent(part);
      } catch {
        // Not percent-encoded: a pointer may carry a bare percent sign when the document was not written as a URL.
      }
      return decoded.replaceAll("~1", "/").replaceAll("~0", "~");
    });
}

/** The value a local reference points at; undefined when nothing is there or the reference leaves the document. */
export function atPointer(document: JsonObject, reference: string): unknown {
  let value: unknown = document;
  for (const segment of pointerSegments(reference) ?? ["", ""]) {
    if (Array.isArray(value)) value = value[Number(segment)] as unknown;
    else if (isJsonObject(value) && Object.hasOwn(value, segment)) value = value[segment];
    else return undefined;
  }
  return value;
}

/**
 * The object itself, or what its `$ref` finally points at, with the keys written beside a `$ref` on top (a path item may
 * have both). Undefined when it is no object, when a reference points at nothing, or when references go round in a circle.
 */
export function dereference(document: JsonObject, value: unknown): JsonObject | undefined {
  const visited = new Set<string>();
  let beside: JsonObject = {};
  let current = value;
  while (isJsonObject(current) && typeof current.$ref === "string") {
    const { $ref, ...rest } = current;
    if (visited.has($ref)) return undefined;
    visited.add($ref);
    beside = { ...rest, ...beside };
    current = atPointer(document, $ref);
  }
  return isJsonObject(current) ? { ...current, ...beside } : undefined;
}
