import { type Problem } from "../common/problems";
import { type PlannedTarget } from "./plan-gateway";

/**
 * Targets of one balancer with an address and port in common: the balancer's security group would get one rule twice,
 * which AWS refuses. A provider's own plan says the same of its demonstration services, in the same words.
 */
export function sharedAddressProblems(targets: readonly PlannedTarget[]): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const { name, provider, contract, balancer = name } of targets) {
    const dialled = contract.dialAddresses.map((address) => `${address}:${contract.port}`);
    const shared = dialled.find((place) => taken.has(`${balancer} ${place}`));
    if (shared !== undefined) {
      const other = taken.get(`${balancer} ${shared}`) ?? "";
      problems.push({
        where: `provider "${provider}", services.${name}.port`,
        what: `is the port of service "${other}", too, on the same load balancer`,
        value: shared,
        allowed: "an address and port once behind each balancer",
        change: `give "${name}" another port or address, or a balancer of its own (targets.${name}.ownBalancer)`,
      });
    }
    for (const place of dialled)
      if (!taken.has(`${balancer} ${place}`)) taken.set(`${balancer} ${place}`, name);
  }
  return problems;
}
