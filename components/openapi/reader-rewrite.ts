import { atPointer, isJsonObject, pointerSegments } from "./openapi-document";
import type { JsonObject, OpenApiDocument } from "./openapi-document";

/** Keys whose value is a map from names to nodes: its keys are names, whatever they look like. */
const namedMaps = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
  "responses",
  "content",
  "headers",
  "callbacks",
  "links",
  "schemas",
  "requestBodies",
  "encoding",
  "pathItems",
]);

/** Keys whose value is data and no part of the document's structure. */
const plainData = new Set(["example", "default", "enum", "const", "value"]);

/** How nodes of one provider's document are written in the merged document. */
export class DocumentRewriter {
  private readonly hoisted = new Map<string, string>();
  private readonly pending: { name: string; value: unknown }[] = [];

  /**
   * `prefix` stands in front of the names of components, operations and tags; `upgrade` turns schemas of OpenAPI 3.0
   * into those of 3.1.
   */
  constructor(
    private readonly document: OpenApiDocument,
    private readonly prefix: string,
    private readonly upgrade: boolean,
  ) {}

  /** The document's components under their new names, and what single references outside the components needed. */
  components(): Record<string, JsonObject> {
    const sections: Record<string, JsonObject> = {};
    for (const [section, entries] of Object.entries(this.document.components ?? {})) {
      if (section === "securitySchemes" || section.startsWith("x-") || !isJsonObject(entries)) continue;
      const renamed = Object.entries(entries).map(
        ([name, value]) => [this.named(name), this.mapEntry(section, value)] as const,
      );
      sections[section] = Object.fromEntries(renamed);
    }
    for (let item = this.pending.shift(); item !== undefined; item = this.pending.shift()) {
      (sections.schemas ??= {})[item.name] = this.node(item.value);
    }
    return sections;
  }

  /** A name of the document as it is in the merged document. */
  named(name: string): string {
    return `${this.prefix}.${name}`;
  }

  /** A node: references and names rewritten, security and AWS extensions left out, data untouched. */
  node(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.node(item));
    if (!isJsonObject(value)) return value;
    if (typeof value.$ref === "string") {
      const { $ref, ...rest } = value;
      return { $ref: this.reference($ref), ...(this.node(rest) as JsonObject) };
    }
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      if (key.startsWith("x-amazon-") || (key === "security" && Array.isArray(item))) continue;
      result[key] = this.property(key, item);
    }
    return this.upgrade ? upgradeSchema(result) : result;
  }

  private property(key: string, item: unknown): unknown {
    if (plainData.has(key) || key.startsWith("x-")) return item;
    if (key === "examples")
      return isJsonObject(item) ? this.map(item, (example) => this.example(example)) : item;
    if (namedMaps.has(key) && isJsonObject(item)) return this.map(item, (entry) => this.mapEntry(key, entry));
    if (key === "discriminator" && isJsonObject(item)) return this.discriminator(item);
    if (key === "operationId" && typeof item === "string") return this.named(item);
    if (key === "tags" && Array.isArray(item))
      return item.map((tag) => (typeof tag === "string" ? this.named(tag) : this.node(tag)));
    return this.node(item);
  }

  private map(entries: JsonObject, rewrite: (value: unknown) => unknown): JsonObject {
    return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, rewrite(value)]));
  }

  private mapEntry(section: string, value: unknown): unknown {
    if (section === "examples") return this.example(value);
    if (section === "links" && isJsonObject(value) && value.$ref === undefined) {
      // A link's parameters and body are data and expressions; only the operation it names is the document's own.
      return typeof value.operationId === "string"
        ? { ...value, operationId: this.named(value.operationId) }
        : value;
    }
    if (section === "callbacks" && isJsonObject(value) && value.$ref === undefined)
      return this.map(value, (item) => this.node(item));
    return this.node(value);
  }

  private example(value: unknown): unknown {
    return isJsonObject(value) && typeof value.$ref === "string"
      ? { ...value, $ref: this.reference(value.$ref) }
      : value;
  }

  private discriminator(value: JsonObject): JsonObject {
    if (!isJsonObject(value.mapping)) return value;
    const schemas = isJsonObject(this.document.components?.schemas) ? this.document.components.schemas : {};
    const mapping = this.map(value.mapping, (target) => {
      if (typeof target !== "string") return target;
      if (target.startsWith("#/")) return this.reference(target);
      return Object.hasOwn(schemas, target) ? this.named(target) : target;
    });
    return { ...value, mapping };
  }

  /**
   * Where a reference points in the merged document. One into the components keeps its way under the new name; any other
   * (bundling makes such ones, from the second use of a file on) gets a schema of its own.
   */
  private reference(reference: string): string {
    const segments = pointerSegments(reference);
    if (segments === undefined) return reference;
    const [root, section, name, ...rest] = segments;
    if (root === "components" && section !== undefined && name !== undefined) {
      return `#/${["components", section, this.named(name), ...rest].map(escapeSegment).join("/")}`;
    }
    let hoisted = this.hoisted.get(reference);
    if (hoisted === undefined) {
      const schemas = isJsonObject(this.document.components?.schemas) ? this.document.components.schemas : {};
      let number = this.hoisted.size + 1;
      while (Object.hasOwn(schemas, `Shared${number}`)) number += 1;
      hoisted = this.named(`Shared${number}`);
      this.hoisted.set(reference, hoisted);
      this.pending.push({ name: hoisted, value: atPointer(this.document, reference) });
    }
    return `#/components/schemas/${escapeSegment(hoisted)}`;
  }
}

function escapeSegment(segment: string): string {
  return segment.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** What differs between a schema of OpenAPI 3.0 and one of 3.1; the specification's own upgrade notes list the same. */
function upgradeSchema(node: JsonObject): JsonObject {
  const { nullable, ...rest } = node;
  if (
    typeof nullable !== "boolean" &&
    typeof node.exclusiveMinimum !== "boolean" &&
    typeof node.exclusiveMaximum !== "boolean"
  ) {
    return node;
  }
  const result: JsonObject = typeof nullable === "boolean" ? rest : { ...node };
  if (nullable === true && typeof result.type === "string") result.type = [result.type, "null"];
  for (const [exclusive, limit] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof result[exclusive] !== "boolean") continue;
    const strict = result[exclusive];
    delete result[exclusive];
    if (strict && limit in result) {
      result[exclusive] = result[limit];
      delete result[limit];
    }
  }
  return result;
}
