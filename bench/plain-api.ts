import { type Planned } from "../rehearsal/aws/control-plane/shortest-deployment";

const apiType = "aws:apigateway/restApi:RestApi";

/**
 * The same topology in plain resources: an API that is imported as one document becomes a tree of resources, methods and
 * integrations, one of each for each path and operation, as one writes it without a document. All else stays.
 */
export function withPlainApi(resources: readonly Planned[]): Planned[] {
  const trees = new Map(
    resources
      .filter(({ type, inputs }) => type === apiType && typeof inputs.body === "string")
      .map((api) => [api.urn, treeOf(api)]),
  );
  // Whatever waited for the imported API waits for all of its tree.
  const all = (urns: readonly string[]) =>
    urns.flatMap((urn) => [urn, ...(trees.get(urn) ?? []).map((part) => part.urn)]);
  return resources.flatMap((resource) => {
    const tree = trees.get(resource.urn);
    if (tree !== undefined) {
      const inputs = Object.fromEntries(Object.entries(resource.inputs).filter(([name]) => name !== "body"));
      return [{ ...resource, inputs, dependencies: [], propertyDependencies: {} }, ...tree];
    }
    return [{ ...resource, dependencies: all(resource.dependencies) }];
  });
}

function treeOf(api: Planned): Planned[] {
  const document = JSON.parse(String(api.inputs.body)) as { paths: Record<string, Record<string, unknown>> };
  const parts = new Map<string, Planned>();
  const add = (kind: string, name: string, dependencies: readonly string[]): string => {
    const module = kind.charAt(0).toLowerCase() + kind.slice(1);
    const urn = `${api.urn}/${kind}/${name}`;
    const { account, region } = api;
    parts.set(urn, {
      ...{ urn, type: `aws:apigateway/${module}:${kind}`, inputs: {}, account, region },
      ...{ dependencies: [...dependencies], propertyDependencies: {} },
    });
    return urn;
  };
  for (const [path, operations] of Object.entries(document.paths)) {
    let [parent, whole] = [api.urn, ""];
    for (const segment of path.split("/").filter((text) => text !== "")) {
      whole += `/${segment}`;
      parent = add("Resource", whole, [api.urn, parent]);
    }
    for (const operation of Object.keys(operations)) {
      const method = add("Method", `${whole} ${operation}`, [api.urn, parent]);
      // The link and the balancer, which the document names, are now named by each integration.
      add("Integration", `${whole} ${operation}`, [method, ...api.dependencies]);
    }
  }
  return [...parts.values()];
}
