import { type Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Properties, type Resource } from "../resources/resource";

/** Marks a resource as a value, in what passes between program and engine. */
const resourceSignature = {
  key: "4dabf18193072939515e22adb298388d",
  value: "5cf8f73096256a8f31e491e813e4eb8e",
};
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A message's properties as plain JSON values. Simulated AWS keeps no secrets: their wrappers are taken off. */
export function plainObject(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (plainValue(struct.toJavaScript()) as Properties);
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  if (object[resourceSignature.key] === secretSignature) return plainValue(object.value);
  return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, plainValue(part)]));
}

/** A resource as a value that the program receives back as a resource. */
export function resourceValue(resource: Resource | undefined): Properties {
  return {
    [resourceSignature.key]: resourceSignature.value,
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
  return object[resourceSignature.key] === secretSignature || Object.values(object).some(hidesSecretValue);
}

/** A value that the engine keeps secret. */
export function secretValue(value: unknown): Properties {
  return { [resourceSignature.key]: secretSignature, value };
}
