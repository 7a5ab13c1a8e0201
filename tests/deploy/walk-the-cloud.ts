import { prove } from "../../proof/prove";
import { type Resource, type StackResources } from "../../resources/resource";
import { type Cloud } from "../../simulator/cloud";

/** Everything that simulated AWS has, as one list of resources for each account: nothing is read of stacks or components. */
function accounts(cloud: Cloud): StackResources[] {
  const byAccount = new Map<string, Resource[]>();
  for (const { type, id, urn, account, region, inputs, outputs } of cloud.show()) {
    const resource: Resource = {
      // What is being replaced is there twice under one URN, so that the id tells them apart here.
      ...{ urn: `urn:pulumi:aws::aws::${type}::${id}`, type, name: id, id, custom: true },
      // What no stack has made was there before, as what a stack only reads.
      external: urn === undefined,
      ...{ dependencies: [], propertyDependencies: {}, inputs, outputs, account, region },
    };
    byAccount.set(account, [...(byAccount.get(account) ?? []), resource]);
  }
  return [...byAccount].map(([account, resources]) => ({
    ...{ project: "aws", stack: account, account, resources, outputs: {} },
  }));
}

/** Paths of the API below the stage that lead to a service, walked in the simulated accounts: first segment of each. */
export function reachablePaths(cloud: Cloud): string[] {
  const verdicts = new Map<string, boolean>();
  for (const { path, verdict } of prove(accounts(cloud)).targets) {
    const base = path.split("/")[2] ?? "";
    verdicts.set(base, (verdicts.get(base) ?? true) && verdict === "reachable");
  }
  return [...verdicts]
    .filter(([, good]) => good)
    .map(([base]) => base)
    .sort();
}
