import { Unknown } from "../../resources/resource";
import type { Balancer, Listener, TargetGroup } from "../graph/balancers";
import type { Graph } from "../graph/graph";
import { worst, type Leg, type Verdict } from "../proof";
import { known } from "../graph/values";
import { balancerName } from "./interface";
import { GIVE_FILE, type Check, type Trail } from "./trail";

/**
 * The protocols of target groups that a listener of each protocol may forward to, where it takes TCP.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
 */
const TAKEN_BY: Record<string, string[]> = {
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  TCP_UDP: ["TCP_UDP"],
  TCP_QUIC: ["TCP_QUIC"],
};

/** The listener of a port; a TCP listener passes TLS through, a TLS listener ends it with its own certificate. */
export function findListener(
  graph: Graph,
  balancer: Balancer,
  port: number,
): { listener?: Listener; check: Check } {
  const name = balancerName(balancer);
  const listeners = graph.listeners.get(balancer.arn);
  const step = "listener";
  const at = balancer.resource;
  const listener = listeners?.byPort.get(port);
  if (listener === undefined) {
    const untold =
      at.external ||
      listeners?.untold === true ||
      graph.inventory.untold("aws:lb/listener:Listener", "loadBalancerArn");
    const text = untold
      ? `whether balancer ${name} listens on port ${port} is in no file`
      : `balancer ${name} has no listener on port ${port}`;
    const fix = untold ? GIVE_FILE : `add a TCP listener on port ${port}, or use the port of one in the URI`;
    return {
      check: { step, verdict: untold ? "unknown" : "blocked", text, at, code: "ELB_LISTENER_NOT_FOUND", fix },
    };
  }
  const { protocol, resource } = listener;
  if (protocol !== undefined && protocol in TAKEN_BY && protocol !== "TLS") {
    return {
      listener,
      check: {
        step,
        verdict: "reachable",
        text: `${protocol} listener on port ${port} of balancer ${name}`,
        at: resource,
      },
    };
  }
  const text =
    protocol === "TLS"
      ? `the listener on port ${port} of balancer ${name} ends TLS with a certificate of its own, which is not modelled`
      : `the listener on port ${port} of balancer ${name} takes ${protocol ?? "a protocol that the file does not tell"}, not TCP`;
  const verdict = protocol === "TLS" || protocol === undefined ? "unknown" : "blocked";
  return {
    listener,
    check: {
      step,
      verdict,
      text,
      at: resource,
      code: protocol === "TLS" ? "NOT_MODELLED" : "PROTOCOL_MISMATCH",
      fix: "use a TCP listener",
    },
  };
}

/** The target groups that a listener forwards to, each noted on the trail; those in no file are left out. */
export function findGroups(
  graph: Graph,
  listener: Listener,
  leg: Leg,
  trail: Trail,
): { groups: TargetGroup[]; verdict: Verdict } {
  const step = "target-group";
  const at = listener.resource;
  if (listener.forwards instanceof Unknown) {
    const verdict = trail.add(leg, {
      step,
      verdict: "unknown",
      text: `where the listener on port ${listener.port} forwards to is not told by the file`,
      at,
      code: "ELBV2_LISTENER_HAS_NO_TG",
      fix: "export the stack again",
    });
    return { groups: [], verdict };
  }
  const verdicts: Verdict[] = [];
  if (listener.forwards.length === 0) {
    verdicts.push("blocked");
    trail.add(leg, {
      step,
      verdict: "blocked",
      text: `the listener on port ${listener.port} forwards to no target group`,
      at,
      code: "ELBV2_LISTENER_HAS_NO_TG",
      fix: "give the listener a forward action",
    });
  }
  const groups = listener.forwards.flatMap((arn) => {
    const group = graph.targetGroups.get(arn);
    if (group !== undefined) {
      verdicts.push(trail.add(leg, groupCheck(group, listener)));
      return [group];
    }
    const removed = graph.inventory.removed(at, "aws:lb/targetGroup:TargetGroup");
    const text = `target group ${arn} ${removed ? "has been removed" : "is in no file"}`;
    verdicts.push(removed ? "blocked" : "unknown");
    trail.add(leg, {
      step,
      verdict: removed ? "blocked" : "unknown",
      text,
      at,
      id: arn,
      code: "ELBV2_LISTENER_HAS_NO_TG",
      fix: removed ? "restore the target group" : GIVE_FILE,
    });
    return [];
  });
  return { groups, verdict: worst(verdicts) };
}

function groupCheck(group: TargetGroup, listener: Listener): Check {
  const name = group.label;
  const step = "target-group";
  const at = group.resource;
  if (group.targetType !== "ip" && group.targetType !== "instance") {
    return {
      step,
      verdict: "unknown",
      text: `target group ${name} has targets of type ${group.targetType}, which are not modelled`,
      at,
      code: "NOT_MODELLED",
      fix: "use IP or instance targets",
    };
  }
  const { protocol } = group;
  const taken = TAKEN_BY[listener.protocol ?? ""] ?? Object.values(TAKEN_BY).flat();
  if (protocol === undefined || protocol === "TLS" || !taken.includes(protocol)) {
    const untold = protocol === undefined || (protocol === "TLS" && taken.includes(protocol));
    const other =
      protocol?.startsWith("TCP") === true
        ? `, which no ${listener.protocol} listener forwards to`
        : ", not TCP";
    return {
      step,
      verdict: untold ? "unknown" : "blocked",
      text: `target group ${name} speaks ${protocol ?? "a protocol that the file does not tell"}${other}`,
      at,
      code: "PROTOCOL_MISMATCH",
      fix: "use a TCP listener and a TCP target group",
    };
  }
  return {
    step,
    verdict: "reachable",
    text: `target group ${name}: ${group.targetType} targets over ${group.protocol}, port ${group.port ?? "of each target"}`,
    at,
    ...(known(group.resource, "proxyProtocolV2") === "true"
      ? {
          risk: true,
          code: "PROXY_PROTOCOL",
          message: `target group ${name} puts a proxy protocol header before each connection, which plain HTTP servers refuse`,
          fix: "set proxyProtocolV2 to false unless the service expects the header",
        }
      : {}),
  };
}

/**
 * Whether targets see the client's address: on for instance targets and off for IP targets over TCP unless set.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
 */
export function preserves(group: TargetGroup): boolean | undefined {
  const value = group.preserveClientIp;
  if (value instanceof Unknown) return undefined;
  if (value !== undefined) return value === "true";
  return group.targetType !== "ip" || /UDP|QUIC/.test(group.protocol ?? "");
}
