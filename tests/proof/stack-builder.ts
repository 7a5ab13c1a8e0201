import type { Resource, StackResources } from "../../resources/resource";

/** A stack put together resource by resource; ids found in properties become dependencies, as the engine records. */
export class StackBuilder {
  readonly stack: StackResources;
  private readonly urnById = new Map<string, string>();

  constructor(
    project: string,
    name: string,
    readonly account: string,
    readonly region = "us-east-1",
  ) {
    this.stack = { project, stack: name, account, region, resources: [], outputs: {} };
  }

  add(type: string, name: string, id: string, inputs: Record<string, unknown>, external = false): Resource {
    const urn = `urn:pulumi:${this.stack.stack}::${this.stack.project}::${type}::${name}`;
    const propertyDependencies: Record<string, string[]> = {};
    for (const [key, value] of Object.entries(inputs)) {
      const text = JSON.stringify(value);
      const urns = [...this.urnById].filter(([known]) => text.includes(known)).map(([, found]) => found);
      if (urns.length > 0) propertyDependencies[key] = urns;
    }
    const resource: Resource = {
      urn,
      type,
      name,
      id,
      custom: true,
      external,
      dependencies: [...new Set(Object.values(propertyDependencies).flat())],
      propertyDependencies,
      account: this.account,
      region: this.region,
      inputs: external ? {} : inputs,
      outputs: { ...inputs },
    };
    if (id.length > 3) this.urnById.set(id, urn);
    this.stack.resources.push(resource);
    return resource;
  }
}
