import { prove } from "../../proof/prove";
import { type Properties, type Resource, type StackResources } from "../../resources/resource";
import { type Cloud } from "../../simulator/cloud";

const deploymentType = "aws:apigateway/deployment:Deployment";

/**
 * Walks every path through what simulated AWS has, as one list of resources for each account: nothing is read of stacks or
 * components. An API serves what it was when the deployment of its stage was made, so that is remembered with each call.
 */
export class CloudWalker {
  /** Properties of an API as they were when a deployment was made, by the deployment's id. */
  private readonly served = new Map<string, Properties>();

  constructor(private readonly cloud: Cloud) {
    this.note();
  }

  /** First segments of the paths below the stage that lead to a service. Called after every call that changes AWS. */
  reachable(): string[] {
    this.note();
    const verdicts = new Map<string, boolean>();
    for (const { path, verdict } of prove(this.accounts()).targets) {
      const base = path.split("/")[2] ?? "";
      verdicts.set(base, (verdicts.get(base) ?? true) && verdict === "reachable");
    }
    return [...verdicts]
      .filter(([, good]) => good)
      .map(([base]) => base)
      .sort();
  }

  private note(): void {
    const held = this.cloud.show();
    for (const { id, outputs } of held.filter(({ type }) => type === deploymentType)) {
      const api = held.find(
        (other) => other.type === "aws:apigateway/restApi:RestApi" && other.id === outputs.restApi,
      );
      if (api !== undefined && !this.served.has(id)) this.served.set(id, api.outputs);
    }
  }

  private accounts(): StackResources[] {
    const held = this.cloud.show();
    const stages = held.filter(({ type }) => type === "aws:apigateway/stage:Stage");
    const byAccount = new Map<string, Resource[]>();
    for (const { type, id, urn, account, region, inputs, outputs } of held) {
      const stage = stages.find((each) => each.outputs.restApi === id);
      const { body, policy } = this.served.get(String(stage?.outputs.deployment)) ?? {};
      const served = body === undefined ? {} : { body, policy };
      const resource: Resource = {
        // What is being replaced is there twice under one URN, so that the id tells them apart here.
        ...{ urn: `urn:pulumi:aws::aws::${type}::${id}`, type, name: id, id, custom: true },
        // What no stack has made was there before, as what a stack only reads.
        external: urn === undefined,
        ...{ dependencies: [], propertyDependencies: {}, account, region },
        ...{ inputs: { ...inputs, ...served }, outputs: { ...outputs, ...served } },
      };
      byAccount.set(account, [...(byAccount.get(account) ?? []), resource]);
    }
    return [...byAccount].map(([account, resources]) => ({
      ...{ project: "aws", stack: account, account, resources, outputs: {} },
    }));
  }
}
