import { type Problem } from "../common/problems";
import { hostAddress, planSubnets, zoneProblems } from "./subnet-plan";

/** The subnets of a demonstration VPC and the addresses of the service in it, all computed from configuration. */
export interface DemonstrationPlan {
  /** CIDR block of each subnet: by VPC block, by zone. */
  subnets: Record<string, Record<string, string>>;
  /** The load balancer's pinned address by zone. */
  addresses: Record<string, string>;
}

/** What decides a demonstration VPC and the addresses in it. */
export interface DemonstrationSettings {
  /** CIDR blocks of the VPC, the first being its own. */
  cidrBlocks: readonly string[];
  /** Zones that get subnets. */
  zones: readonly string[];
  /** Block that the service lies in. Defaults to the first. */
  cidrBlock?: string;
  /** Offset of the load balancer's address in each subnet. */
  hostNumber: number;
}

/** Plans a demonstration VPC; `where` tells what problems call the VPC's settings and the service's. */
export function planDemonstration(
  settings: DemonstrationSettings,
  where: { network: string; demonstration: string },
): { plan: DemonstrationPlan; problems: Problem[] } {
  const problems: Problem[] = zoneProblems(settings.zones, `${where.network}zones`);
  const subnets: DemonstrationPlan["subnets"] = {};
  settings.cidrBlocks.forEach((block, index) => {
    const planned = planSubnets(block, settings.zones, ["service"], `${where.network}cidrBlocks[${index}]`);
    problems.push(...planned.problems);
    subnets[block] = Object.fromEntries(
      Object.values(planned.subnets).map(({ zone, cidrBlock }) => [zone, cidrBlock]),
    );
  });
  const block = settings.cidrBlock ?? settings.cidrBlocks[0] ?? "";
  if (!settings.cidrBlocks.includes(block)) {
    problems.push({
      where: `${where.demonstration}cidrBlock`,
      what: "is not a block of the VPC",
      value: block,
      allowed: settings.cidrBlocks.join(" or "),
      change: "name one of the VPC's blocks",
    });
  }
  const addresses: DemonstrationPlan["addresses"] = {};
  for (const [zone, subnet] of Object.entries(subnets[block] ?? {})) {
    const pinned = hostAddress(subnet, settings.hostNumber, `${where.demonstration}hostNumber`);
    problems.push(...pinned.problems);
    if (pinned.address !== undefined) addresses[zone] = pinned.address;
  }
  return { plan: { subnets, addresses }, problems };
}
