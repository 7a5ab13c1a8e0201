import { type StackResources } from "../../resources/resource";
import { readApis, type Api } from "./apis";
import { readBalancers, type Balancer, type Listeners, type TargetGroup } from "./balancers";
import { readComputing, type Computing } from "./computing";
import { Inventory } from "./inventory";
import { readLinks, type Link } from "./links";
import { readNetwork, type Network } from "./network";
import { readSecurityGroups, type SecurityGroup } from "./security-groups";

/** Everything the proof looks at, indexed by id. */
export interface Graph {
  inventory: Inventory;
  network: Network;
  groups: Map<string, SecurityGroup>;
  /** Security groups that are only read, by VPC and stack: `<vpc> <project>/<stack>`. */
  readGroups: Map<string, SecurityGroup[]>;
  balancers: Map<string, Balancer>;
  listeners: Map<string, Listeners>;
  targetGroups: Map<string, TargetGroup>;
  links: Map<string, Link>;
  computing: Computing;
  apis: Api[];
}

/** Key of {@link Graph.readGroups}. */
export function readGroupsKey(vpcId: string, stack: StackResources): string {
  return `${vpcId} ${stack.project}/${stack.stack}`;
}

/** Reads the resources of all stacks into one graph. */
export function buildGraph(stacks: StackResources[]): Graph {
  const inventory = new Inventory(stacks);
  const network = readNetwork(inventory);
  const groups = readSecurityGroups(inventory, network.prefixLists);
  const readGroups = new Map<string, SecurityGroup[]>();
  for (const { resource, stack } of inventory.of("aws:ec2/securityGroup:SecurityGroup")) {
    const vpcId = resource.outputs.vpcId ?? resource.inputs.vpcId;
    const group = groups.get(resource.id);
    if (!resource.external || typeof vpcId !== "string" || group === undefined) continue;
    const key = readGroupsKey(vpcId, stack);
    const list = readGroups.get(key);
    if (list === undefined) readGroups.set(key, [group]);
    else list.push(group);
  }
  const { balancers, listeners, targetGroups } = readBalancers(inventory, network);
  return {
    inventory,
    network,
    groups,
    readGroups,
    balancers,
    listeners,
    targetGroups,
    links: readLinks(inventory),
    computing: readComputing(inventory),
    apis: readApis(inventory),
  };
}
