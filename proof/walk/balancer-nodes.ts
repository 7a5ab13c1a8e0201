import type { Balancer, BalancerNode } from "../graph/balancers";
import type { Graph } from "../graph/graph";
import { balancerName, rangeText } from "./interface";
import { lostSubnet } from "./lost-subnet";
import { GIVE_FILE, type Check } from "./trail";

/**
 * A node's address is one of its subnet's.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html
 */
function misplaced(balancer: Balancer, { address, range, subnet }: BalancerNode): Check | undefined {
  const block = subnet?.block;
  if (address === undefined || range === undefined || subnet === undefined || block === undefined)
    return undefined;
  if (block.start <= range.start && range.end <= block.end) return undefined;
  return {
    step: "balancer-node",
    verdict: "blocked",
    text: `${address} of balancer ${balancerName(balancer)} lies outside of ${subnet.id} (${rangeText(block)})`,
    at: balancer.resource,
    code: "NODE_REFUSED",
    fix: `pin an address of ${rangeText(block)}`,
  };
}

/** What is wrong with a balancer's nodes, whoever wants to reach them. */
export function nodesMissing(graph: Graph, balancer: Balancer): Check[] {
  const at = balancer.resource;
  const checks: Check[] = [];
  if (!balancer.nodesComplete) {
    checks.push({
      step: "balancer-node",
      verdict: "unknown",
      text: `the subnets of balancer ${balancerName(balancer)} are not told by the file`,
      at,
      code: "SUBNET_UNKNOWN",
      fix: GIVE_FILE,
    });
  }
  for (const node of balancer.nodes) {
    const lost = misplaced(balancer, node);
    if (lost !== undefined) checks.push(lost);
    if (node.subnet !== undefined && node.range !== undefined) continue;
    const what = `subnet ${node.subnetId} of balancer ${balancerName(balancer)}`;
    const there = node.subnet !== undefined;
    checks.push({
      step: "balancer-node",
      ...lostSubnet(graph, at, what, "or its block is in no file", there),
    });
  }
  return checks;
}

/** Whether the private addresses of an internet-facing balancer's nodes answer is not documented. */
export function publicBalancer(balancer: Balancer): Check[] {
  if (balancer.internal === "true") return [];
  return [
    {
      step: "balancer-node",
      verdict: "unknown",
      text: `balancer ${balancerName(balancer)} is not internal: its name leads to public addresses, which is not modelled`,
      at: balancer.resource,
      code: "NOT_MODELLED",
      fix: "use an internal balancer",
    },
  ];
}
