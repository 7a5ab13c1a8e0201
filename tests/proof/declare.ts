import type { Resource, StackResources } from "../../resources/resource";

/** Puts one more resource into a stack of the landscape: 0 gateway, 1 payments, 2 cards. */
export function declare(
  stacks: StackResources[],
  index: 0 | 1 | 2,
  type: string,
  id: string,
  properties: Record<string, unknown>,
  external = false,
): Resource {
  const stack = stacks[index];
  if (stack === undefined) throw new Error(`no stack ${index} in the fixture`);
  const resource: Resource = {
    urn: `urn:pulumi:${stack.stack}::${stack.project}::${type}::${id}`,
    type,
    name: id,
    id,
    custom: true,
    external,
    dependencies: [],
    propertyDependencies: {},
    account: stack.account,
    region: stack.region,
    inputs: external ? {} : properties,
    outputs: { ...properties },
  };
  stack.resources.push(resource);
  return resource;
}
