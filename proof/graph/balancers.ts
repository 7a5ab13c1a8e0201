import type { Cidr } from "../../common/ipv4";
import { Unknown, type Resource } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { addressRange, entriesWith, type Network, type Subnet } from "./network";
import {
  asList,
  asNumber,
  asObject,
  asText,
  known,
  knownText,
  number,
  property,
  text,
  texts,
  type Text,
} from "./values";

/** One node of a load balancer: its interface in one subnet. */
export interface BalancerNode {
  subnetId: string;
  subnet?: Subnet;
  /** The pinned address, or all addresses of the subnet when none is pinned; undefined when neither is known. */
  range?: Cidr;
  address?: string;
}

/** A load balancer. */
export interface Balancer {
  arn: string;
  /** What messages call it: its name, with its account where another has the same name. */
  label: string;
  resource: Resource;
  kind: string;
  internal: Text;
  vpcId?: string;
  nodes: BalancerNode[];
  nodesComplete: boolean;
  /** Security groups; empty means that nothing is filtered. */
  groups: string[];
  groupsComplete: boolean;
  crossZone: Text;
  enforceOnPrivateLink: Text;
}

/** A listener. */
export interface Listener {
  resource: Resource;
  balancerArn: string;
  port?: number;
  protocol?: string;
  /** Target groups that get traffic; `Unknown` when the action is not told; empty when nothing is forwarded. */
  forwards: string[] | Unknown;
}

/** One registered target. */
export interface Attachment {
  resource: Resource;
  target: Text;
  port?: number;
  portUntold: boolean;
  zone: Text;
}

/** A target group with its registered targets. */
export interface TargetGroup {
  arn: string;
  /** What messages call it: its name, with its account where another has the same name. */
  label: string;
  resource: Resource;
  targetType: string;
  protocol?: string;
  port?: number;
  vpcId?: string;
  preserveClientIp: Text;
  crossZone: Text;
  healthCheck: { protocol: string; port: Text; enabled: boolean; told: boolean };
  attachments: Attachment[];
}

/** A balancer's listeners, by port. Of two on one port, which AWS refuses, the first in order of URNs. */
export interface Listeners {
  byPort: Map<number, Listener>;
  /** Some listener does not tell its port. */
  untold: boolean;
}

interface BalancerParts {
  balancers: Map<string, Balancer>;
  listeners: Map<string, Listeners>;
  targetGroups: Map<string, TargetGroup>;
}

/** Identity by ARN: the provider uses it as the id of all load balancing resources. */
function arnOf(resource: Resource): string {
  return known(resource, "arn") ?? resource.id;
}

function readNodes(resource: Resource, network: Network): { nodes: BalancerNode[]; complete: boolean } {
  const mappings = property(resource, "subnetMappings");
  const subnets = texts(resource, "subnets");
  const pinned = new Map<string, Text>();
  for (const { entry, value } of entriesWith(resource, "subnetMappings", "subnetId")) {
    pinned.set(value, asText(entry.privateIpv4Address));
  }
  // The address may stand in the program's input only.
  for (const input of asListOrEmpty(resource.inputs.subnetMappings)) {
    const subnetId = asText(asObject(input).subnetId);
    const address = asText(asObject(input).privateIpv4Address);
    if (typeof subnetId === "string" && pinned.get(subnetId) === undefined && pinned.has(subnetId))
      pinned.set(subnetId, address);
  }
  for (const subnetId of subnets.values) if (!pinned.has(subnetId)) pinned.set(subnetId, undefined);
  const nodes = [...pinned]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([subnetId, address]): BalancerNode => {
      const subnet = network.subnets.get(subnetId);
      if (typeof address === "string") return { subnetId, subnet, address, range: addressRange(address) };
      return { subnetId, subnet, range: address instanceof Unknown ? undefined : subnet?.block };
    });
  const untold = asListOrEmpty(mappings).some(
    (entry) => entry instanceof Unknown || asObject(entry).subnetId instanceof Unknown,
  );
  const complete = subnets.complete && !untold && !(mappings instanceof Unknown) && nodes.length > 0;
  return { nodes, complete };
}

function asListOrEmpty(value: unknown): unknown[] {
  const entries = asList(value);
  return entries instanceof Unknown ? [] : entries;
}

function readForwards(resource: Resource): string[] | Unknown {
  const actions = asList(property(resource, "defaultActions"));
  if (actions instanceof Unknown) return actions;
  const arns = new Set<string>();
  for (const action of actions) {
    const entry = asObject(action);
    if (action instanceof Unknown || entry.type instanceof Unknown) return new Unknown("computed");
    if (asText(entry.type) !== "forward") continue;
    const simple = asText(entry.targetGroupArn);
    const weighted = asList(asObject(entry.forward).targetGroups);
    if (simple instanceof Unknown || weighted instanceof Unknown || entry.forward instanceof Unknown) {
      return new Unknown("computed");
    }
    if (typeof simple === "string" && weighted.length === 0) arns.add(simple);
    for (const group of weighted) {
      const arn = asText(asObject(group).arn);
      if (typeof arn !== "string") return new Unknown("computed");
      if (asNumber(asObject(group).weight) !== 0) arns.add(arn);
    }
  }
  return [...arns].sort();
}

