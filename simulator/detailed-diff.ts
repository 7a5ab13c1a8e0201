import { isDeepStrictEqual } from "node:util";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import { isObject, type Properties } from "../rehearsal/aws/properties";

const { Kind } = providerProto.PropertyDiff;

/**
 * Where exactly inputs differ, as the real provider tells it: options such as `replaceOnChanges` name paths inside a property.
 * @param replaces names of properties whose change replaces the resource.
 */
export function detailedDiff(
  before: Properties,
  after: Properties,
  changed: readonly string[],
  replaces: readonly string[],
): Map<string, providerProto.PropertyDiff> {
  const differences = new Map<string, providerProto.PropertyDiff>();
  for (const name of changed) {
    const replacing = replaces.includes(name);
    for (const [path, kind] of differ(before[name], after[name], name))
      differences.set(
        path,
        new providerProto.PropertyDiff().setKind(kindOf(kind, replacing)).setInputdiff(true),
      );
  }
  return differences;
}

type Difference = "add" | "delete" | "update";

function differ(before: unknown, after: unknown, path: string): [string, Difference][] {
  if (before === undefined) return [[path, "add"]];
  if (after === undefined) return [[path, "delete"]];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      isDeepStrictEqual(before[index], after[index])
        ? []
        : differ(before[index], after[index], `${path}[${index}]`),
    );
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys
      .filter((key) => !isDeepStrictEqual(before[key], after[key]))
      .flatMap((key) => differ(before[key], after[key], `${path}${segment(key)}`));
  }
  return [[path, "update"]];
}

/** A key as property paths have it: https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/ */
function segment(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `["${key.replaceAll('"', '\\"')}"]`;
}

function kindOf(difference: Difference, replacing: boolean): providerProto.PropertyDiff.Kind {
  switch (difference) {
    case "add":
      return replacing ? Kind.ADD_REPLACE : Kind.ADD;
    case "delete":
      return replacing ? Kind.DELETE_REPLACE : Kind.DELETE;
    case "update":
      return replacing ? Kind.UPDATE_REPLACE : Kind.UPDATE;
  }
}
