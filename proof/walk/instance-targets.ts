import type { Resource } from "../../resources/resource";
import type { TargetGroup } from "../graph/balancers";
import type { ScalingGroup } from "../graph/computing";
import type { Graph } from "../graph/graph";
import { addressRange } from "../graph/network";
import { rangeText } from "./interface";
import { healthPort, type Target } from "./target";
import { GIVE_FILE, type Check } from "./trail";

/** What an instance that is registered by its id is as a target. */
export function instanceTarget(graph: Graph, group: TargetGroup, index: number): Target | Check {
  const attachment = group.attachments[index];
  const at = attachment?.resource;
  const step = "target";
  const id = attachment?.target;
  if (group.targetType === "instance" && typeof id === "string" && addressRange(id) !== undefined) {
    const text = `${id} is an address, and ${group.label} takes instances`;
    const fix = "register the instance's id, or use IP targets";
    return { step, verdict: "blocked", text, at, code: "TARGET_REFUSED", fix };
  }
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
 * Its target groups take instances. https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
 */
export function scalingTargets(graph: Graph, group: TargetGroup, scaling: ScalingGroup): (Target | Check)[] {
  const at = scaling.resource;
  const step = "instance";
  if (group.targetType === "ip") {
    const text = `auto scaling group ${at.id} registers instances, and ${group.label} takes addresses`;
    const fix = `use a target group of type instance for ${at.id}`;
    return [{ step, verdict: "blocked", text, at, code: "TARGET_REFUSED", fix }];
  }
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
