import { type Problem } from "../common/problems";
import { sortedEntries } from "../common/records";
import { type GatewayPlan, type PlannedTarget } from "./plan-gateway";

/** What the gateway's last deployment had. */
export interface DeployedGateway {
  /** Pinned addresses of the balancers' nodes: by balancer, by zone. */
  balancers: Record<string, Record<string, string>>;
  /** Balancer of each target. */
  placements: Record<string, string>;
}

/**
 * Holds back what would send requests from addresses that a provider does not admit yet: a new node of a balancer that
 * carries traffic, and the move of a target to another balancer. The addresses are announced to the providers all the
 * same, so the next deployment after theirs goes on. A balancer that has left the configuration stays until its last target
 * has moved. `admitted` are the addresses that each provider admits.
 */
export function holdBack(
  plan: GatewayPlan,
  before: DeployedGateway | undefined,
  admitted: Record<string, readonly string[]>,
  where: string,
): { plan: GatewayPlan; waitingFor: string[]; problems: Problem[] } {
  const waitingFor: string[] = [];
  const problems: Problem[] = [];
  const refusing = (provider: string, addresses: readonly string[]) =>
    addresses.filter((address) => !(admitted[provider] ?? []).includes(address));

  /** Balancers that have left the configuration and still carry a target. */
  const retiring: GatewayPlan["balancers"] = {};
  const place = (target: PlannedTarget): PlannedTarget => {
    const planned = target.balancer ?? target.name;
    const current = before?.placements[target.name];
    if (current === undefined || current === planned) return target;
    const missing = refusing(target.provider, Object.values(plan.announced[planned] ?? {}));
    if (missing.length === 0) return target;
    const wait = `provider "${target.provider}" admits ${missing.join(", ")}: run pulumi up in its stack, then here again, and target "${target.name}" moves from balancer "${current}" to "${planned}"`;
    waitingFor.push(wait);
    if (plan.announced[current] === undefined) retiring[current] = before?.balancers[current] ?? {};
    return current === target.name ? ownBalancer(target) : { ...target, balancer: current };
  };
  const targets = plan.targets.map(place);
  problems.push(...takenAddresses(plan.announced, before?.balancers ?? {}, where));
  const announced = { ...plan.announced, ...retiring };

  const balancers: GatewayPlan["balancers"] = {};
  for (const [name, zones] of sortedEntries(announced)) {
    const deployed = before?.balancers[name];
    const users = new Set(
      targets.filter((target) => (target.balancer ?? target.name) === name).map((t) => t.provider),
    );
    balancers[name] = {};
    for (const [zone, address] of sortedEntries(zones)) {
      const reluctant = [...users].filter((provider) => refusing(provider, [address]).length > 0).sort();
      if (deployed === undefined || deployed[zone] !== undefined || reluctant.length === 0) {
        balancers[name][zone] = address;
        continue;
      }
      waitingFor.push(
        `${reluctant.map((provider) => `provider "${provider}"`).join(", ")} admits ${address}: run pulumi up there, then here again, and balancer "${name}" gets its node in ${zone}`,
      );
    }
  }
  for (const target of targets) {
    const name = target.balancer ?? target.name;
    // A provider that has not accepted yet is waited for already, and admits the addresses when it does.
    if ((admitted[target.provider] ?? []).length === 0) continue;
    const missing = refusing(target.provider, Object.values(balancers[name] ?? {}));
    if (missing.length === 0) continue;
    waitingFor.push(
      `provider "${target.provider}" admits ${missing.join(", ")}: run pulumi up in its stack after this one, and balancer "${name}" reaches target "${target.name}"`,
    );
  }
  return { plan: { ...plan, announced, targets, balancers }, waitingFor, problems };
}

/** The target on the balancer of its own. */
function ownBalancer(target: PlannedTarget): PlannedTarget {
  const own = { ...target };
  delete own.balancer;
  return own;
}

/** New balancers that would have an address of one that leaves: it is gone only after the new one has been made. */
function takenAddresses(
  announced: GatewayPlan["announced"],
  before: GatewayPlan["balancers"],
  where: string,
): Problem[] {
  const leaving = Object.entries(before).filter(([name]) => announced[name] === undefined);
  const owners = new Map(
    leaving.flatMap(([name, zones]) => Object.values(zones).map((address) => [address, name] as const)),
  );
  return Object.entries(announced).flatMap(([name, zones]) =>
    Object.values(zones)
      .filter((address) => owners.has(address))
      .map((address) => ({
        where: `${where}:balancers.${name}`,
        what: `has an address of balancer "${owners.get(address) ?? ""}", which is removed only after "${name}" has been made`,
        value: address,
        allowed: "addresses that no other balancer has at the same time",
        change: `give "${name}" another hostNumber or other addresses`,
      })),
  );
}
