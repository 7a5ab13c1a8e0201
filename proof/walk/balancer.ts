import type { Balancer, BalancerNode, TargetGroup } from "../graph/balancers";
import type { Graph } from "../graph/graph";
import { worst, type Leg, type Verdict } from "../proof";
import { balancerName, nodeInterface, rangeText, type Interface } from "./interface";
import { findGroups, findListener, preserves } from "./listener";
import { crossZone, targetsOf, usedBy } from "./targets";
import type { Target } from "./target";
import { connect, connectToAddress } from "./transfer";
import { GIVE_FILE, type Check, type Trail } from "./trail";
import { nodesMissing, publicBalancer } from "./balancer-nodes";

/** Who opens the connection that a balancer passes on. */
export interface Client {
  /**
   * The interfaces, any of which may be the client, whose address a preserving target group shows to its targets.
   * None behind PrivateLink, where targets always see the balancer's own address.
   */
  seen: Interface[];
}

interface Walk {
  graph: Graph;
  leg: Leg;
  trail: Trail;
  /** Balancer nodes on the way here, against circles. */
  path: string[];
}

/** Client addresses are lost between regions and towards another balancer's node: such targets do not answer. */
function preservedTo(target: Interface, node: Interface, group: TargetGroup): Check | undefined {
  const step = "client-address";
  const fix = `switch preserveClientIp off for ${group.label}`;
  if (target.node !== undefined) {
    return {
      step,
      verdict: "blocked",
      text: `the client's address is preserved towards ${target.label}, which loses the connection`,
      at: group.resource,
      code: "CLIENT_IP_PRESERVATION",
      fix,
    };
  }
  const regions = [target.subnet?.region, node.subnet?.region];
  if (regions[0] === undefined || regions[1] === undefined || regions[0] === regions[1]) return undefined;
  return {
    step,
    verdict: "blocked",
    text: `the client's address is preserved towards ${regions[0]}, another region`,
    at: group.resource,
    code: "CLIENT_IP_PRESERVATION",
    fix,
  };
}

function reachTarget(
  walk: Walk,
  group: TargetGroup,
  target: Target,
  node: Interface,
  client: Client,
): Verdict {
  const { graph, leg, trail } = walk;
  const verdicts: Verdict[] = [];
  const preserve = preserves(group);
  const step = "client-address";
  if (preserve === undefined) {
    verdicts.push(
      trail.add(leg, {
        step,
        verdict: "unknown",
        text: `whether ${group.label} preserves the client's address is not told by the file`,
        at: group.resource,
        code: "CLIENT_IP_PRESERVATION",
        fix: "export the stack again",
      }),
    );
  }
  const sources = preserve === true && client.seen.length > 0 ? client.seen : [node];
  for (const seenAs of sources) {
    const connecting = { leg, from: node, seenAs, port: target.port };
    let reached: Interface[] = target.instance === undefined ? [] : [target.instance];
    if (target.instance !== undefined) verdicts.push(connect(graph, connecting, target.instance, trail));
    else if (target.address !== undefined) {
      const result = connectToAddress(graph, connecting, target.address, trail);
      verdicts.push(result.verdict);
      reached = result.reached;
    }
    for (const end of reached) {
      const lost = seenAs === node ? undefined : preservedTo(end, node, group);
      if (lost !== undefined) verdicts.push(trail.add(leg, lost));
      if (end.node !== undefined) {
        verdicts.push(walkNode(walk, end.node.balancer, end.node.node, target.port, { seen: [node] }));
      }
    }
  }
  return worst(verdicts);
}

/**
 * A node's health check of a target: from the node's own address, obeying the balancer's outbound rules. A target that
 * fails it gets no traffic; that a group without any healthy target is used all the same is not relied on.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
 */
function checkHealth(walk: Walk, group: TargetGroup, target: Target, node: Interface): Verdict {
  const { graph, trail } = walk;
  const leg: Leg = "health-check";
  const { protocol } = group.healthCheck;
  trail.add(leg, {
    step: "health-check",
    verdict: "reachable",
    text: `${group.label} checks ${target.label} by ${protocol} on port ${target.healthPort}`,
    at: group.resource,
  });
  const connecting = { leg, from: node, seenAs: node, port: target.healthPort };
  if (target.instance !== undefined) return connect(graph, connecting, target.instance, trail);
  if (target.address === undefined) return "reachable";
  const { verdict, reached } = connectToAddress(graph, connecting, target.address, trail);
  const behind = reached.flatMap((end) => {
    if (end.node === undefined || target.healthPort === target.port) return [];
    return [
      walkNode({ ...walk, leg }, end.node.balancer, end.node.node, target.healthPort, { seen: [node] }),
    ];
  });
  return worst([verdict, ...behind]);
}

