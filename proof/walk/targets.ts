import type { Cidr } from "../../common/ipv4";
import { parseCidr } from "../../common/ipv4";
import { Unknown } from "../../resources/resource";
import type { Balancer, BalancerNode, TargetGroup } from "../graph/balancers";
import type { Graph } from "../graph/graph";
import { addressRange } from "../graph/network";
import { asList, asObject, asText, property } from "../graph/values";
import { instanceTarget, scalingTargets } from "./instance-targets";
import { healthPort, type Target } from "./target";
import { GIVE_FILE, type Check } from "./trail";

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

/**
 * A container service registers the addresses of its tasks itself, so that no attachment shows them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
 */
function containerChecks(graph: Graph, group: TargetGroup): Check[] {
  const uses = (balancers: unknown): boolean => {
    const entries = asList(balancers);
    if (entries instanceof Unknown) return true;
    return entries.some((entry) => {
      const arn = entry instanceof Unknown ? entry : asText(asObject(entry).targetGroupArn);
      return arn instanceof Unknown || arn === group.arn;
    });
  };
  return graph.inventory
    .of("aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet")
    .filter(({ resource }) => uses(property(resource, "loadBalancers")))
    .map(({ resource }) => ({
      step: "target",
      verdict: "unknown",
      text: `container service ${resource.id} registers targets with ${group.label}, which is not modelled`,
      at: resource,
      code: "NOT_MODELLED",
      fix: "register addresses or instances, or check the service's tasks by hand",
    }));
}

/** A registration that does not tell its target group may be one of any. */
function strayChecks(graph: Graph, group: TargetGroup): Check[] {
  if (!graph.inventory.untold("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetGroupArn"))
    return [];
  const text = `a target that does not tell its target group may be one of ${group.label}`;
  return [
    {
      step: "target",
      verdict: "unknown",
      text,
      at: group.resource,
      code: "TARGET_UNKNOWN",
      fix: "export the stack again after it is deployed",
    },
  ];
}

function readTargets(graph: Graph, group: TargetGroup): GroupTargets {
  const entries: (Target | Check)[] = group.attachments.map((_, index) =>
    group.targetType === "ip" ? ipTarget(graph, group, index) : instanceTarget(graph, group, index),
  );
  for (const scaling of graph.computing.scalingGroups.get(group.arn) ?? [])
    entries.push(...scalingTargets(graph, group, scaling));
  entries.push(...containerChecks(graph, group), ...strayChecks(graph, group));
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
