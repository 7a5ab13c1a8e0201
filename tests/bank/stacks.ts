import assert from "node:assert/strict";
import { type Resource, type StackResources } from "../../resources/resource";

/** A copy that can be altered without harm to the original. */
export function copyOf(stacks: readonly StackResources[]): StackResources[] {
  return stacks.map((stack) => ({
    ...stack,
    resources: stack.resources.map((resource) => ({
      ...resource,
      inputs: structuredClone(resource.inputs),
      outputs: structuredClone(resource.outputs),
    })),
  }));
}

/** The stack of that name. */
export function stackNamed(stacks: readonly StackResources[], name: string): StackResources {
  const found = stacks.find(({ stack }) => stack === name);
  assert.ok(found, `no stack ${name}`);
  return found;
}

/** The one resource of a kind, such as `Route`, with a logical name. */
export function resourceNamed(stack: StackResources, kind: string, name: string): Resource {
  const found = stack.resources.filter(
    (resource) => resource.custom && resource.type.endsWith(`:${kind}`) && resource.name === name,
  );
  assert.equal(found.length, 1, `${found.length} resources ${kind} ${name} in ${stack.stack}`);
  return found[0] as Resource;
}

/** Removes one resource and gives back what it was. */
export function removeFrom(
  stacks: readonly StackResources[],
  name: string,
  kind: string,
  logical: string,
): Resource {
  const stack = stackNamed(stacks, name);
  const resource = resourceNamed(stack, kind, logical);
  stack.resources = stack.resources.filter((other) => other !== resource);
  return resource;
}

/** Sets properties of one resource, as inputs and as outputs. */
export function alterIn(
  stacks: readonly StackResources[],
  name: string,
  kind: string,
  logical: string,
  values: Record<string, unknown>,
): Resource {
  const resource = resourceNamed(stackNamed(stacks, name), kind, logical);
  Object.assign(resource.inputs, values);
  Object.assign(resource.outputs, values);
  return resource;
}