/** Walks from one node of a balancer to every target that it uses. */
function walkGroup(
  walk: Walk,
  balancer: Balancer,
  node: BalancerNode,
  group: TargetGroup,
  client: Client,
): Verdict {
  const { graph, leg, trail } = walk;
  const from = nodeInterface(balancer, node);
  if (from === undefined) return "unknown";
  const step = "target";
  const at = group.resource;
  if (group.vpcId !== undefined && balancer.vpcId !== undefined && group.vpcId !== balancer.vpcId) {
    const text = `target group ${group.label} belongs to ${group.vpcId}, its balancer to ${balancer.vpcId}`;
    const fix = "create the target group in the balancer's VPC";
    return trail.add(leg, { step, verdict: "blocked", text, at, code: "TARGET_GROUP_VPC_MISMATCH", fix });
  }
  const { targets, checks } = targetsOf(graph, group);
  const bad = trail.addAll(leg, checks);
  if (targets.length === 0) {
    if (checks.length > 0) return bad;
    const untold =
      at.external ||
      graph.computing.untold ||
      graph.inventory.untold("aws:lb/targetGroupAttachment:TargetGroupAttachment", "targetGroupArn");
    const text = untold
      ? `the targets of ${group.label} are in no file`
      : `target group ${group.label} has no target`;
    return trail.add(leg, {
      step,
      verdict: untold ? "unknown" : "blocked",
      text,
      at,
      code: "TARGET_GROUP_EMPTY",
      fix: untold ? GIVE_FILE : "register a target",
    });
  }
  const { used, unsure } = usedBy(node, targets, crossZone(group, balancer));
  if (used.length === 0 || unsure) {
    const text = `${from.label} in ${node.subnet?.zone ?? "its zone"} ${unsure ? "may use" : "uses"} no target of ${group.label}: cross-zone balancing is off${unsure ? ", and no target is certain to be in its zone" : ""}`;
    trail.add(leg, {
      step,
      verdict: unsure ? "unknown" : "blocked",
      text,
      at,
      code: "ELB_NOT_CROSSZONE",
      fix: "register a target in that zone, or switch cross-zone balancing on",
    });
    if (used.length === 0) return "blocked";
  }
  const parts = used.map((target) => {
    trail.add(leg, {
      step,
      verdict: "reachable",
      text: `${from.label} sends to ${target.label}`,
      at: target.instance?.resource ?? at,
    });
    const verdict = worst([
      reachTarget(walk, group, target, from, client),
      checkHealth(walk, group, target, from),
    ]);
    return { label: `${rangeText(from.range)} -> ${target.label}`, verdict };
  });
  const failing = parts.filter((part) => part.verdict === "blocked");
  if (failing.length > 0 && failing.length < parts.length) {
    const text = `only ${parts.length - failing.length} of ${parts.length} targets work from ${from.label}; failing: ${failing.map((part) => part.label).join(", ")}`;
    trail.add(leg, {
      step,
      verdict: "blocked",
      text,
      at,
      code: "PARTLY_REACHABLE",
      fix: "mend the failing targets, or register only those that work",
    });
  }
  return worst([bad, unsure ? "unknown" : "reachable", ...parts.map((part) => part.verdict)]);
}

/** Walks from one node on: the listener of the port, its target groups, their targets and the health checks. */
function walkNode(walk: Walk, balancer: Balancer, node: BalancerNode, port: number, client: Client): Verdict {
  const { graph, leg, trail, path } = walk;
  const key = `${balancer.arn} ${node.subnetId} ${port}`;
  if (path.includes(key)) {
    return trail.add(leg, {
      step: "listener",
      verdict: "blocked",
      text: `balancers forward to each other in a circle on port ${port}`,
      at: balancer.resource,
      code: "CIRCLE",
      fix: "register the service itself as target",
    });
  }
  if (balancer.kind !== "network") {
    return trail.add(leg, {
      step: "balancer-node",
      verdict: "unknown",
      text: `balancer ${balancerName(balancer)} is of type ${balancer.kind}, which is not modelled`,
      at: balancer.resource,
      code: "NOT_MODELLED",
      fix: "use a Network Load Balancer",
    });
  }
  const { listener, check } = findListener(graph, balancer, port);
  const verdict = worst([trail.addAll(leg, publicBalancer(balancer)), trail.add(leg, check)]);
  if (listener === undefined) return verdict;
  const { groups, verdict: found } = findGroups(graph, listener, leg, trail);
  const next: Walk = { ...walk, path: [...path, key] };
  return worst([verdict, found, ...groups.map((group) => walkGroup(next, balancer, node, group, client))]);
}

/** Walks a balancer from all its nodes; each node of it may get the request. */
export function walkBalancer(
  graph: Graph,
  balancer: Balancer,
  port: number,
  client: Client,
  trail: Trail,
): Verdict {
  const verdicts = [trail.addAll("request", nodesMissing(graph, balancer))];
  const { listener, check } = findListener(graph, balancer, port);
  if (listener === undefined || balancer.nodes.length === 0)
    return worst([...verdicts, trail.add("request", check)]);
  const parts = balancer.nodes.map((node) => {
    const interface_ = nodeInterface(balancer, node);
    const verdict = walkNode({ graph, leg: "request", trail, path: [] }, balancer, node, port, client);
    return { label: interface_?.label ?? node.subnetId, verdict };
  });
  const failing = parts.filter((part) => part.verdict === "blocked");
  if (failing.length > 0 && failing.length < parts.length) {
    const text = `only ${parts.length - failing.length} of ${parts.length} nodes reach the target, so that a part of the requests fails; failing: ${failing.map((part) => part.label).join(", ")}`;
    verdicts.push(
      trail.add("request", {
        step: "balancer-node",
        verdict: "blocked",
        text,
        at: balancer.resource,
        code: "PARTLY_REACHABLE",
        fix: "mend the way of the failing nodes",
      }),
    );
  }
  return worst([...verdicts, ...parts.map((part) => part.verdict)]);
}
