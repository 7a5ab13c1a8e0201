import { type Properties, type Resource } from "../resources/resource";
import { type PlannedChild, Ref, ResourceRef } from "./awsx/plan";
import { type Registration } from "./registration";
import { resourceValue } from "./wire-values";

/** What a remote component's plugin asks of the engine for one child. `siblings` are the children made so far, by key. */
export function childRegistration(
  child: PlannedChild,
  parent: string,
  siblings: Map<string, Resource>,
  provider: string,
): Registration {
  const propertyDependencies: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(child.inputs)) {
    const refs = collectRefs(value).map((ref) => siblings.get(ref.child)?.urn ?? "");
    if (refs.length > 0) propertyDependencies[key] = [...new Set(refs)];
  }
  const dependencies = new Set([
    ...Object.values(propertyDependencies).flat(),
    ...child.dependsOn.map((key) => siblings.get(key)?.urn ?? ""),
  ]);
  return {
    type: child.type,
    name: child.name,
    parent,
    custom: true,
    provider,
    dependencies: [...dependencies],
    propertyDependencies,
    inputs: resolveRefs(child.inputs, siblings) as Properties,
  };
}

function collectRefs(value: unknown): Ref[] {
  if (value instanceof Ref) return [value];
  if (Array.isArray(value)) return value.flatMap(collectRefs);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(collectRefs);
  return [];
}

/** The value with every reference to a planned child replaced by that child's property or by the child itself. */
export function resolveRefs(value: unknown, children: Map<string, Resource>): unknown {
  if (value instanceof Ref) {
    const child = children.get(value.child);
    return value.property === "id" ? child?.id : child?.outputs[value.property];
  }
  if (value instanceof ResourceRef) {
    return resourceValue(children.get(value.child));
  }
  if (Array.isArray(value)) return value.map((part) => resolveRefs(part, children));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolveRefs(part, children)]));
  }
  return value;
}
