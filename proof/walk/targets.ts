import type { Cidr } from "../../common/ipv4";
import { parseCidr } from "../../common/ipv4";
import { Unknown, type Resource } from "../../resources/resource";
import type { Balancer, BalancerNode, TargetGroup } from "../graph/balancers";
import type { ScalingGroup } from "../graph/computing";
import type { Graph } from "../graph/graph";
import { addressRange } from "../graph/network";
import { rangeText, type Interface } from "./interface";
import { GIVE_FILE, type Check } from "./trail";

/** Something that a target group sends traffic to. */
export interface Target {
  label: string;
  /** For IP targets: the address, whose interface the walk finds. */
  address?: Cidr;
  /** For instances: the interface. */
  instance?: Interface;
  port: number;
  /** `all`, a zone, or undefined when it is not known. */
  zone?: string;
  healthPort: number;
}

/** Address ranges that IP targets may have besides the VPC's own: RFC 1918 and RFC 6598. */
const ALLOWED = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseCidr);

function within(range: Cidr, block: Cidr | undefined): boolean {
  return block !== undefined && block.start <= range.start && range.end <= block.end;
}

/**
 * Whether zones are mixed: the group's setting, else the balancer's, which is off unless set.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
 */
export function crossZone(group: TargetGroup, balancer: Balancer): boolean | undefined {
  const own = group.crossZone;
  const value = own === undefined || own === "use_load_balancer_configuration" ? balancer.crossZone : own;
  return value instanceof Unknown ? undefined : value === "true";
}

function healthPort(group: TargetGroup, traffic: number): number | undefined {
  const { port, told } = group.healthCheck;
  if (!told || port instanceof Unknown) return undefined;
  return port === undefined || port === "traffic-port" ? traffic : Number(port);
}

/**
 * Zone in which a registered address counts: a zone must be given as `all` for an address outside of the balancer's
 * VPC, and is found by AWS for one inside.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
 */
function ipTarget(graph: Graph, group: TargetGroup, index: number): Target | Check {
  const attachment = group.attachments[index];
  const at = attachment?.resource;
  const step = "target";
  const refuse = (
    text: string,
    code: string,
    fix: string,
    verdict: "blocked" | "unknown" = "blocked",
  ): Check => ({ step, verdict, text, at, code, fix });
  const target = attachment?.target;
  if (attachment === undefined || typeof target !== "string") {
    return refuse(
      `a target of ${group.label} is not told by the file`,
      "TARGET_UNKNOWN",
      GIVE_FILE,
      "unknown",
    );
  }
  const range = addressRange(target);
  if (range === undefined)
    return refuse(
      `${target} is not an IPv4 address`,
      "TARGET_REFUSED",
      "register an IPv4 address",
      target.includes(":") ? "unknown" : "blocked",
    );
  const port = attachment.port ?? group.port;
  const checkPort = port === undefined ? undefined : healthPort(group, port);
  if (port === undefined || attachment.portUntold || checkPort === undefined) {
    return refuse(
      `the port of target ${target} is not told by the file`,
      "TARGET_UNKNOWN",
      GIVE_FILE,
      "unknown",
    );
  }
  const vpc = graph.network.vpcs.get(group.vpcId ?? "");
  const own =
    vpc === undefined ? undefined : [...vpc.subnets.covering(range)].flatMap(({ values }) => values)[0];
  const inside = own !== undefined || vpc?.blocks.some((block) => within(range, block)) === true;
  const base: Target = {
    label: `${target}:${port}`,
    address: range,
    port,
    healthPort: checkPort,
    zone: "all",
  };
  if (inside) {
    const given = attachment.zone;
    return { ...base, zone: own?.zone ?? (typeof given === "string" && given !== "all" ? given : undefined) };
  }
  if (attachment.zone === "all") {
    if (ALLOWED.some((block) => within(range, block))) return base;
    return refuse(
      `${target} is a public address, which a target group refuses`,
      "TARGET_REFUSED",
      "register a private address",
    );
  }
  const vpcKnown = vpc?.resource !== undefined && !vpc.resource.external;
  const text = `${target} lies outside of ${group.vpcId ?? "the target group's VPC"} and is not registered for the zone \`all\``;
  const sure = vpcKnown && !(attachment.zone instanceof Unknown);
  return refuse(
    text,
    "ELB_INSTALLED_AZ_RESTRICTION",
    `register ${target} with availabilityZone "all"`,
    sure ? "blocked" : "unknown",
  );
}

