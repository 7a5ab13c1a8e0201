import { createHash } from "node:crypto";
import { byText, isJsonObject } from "./openapi-document";

/** JSON text with the keys of every object sorted, so that equal documents have equal texts. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (isJsonObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    const texts = entries
      .sort(([a], [b]) => byText(a, b))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${texts.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** SHA-256 in hexadecimal of a document, whatever the order of its keys: what triggers a redeployment. */
export function documentHash(document: unknown): string {
  return createHash("sha256").update(canonicalJson(document)).digest("hex");
}
