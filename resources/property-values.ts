import { Unknown, type Properties } from "./resource";

/** Key under which Pulumi marks a value that is not plain JSON; the signature beside it says what it is. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Written for a value that is not known yet; the others are the typed variants of the same placeholder. */
export const COMPUTED_PLACEHOLDER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const PLACEHOLDERS = new Set([
  COMPUTED_PLACEHOLDER,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function secretValue(marked: Record<string, unknown>): unknown {
  if ("value" in marked) return readValue(marked.value, secretValue);
  if (typeof marked.plaintext !== "string") return new Unknown("secret");
  try {
    return readValue(JSON.parse(marked.plaintext), secretValue);
  } catch {
    return new Unknown("secret");
  }
}

/**
 * A property value of a deployment file as the rest of the project sees it: a secret in plain text is its value, a
 * secret in cipher and a placeholder are {@link Unknown}; resource references and assets stay the objects they are.
 */
function readValue(value: unknown, secrets: (marked: Record<string, unknown>) => unknown): unknown {
  if (typeof value === "string") return PLACEHOLDERS.has(value) ? new Unknown("computed") : value;
  if (Array.isArray(value)) return value.map((entry) => readValue(entry, secrets));
  if (!isObject(value)) return value;
  if (value[SIGNATURE_KEY] === SECRET_SIGNATURE) return secrets(value);
  if (value[SIGNATURE_KEY] === OUTPUT_SIGNATURE) {
    if (value.secret === true) return secrets(value);
    return "value" in value ? readValue(value.value, secrets) : new Unknown("computed");
  }
  return readEntries(value, secrets);
}

function readEntries(value: unknown, secrets: (marked: Record<string, unknown>) => unknown): Properties {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, readValue(entry, secrets)]));
}

/** All properties of an object, each read by {@link readValue}. Anything but an object gives no properties. */
export function readProperties(value: unknown): Properties {
  return readEntries(value, secretValue);
}

/** The same for a stack's outputs, of which no other stack is told what is secret: that is {@link Unknown} in plain text, too. */
export function readStackOutputs(value: unknown): Properties {
  return readEntries(value, () => new Unknown("secret"));
}

/** The inverse of {@link readValue}: {@link Unknown} becomes the placeholder or an empty cipher text. */
export function writeValue(value: unknown): unknown {
  if (value instanceof Unknown) {
    return value.reason === "computed"
      ? COMPUTED_PLACEHOLDER
      : { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: "" };
  }
  if (Array.isArray(value)) return value.map(writeValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === undefined ? [] : [[key, writeValue(entry)]])),
  );
}
