import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { type Properties } from "../rehearsal/aws/properties";
import { hidesSecretValue, plainValue, secretValue } from "../rehearsal/wire-values";
import { COMPUTED_PLACEHOLDER } from "../resources/property-values";

/** How the engine writes a value that is not known before something is created. */
export const unknownValue = COMPUTED_PLACEHOLDER;

/** Properties of a message without wrappers. */
export interface Received {
  properties: Properties;
  /** Names of those that hold a value which is not known yet. */
  unknown: Set<string>;
  /** Names of those that hold a secret. */
  secret: Set<string>;
}

export function readStruct(struct: Struct | undefined): Received {
  const wrapped = (struct?.toJavaScript() ?? {}) as Properties;
  const properties = plainValue(wrapped) as Properties;
  const unknown = Object.keys(properties).filter((name) => hidesUnknown(properties[name]));
  const secret = Object.keys(wrapped).filter((name) => hidesSecretValue(wrapped[name]));
  return { properties, unknown: new Set(unknown), secret: new Set(secret) };
}

/**
 * Properties as a message carries them; undefined members are left out, because the message has no form for them.
 * @param secret names whose values the engine has to keep secret, because they were given as secrets.
 */
export function writeStruct(properties: Properties, secret: ReadonlySet<string> = new Set()): Struct {
  const plain = JSON.parse(JSON.stringify(properties)) as Properties;
  const guarded = Object.entries(plain).map(([name, value]) => [
    name,
    secret.has(name) ? secretValue(value) : value,
  ]);
  return Struct.fromJavaScript(Object.fromEntries(guarded) as Record<string, JavaScriptValue>);
}

function hidesUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(hidesUnknown);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hidesUnknown);
}