function instanceTarget(graph: Graph, group: TargetGroup, index: number): Target | Check {
  const attachment = group.attachments[index];
  const at = attachment?.resource;
  const step = "target";
  const id = attachment?.target;
  const host = typeof id === "string" ? graph.computing.instances.get(id) : undefined;
  if (host === undefined || typeof id !== "string") {
    const removed = graph.inventory.removed(at, "aws:ec2/instance:Instance");
    const text = `instance ${typeof id === "string" ? id : "of a target"} ${removed ? "has been removed" : "is in no file"}`;
    return {
      step,
      verdict: removed ? "blocked" : "unknown",
      text,
      at,
      code: "TARGET_UNKNOWN",
      fix: removed ? "register another instance" : GIVE_FILE,
    };
  }
  if (host.state !== undefined && host.state !== "running" && host.state !== "pending") {
    return {
      step,
      verdict: "blocked",
      text: `instance ${id} is ${host.state}`,
      at: host.resource,
      code: "BAD_STATE",
      fix: "start the instance",
    };
  }
  const port = attachment?.port ?? group.port;
  const checkPort = port === undefined ? undefined : healthPort(group, port);
  const subnet = graph.network.subnets.get(host.subnetId ?? "");
  const range = addressRange(host.addresses[0] ?? "") ?? subnet?.block;
  if (port === undefined || checkPort === undefined || range === undefined) {
    return {
      step,
      verdict: "unknown",
      text: `address or port of instance ${id} is not told by the files`,
      at: host.resource,
      code: "TARGET_UNKNOWN",
      fix: GIVE_FILE,
    };
  }
  const foreign = elsewhere(group, `instance ${id}`, subnet?.vpcId, host.resource);
  if (foreign !== undefined) return foreign;
  return {
    label: `${id}:${port}`,
    instance: {
      label: `instance ${id}`,
      resource: host.resource,
      vpcId: subnet?.vpcId,
      subnet,
      range,
      groups: host.groups,
      groupsKnown: host.groupsComplete,
    },
    port,
    healthPort: checkPort,
    zone: subnet?.zone,
  };
}

/**
 * Instances are targets of their own VPC's groups only.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
 */
function elsewhere(
  group: TargetGroup,
  who: string,
  vpcId: string | undefined,
  at: Resource,
): Check | undefined {
  if (group.vpcId === undefined || vpcId === undefined || group.vpcId === vpcId) return undefined;
  return {
    step: "target",
    verdict: "blocked",
    text: `${who} is in ${vpcId}, and target group ${group.label} belongs to ${group.vpcId}`,
    at,
    code: "TARGET_REFUSED",
    fix: `register instances of ${group.vpcId}, or use IP targets`,
  };
}

/**
 * An auto scaling group's instances: one may stand in each of its subnets, with any of the subnet's addresses. The
 * group keeps its zones balanced, so that it has one in each zone when it wants as many as there are zones.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html
 */
