import { createHash } from "node:crypto";
import { type Problem } from "../common/problems";

const firstDerivedPort = 10_000;
const derivedPorts = 50_000;

/** A Network Load Balancer has at most 50 listeners; AWS does not raise it. https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html */
export const listenersPerBalancer = 50;

/**
 * The listener port of a target for which none is configured: 10000 to 59999, from the target's name alone, so that
 * other targets coming and going never move it.
 */
export function derivedListenerPort(targetName: string): number {
  return firstDerivedPort + (createHash("sha256").update(targetName).digest().readUInt32BE(0) % derivedPorts);
}

/** A target as its balancer sees it. */
export interface ListenerClaim {
  target: string;
  balancer: string;
  port: number;
  /** True when the port was configured rather than derived. */
  configured: boolean;
}

/** Ports that two targets of one balancer claim, and balancers with more listeners than AWS allows. */
export function listenerProblems(claims: readonly ListenerClaim[]): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, ListenerClaim>();
  const perBalancer = new Map<string, number>();
  for (const claim of [...claims].sort((a, b) => a.target.localeCompare(b.target))) {
    const key = `${claim.balancer}:${claim.port}`;
    const other = taken.get(key);
    if (other !== undefined) {
      problems.push({
        where: `targets.${claim.target}.listenerPort`,
        what: `is the listener port of target "${other.target}", too, on balancer "${claim.balancer}"`,
        value: `${claim.port} (${claim.configured ? "configured" : "derived from the name"})`,
        allowed: "a port of its own for each target of a balancer",
        change: `configure another listenerPort for "${claim.target}" or "${other.target}"`,
      });
    } else taken.set(key, claim);
    perBalancer.set(claim.balancer, (perBalancer.get(claim.balancer) ?? 0) + 1);
  }
  for (const [balancer, count] of perBalancer) {
    if (count > listenersPerBalancer) {
      problems.push({
        where: `balancers.${balancer}`,
        what: "has more targets than a Network Load Balancer has listeners",
        value: String(count),
        allowed: `at most ${listenersPerBalancer}`,
        change: "add a second balancer and name it in some of the targets",
      });
    }
  }
  return problems;
}