function readTargetGroup(resource: Resource): TargetGroup {
  const check = property(resource, "healthCheck");
  const settings = asObject(Array.isArray(check) ? check[0] : check);
  return {
    arn: arnOf(resource),
    label: "",
    resource,
    targetType: knownText(property(resource, "targetType") ?? "instance", "that the file does not tell"),
    protocol: known(resource, "protocol")?.toUpperCase(),
    port: number(resource, "port"),
    vpcId: known(resource, "vpcId"),
    preserveClientIp: text(resource, "preserveClientIp"),
    crossZone: text(resource, "loadBalancingCrossZoneEnabled"),
    healthCheck: {
      protocol: knownText(settings.protocol, "TCP").toUpperCase(),
      port: asText(settings.port) ?? "traffic-port",
      enabled: settings.enabled !== false,
      told: !(check instanceof Unknown),
    },
    attachments: [],
  };
}

/** Gives each the name in its ARN, which people know, and where two have the same one their account or all of the ARN. */
function label(named: { arn: string; label: string; resource: Resource }[]): void {
  const name = ({ arn, resource }: { arn: string; resource: Resource }): string =>
    (arn.startsWith("arn:") ? arn.split("/").slice(-2, -1)[0] : undefined) ?? resource.name;
  const add = (suffix: (entry: (typeof named)[number]) => string): void => {
    const count = new Map<string, number>();
    for (const entry of named) count.set(entry.label, (count.get(entry.label) ?? 0) + 1);
    for (const entry of named) if ((count.get(entry.label) ?? 0) > 1) entry.label += suffix(entry);
  };
  for (const entry of named) entry.label = name(entry);
  add(({ resource }) => (resource.account === undefined ? "" : ` of ${resource.account}`));
  add(({ arn }) => ` (${arn})`);
}

/** Reads load balancers, listeners, target groups and the targets registered one by one. */
export function readBalancers(inventory: Inventory, network: Network): BalancerParts {
  const balancers = new Map<string, Balancer>();
  const listeners = new Map<string, Listeners>();
  const targetGroups = new Map<string, TargetGroup>();
  for (const { resource } of inventory.of("aws:lb/loadBalancer:LoadBalancer")) {
    const arn = arnOf(resource);
    if (balancers.has(arn)) continue;
    const { nodes, complete } = readNodes(resource, network);
    const groups = texts(resource, "securityGroups");
    balancers.set(arn, {
      arn,
      label: "",
      resource,
      kind: known(resource, "loadBalancerType") ?? "application",
      internal: text(resource, "internal"),
      vpcId:
        nodes.find((node) => node.subnet?.vpcId !== undefined)?.subnet?.vpcId ?? known(resource, "vpcId"),
      nodes,
      nodesComplete: complete,
      groups: groups.values,
      groupsComplete: groups.complete,
      crossZone: text(resource, "enableCrossZoneLoadBalancing"),
      enforceOnPrivateLink: text(resource, "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
    });
  }
  const seen = new Set<string>();
  for (const { resource } of inventory.of("aws:lb/listener:Listener")) {
    const balancerArn = known(resource, "loadBalancerArn");
    if (balancerArn === undefined || seen.has(arnOf(resource))) continue;
    seen.add(arnOf(resource));
    const entry: Listener = {
      resource,
      balancerArn,
      port: number(resource, "port"),
      protocol: known(resource, "protocol")?.toUpperCase(),
      forwards: readForwards(resource),
    };
    const list: Listeners = listeners.get(balancerArn) ?? { byPort: new Map(), untold: false };
    listeners.set(balancerArn, list);
    if (entry.port === undefined) list.untold = true;
    else if (!list.byPort.has(entry.port)) list.byPort.set(entry.port, entry);
  }
  for (const { resource } of inventory.of("aws:lb/targetGroup:TargetGroup")) {
    const group = readTargetGroup(resource);
    if (!targetGroups.has(group.arn)) targetGroups.set(group.arn, group);
  }
  const registered = new Set<string>();
  for (const { resource } of inventory.of("aws:lb/targetGroupAttachment:TargetGroupAttachment")) {
    const group = targetGroups.get(known(resource, "targetGroupArn") ?? "");
    const same = ["targetGroupArn", "targetId", "port", "availabilityZone"].map((key) =>
      known(resource, key),
    );
    // One registration may be in several files: declared in one, read in others.
    if (registered.has(same.join(" ")) && same[1] !== undefined) continue;
    registered.add(same.join(" "));
    group?.attachments.push({
      resource,
      target: text(resource, "targetId"),
      port: number(resource, "port"),
      portUntold: property(resource, "port") instanceof Unknown,
      zone: text(resource, "availabilityZone"),
    });
  }
  label([...balancers.values()]);
  label([...targetGroups.values()]);
  return { balancers, listeners, targetGroups };
}
