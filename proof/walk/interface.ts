import { formatCidr, type Cidr } from "../../common/ipv4";
import type { Resource } from "../../resources/resource";
import type { Balancer, BalancerNode } from "../graph/balancers";
import type { Subnet } from "../graph/network";

/** One end of a packet's way: an interface, or several that differ in nothing but an address that is not known. */
export interface Interface {
  /** For messages: `node 10.0.1.5 of balancer x`. */
  label: string;
  resource?: Resource;
  vpcId?: string;
  subnet?: Subnet;
  /** All addresses it may have. */
  range: Cidr;
  /** Security groups; empty filters nothing. */
  groups: string[];
  /** False when there may be groups that the files do not tell. */
  groupsKnown: boolean;
  /** Set when the interface is a balancer's node. */
  node?: { balancer: Balancer; node: BalancerNode };
}

const texts = new WeakMap<Cidr, string>();

/** An address or a block, in the short form that messages use. */
export function rangeText(range: Cidr): string {
  let text = texts.get(range);
  if (text === undefined) {
    const block = formatCidr(range);
    text = range.prefix === 32 ? block.slice(0, -3) : block;
    texts.set(range, text);
  }
  return text;
}

/** A load balancer's short name for messages. */
export function balancerName(balancer: Balancer): string {
  return balancer.label;
}

const interfaces = new WeakMap<BalancerNode, Interface>();

/** The interface of a balancer's node; undefined when its addresses are not known. */
export function nodeInterface(balancer: Balancer, node: BalancerNode): Interface | undefined {
  const known = interfaces.get(node);
  if (known !== undefined || node.range === undefined) return known;
  const where = node.address ?? `in ${rangeText(node.range)}, address not pinned,`;
  const found: Interface = {
    label: `node ${where} of balancer ${balancerName(balancer)}`,
    resource: balancer.resource,
    vpcId: node.subnet?.vpcId ?? balancer.vpcId,
    subnet: node.subnet,
    range: node.range,
    groups: balancer.groups,
    groupsKnown: balancer.groupsComplete,
    node: { balancer, node },
  };
  interfaces.set(node, found);
  return found;
}
