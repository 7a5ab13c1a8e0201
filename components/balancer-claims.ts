import * as aws from "@pulumi/aws";
import { type Problem } from "../common/problems";
import { type GatewayBalancer } from "./gateway-balancer";
import { type ListenerClaim, listenerProblems, listenersPerBalancer } from "./listener-port";

/** What the targets of one balancer have taken of it so far. */
interface Claims {
  listeners: Map<number, ListenerClaim>;
  /** `<address>-<port>` of each outbound rule. */
  ways: Set<string>;
}

// Beside the balancer rather than in it: a component's fields are its outputs.
const claims = new WeakMap<GatewayBalancer, Claims>();

function claimsOf(balancer: GatewayBalancer): Claims {
  const known = claims.get(balancer) ?? { listeners: new Map<number, ListenerClaim>(), ways: new Set() };
  claims.set(balancer, known);
  return known;
}

/** Takes a port of a balancer for a target; what is wrong when another target has it, or when no listener is left. */
export function claimListener(balancer: GatewayBalancer, claim: Omit<ListenerClaim, "balancer">): Problem[] {
  const { listeners } = claimsOf(balancer);
  const added = { ...claim, balancer: balancer.balancerName };
  // Comparing all with all for each target takes longer than everything else about it, and most have nothing to tell.
  const fits = !listeners.has(claim.port) && listeners.size < listenersPerBalancer;
  const problems = fits ? [] : listenerProblems([...listeners.values(), added]);
  if (fits) listeners.set(claim.port, added);
  return problems.map((problem) => ({ ...problem, where: "listenerPort" }));
}

/**
 * Lets a balancer speak to one address and port. The rule belongs to the balancer and is named by address and port:
 * services behind one ingress have both in common, EC2 refuses the same rule twice in a group (`InvalidPermission.Duplicate`),
 * and a rule that belonged to the first of such targets would be lost with it.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export function openWay(balancer: GatewayBalancer, address: string, port: number): void {
  const { ways } = claimsOf(balancer);
  const way = `${address}-${port}`;
  if (ways.has(way)) return;
  ways.add(way);
  new aws.vpc.SecurityGroupEgressRule(
    `${balancer.balancerName}-to-${way}`,
    {
      securityGroupId: balancer.securityGroupId,
      cidrIpv4: `${address}/32`,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: "to the address of targets",
    },
    { parent: balancer },
  );
}