function scalingTargets(graph: Graph, group: TargetGroup, scaling: ScalingGroup): (Target | Check)[] {
  const at = scaling.resource;
  const step = "instance";
  if (scaling.capacity === 0) {
    return [
      {
        step,
        verdict: "blocked",
        text: `auto scaling group ${at.id} wants no instance`,
        at,
        code: "NO_INSTANCES",
        fix: `set desiredCapacity of ${at.id} to at least 1`,
      },
    ];
  }
  const untold = (text: string): Check => ({
    step,
    verdict: "unknown",
    text,
    at,
    code: "TARGET_UNKNOWN",
    fix: GIVE_FILE,
  });
  const port = group.port;
  const checkPort = port === undefined ? undefined : healthPort(group, port);
  if (!scaling.subnetsComplete || port === undefined || checkPort === undefined)
    return [untold(`subnets or port of auto scaling group ${at.id} are not told by the file`)];
  const zones = new Set(scaling.subnetIds.map((id) => graph.network.subnets.get(id)?.zone ?? id));
  const results = scaling.subnetIds.map((id): Target | Check => {
    const subnet = graph.network.subnets.get(id);
    if (subnet?.block === undefined) {
      const removed = graph.inventory.removed(at, "aws:ec2/subnet:Subnet");
      const text = `subnet ${id} of auto scaling group ${at.id} ${removed ? "has been removed" : "is in no file"}`;
      return removed
        ? { step, verdict: "blocked", text, at, code: "SUBNET_UNKNOWN", fix: "restore the subnet" }
        : untold(text);
    }
    const foreign = elsewhere(group, `auto scaling group ${at.id}`, subnet.vpcId, at);
    if (foreign !== undefined) return foreign;
    return {
      label: `instances of ${at.id} in ${id} (${rangeText(subnet.block)}):${port}`,
      instance: {
        label: `instances of ${at.id} in ${id}`,
        resource: at,
        vpcId: subnet.vpcId,
        subnet,
        range: subnet.block,
        groups: scaling.groups,
        groupsKnown: scaling.groupsComplete,
      },
      port,
      healthPort: checkPort,
      zone: scaling.capacity !== undefined && scaling.capacity >= zones.size ? subnet.zone : undefined,
    };
  });
  return results;
}

/** All targets of a group, and what is wrong with those that cannot be used. */
export function targetsOf(graph: Graph, group: TargetGroup): GroupTargets {
  let known = answers.get(graph);
  if (known === undefined) answers.set(graph, (known = new Map<TargetGroup, GroupTargets>()));
  let answer = known.get(group);
  if (answer === undefined) known.set(group, (answer = readTargets(graph, group)));
  return answer;
}

interface GroupTargets {
  targets: Target[];
  checks: Check[];
}

/** Every node of a balancer asks for the same targets. */
const answers = new WeakMap<Graph, Map<TargetGroup, GroupTargets>>();

function readTargets(graph: Graph, group: TargetGroup): GroupTargets {
  const entries: (Target | Check)[] = group.attachments.map((_, index) =>
    group.targetType === "ip" ? ipTarget(graph, group, index) : instanceTarget(graph, group, index),
  );
  for (const scaling of graph.computing.scalingGroups.get(group.arn) ?? [])
    entries.push(...scalingTargets(graph, group, scaling));
  const targets = entries.filter((entry): entry is Target => !("verdict" in entry));
  return { targets, checks: entries.filter((entry): entry is Check => "verdict" in entry) };
}

/**
 * The targets that a node uses. With cross-zone balancing off it uses those of its own zone and those for all zones.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
 * @returns `unsure` when the zone of the node or of a target is not known.
 */
export function usedBy(
  node: BalancerNode,
  targets: Target[],
  cross: boolean | undefined,
): { used: Target[]; unsure: boolean } {
  if (cross === true) return { used: targets, unsure: false };
  const zone = node.subnet?.zone;
  // Which of them is not told: then all must work, and one must be certain to be used.
  const certain = targets.filter(
    (target) => target.zone === "all" || (zone !== undefined && target.zone === zone),
  );
  if (certain.length > 0 && cross === false && zone !== undefined) return { used: certain, unsure: false };
  const possible = targets.filter(
    (target) =>
      target.zone === undefined || zone === undefined || cross === undefined || certain.includes(target),
  );
  return {
    used: certain.length > 0 && cross !== undefined ? certain : possible,
    unsure: certain.length === 0 && possible.length > 0,
  };
}
