import type { Cidr } from "../../common/ipv4";
import { readGroupsKey, type Graph } from "../graph/graph";
import { hostKey } from "../graph/computing";
import type { Balancer, BalancerNode } from "../graph/balancers";
import type { Subnet, Vpc } from "../graph/network";
import { nodeInterface, rangeText, type Interface } from "./interface";
import { GIVE_FILE, READ_SURROUNDINGS, type Check } from "./trail";

/** The interface behind an address, as far as the files tell. */
export interface Place {
  check: Check;
  subnet?: Subnet;
  /** One interface, or several candidates of which any may be the real one; empty when none is known. */
  candidates: Interface[];
  /** What choosing the candidate assumes. */
  note?: string;
}

const nodeIndex = new WeakMap<Graph, Map<string, { balancer: Balancer; node: BalancerNode }>>();

function pinnedNodes(graph: Graph): Map<string, { balancer: Balancer; node: BalancerNode }> {
  let index = nodeIndex.get(graph);
  if (index === undefined) {
    index = new Map();
    for (const balancer of graph.balancers.values()) {
      for (const node of balancer.nodes) {
        if (node.address !== undefined) index.set(hostKey(node.subnetId, node.address), { balancer, node });
      }
    }
    nodeIndex.set(graph, index);
  }
  return index;
}

/** True when some interface that the files show has the address in the subnet, so that no other can have it. */
export function isTaken(graph: Graph, subnetId: string, range: Cidr): boolean {
  const key = hostKey(subnetId, rangeText(range));
  return range.prefix === 32 && (pinnedNodes(graph).has(key) || graph.computing.hosts.has(key));
}

function subnetOf(vpc: Vpc, range: Cidr): Subnet | undefined {
  for (const { values } of vpc.subnets.covering(range)) return values[0];
  return undefined;
}

function outside(vpc: Vpc, address: string): Check {
  const text = `no subnet of ${vpc.id} in the files holds ${address}`;
  return {
    step: "address",
    verdict: "unknown",
    text,
    id: vpc.id,
    at: vpc.resource,
    code: "SUBNET_UNKNOWN",
    fix: vpc.resource?.external === true ? READ_SURROUNDINGS : GIVE_FILE,
  };
}

/**
 * Finds what answers at an address of a VPC: the node of a load balancer that is pinned there, an interface or an
 * instance with that address, or else, in a subnet that is only read, an existing service behind the security groups
 * that the same stack reads in that VPC. Nothing in AWS resources ties an address to a security group without its
 * interface, so that last rule is an assumption, and said.
 */
export function placeOf(graph: Graph, vpcId: string, range: Cidr): Place {
  let known = places.get(graph);
  if (known === undefined) places.set(graph, (known = new Map<string, Place>()));
  const key = `${vpcId} ${rangeText(range)}`;
  let place = known.get(key);
  if (place === undefined) known.set(key, (place = findPlace(graph, vpcId, range)));
  return place;
}

/** Every node of a balancer asks for the same addresses, for requests and for health checks. */
const places = new WeakMap<Graph, Map<string, Place>>();

function findPlace(graph: Graph, vpcId: string, range: Cidr): Place {
  const address = rangeText(range);
  const step = "address";
  const vpc = graph.network.vpcs.get(vpcId);
  if (vpc === undefined) {
    return {
      check: {
        step,
        verdict: "unknown",
        text: `${vpcId}, which should hold ${address}, is in no file`,
        id: vpcId,
        code: "VPC_UNKNOWN",
        fix: GIVE_FILE,
      },
      candidates: [],
    };
  }
  const subnet = subnetOf(vpc, range);
  if (subnet === undefined) {
    const owned = vpc.blocks.some((block) => block.start <= range.start && range.end <= block.end);
    if (vpc.resource === undefined || vpc.resource.external || owned)
      return { check: outside(vpc, address), candidates: [] };
    const text = `${address} lies in no CIDR block of ${vpcId}`;
    return {
      check: {
        step,
        verdict: "blocked",
        text,
        at: vpc.resource,
        code: "CANNOT_ROUTE",
        fix: `use an address of ${vpcId}, or give it the block`,
      },
      candidates: [],
    };
  }
  const zone = subnet.zone === undefined ? "" : `, ${subnet.zone}`;
  const found = (who: string, candidates: Interface[], note?: string): Place => ({
    check: {
      step,
      verdict: "reachable",
      text: `${address} is in ${subnet.id}${zone}: ${who}`,
      at: subnet.resource,
    },
    subnet,
    candidates,
    note,
  });
  const pinned = pinnedNodes(graph).get(hostKey(subnet.id, address));
  const node = pinned && nodeInterface(pinned.balancer, pinned.node);
  if (node !== undefined) return found(node.label, [node]);
  const host = graph.computing.hosts.get(hostKey(subnet.id, address));
  const base = { vpcId, subnet, range };
  if (host !== undefined) {
    const stopped =
      host.state !== undefined && ["stopped", "stopping", "terminated", "shutting-down"].includes(host.state);
    const place = found(host.resource.id, [
      {
        ...base,
        label: `${host.resource.id} (${address})`,
        resource: host.resource,
        groups: host.groups,
        groupsKnown: host.groupsComplete,
      },
    ]);
    if (!stopped) return place;
    return {
      ...place,
      check: {
        ...place.check,
        verdict: "blocked",
        text: `${host.resource.id} at ${address} is ${host.state}`,
        at: host.resource,
        code: "BAD_STATE",
        fix: "start the instance",
      },
    };
  }
  const read = subnet.resource.external
    ? (graph.readGroups.get(readGroupsKey(vpcId, subnet.stack)) ?? [])
    : [];
  const [only] = read;
  if (only === undefined) {
    const text = `no file tells which interface has ${address} in ${subnet.id}${zone}, so its security groups are not known`;
    const fix = subnet.resource.external
      ? "read the service's security group in the stack"
      : "give the interface or balancer that has the address";
    return {
      check: { step, verdict: "unknown", text, at: subnet.resource, code: "INTERFACE_UNKNOWN", fix },
      subnet,
      candidates: [],
    };
  }
  const candidates = read.map((group): Interface => ({
    ...base,
    label: `existing service ${address}`,
    resource: group.resource,
    groups: [group.id],
    groupsKnown: true,
  }));
  const note =
    read.length === 1
      ? `The existing service at ${address} is taken to stand behind ${only.id}, the only security group that its stack reads in ${vpcId}.`
      : `Which of ${read.map((group) => group.id).join(", ")} the existing service at ${address} has is not known; it counts as reachable only when all of them admit the request.`;
  return found("existing service", candidates, note);
}
