import { type Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET_SIGNATURE, SIGNATURE_KEY } from "../resources/property-values";
import { type Properties, type Resource } from "../resources/resource";

/** Marks a resource as a value, in what passes between program and engine. */
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** A message's properties as plain JSON values. Simulated AWS keeps no secrets: their wrappers are taken off. */
export function plainObject(struct: Struct | undefined): Properties {
  return plainValue(struct?.toJavaScript() ?? {}) as Properties;
}

/** A value without the wrappers of secrets. */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  if (object[SIGNATURE_KEY] === SECRET_SIGNATURE) return plainValue(object.value);
  return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, plainValue(part)]));
}

/** A resource as a value that the program receives back as a resource. */
export function resourceValue(resource: Resource | undefined): Properties {
  return {
    [SIGNATURE_KEY]: resourceSignature,
    urn: resource?.urn ?? "",
    id: resource?.id ?? "",
    packageVersion: "",
  };
}

/** True when a value is a secret, or holds one. */
export function hidesSecretValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hidesSecretValue);
  if (typeof value !== "object" || value === null) return false;
  const object = value as Properties;
  return object[SIGNATURE_KEY] === SECRET_SIGNATURE || Object.values(object).some(hidesSecretValue);
}

/** A value that the engine keeps secret. */
export function secretValue(value: unknown): Properties {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}
