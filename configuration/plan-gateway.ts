import { type Problem } from "../common/problems";
import { sortedEntries } from "../common/records";
import { defaultHostNumber, nameProblems } from "../components/gateway-balancer";
import { derivedListenerPort, type ListenerClaim, listenerProblems } from "../components/listener-port";
import { type ApiPlan, type ApiTarget } from "../components/openapi/api-plan";
import { type OpenApiDocument } from "../components/openapi/openapi-document";
import { planApi } from "../components/openapi/plan-api";
import {
  openPaths,
  partitionOf,
  type PolicyDocument,
  resourcePolicy,
} from "../components/openapi/resource-policy";
import {
  cidrBlockProblems,
  hostAddress,
  pinnedAddressProblems,
  planSubnets,
  zoneProblems,
} from "../components/subnet-plan";
import { type TargetContract } from "../contracts/provider-contract";
import {
  type BalancerConfig,
  defaultBalancer,
  defaultTarget,
  type GatewayConfig,
  type GatewayTargetConfig,
} from "./gateway-config";
import { overlapProblems, type PlannedContract } from "./plan-provider";

/** What subnets the gateway's VPC has in each zone. */
export const gatewayTiers = ["balancer", "link"];

/** One target with everything that decides its resources. */
export interface PlannedTarget {
  name: string;
  provider: string;
  contract: TargetContract;
  settings: GatewayTargetConfig;
  /** Name of the shared balancer; undefined when the target has one of its own. */
  balancer?: string;
}

/** What follows from the gateway's configuration and the contracts at hand. */
export interface GatewayPlan {
  /** Pinned addresses that the providers are to admit: as `balancers`, with nodes that are still held back. */
  announced: Record<string, Record<string, string>>;
  /** Pinned addresses of all balancers by zone; a target's own balancer bears the target's name. */
  balancers: Record<string, Record<string, string>>;
  targets: PlannedTarget[];
  api: ApiPlan;
  policy: PolicyDocument;
}

/** Plans the gateway's stack with the contracts given, by provider name, and checks everything that can be known. */
export function planGateway(
  config: Partial<GatewayConfig>,
  contracts: Record<string, PlannedContract>,
  where: string,
): { plan: GatewayPlan; problems: Problem[]; warnings: string[] } {
  const problems: Problem[] = [];
  if (config.network !== undefined)
    problems.push(...cidrBlockProblems(config.network.cidrBlocks, `${where}:network.cidrBlocks`));
  problems.push(...blockProblems(config, contracts, where), ...identityProblems(contracts));
  problems.push(...partitionProblems(config, contracts));
  const targets = planTargets(config, contracts, where, problems);
  const balancers = planBalancers(config, targets, where, problems);
  problems.push(
    ...listenerProblems(targets.map(toClaim)),
    ...quotaProblems(config, contracts, targets, balancers, where),
  );
  const api = planApi(targets.map(toApiTarget));
  problems.push(...api.problems);
  const { accounts = [], organization, roles = [] } = config.api?.callers ?? {};
  const policy = resourcePolicy({
    callers: [...accounts, ...(organization === undefined ? [] : [organization]), ...roles],
    ownAccount: config.account ?? "",
    region: config.region ?? "",
    openPaths: openPaths(api.plan),
  });
  if (config.api !== undefined) problems.push(...policy.problems);
  return {
    plan: { announced: balancers, balancers, targets, api: api.plan, policy: policy.policy },
    problems,
    warnings: api.warnings,
  };
}

/** Changes of pinned addresses, compared with those of the last deployment: AWS would replace a balancer that carries traffic. */
export function replacementProblems(
  before: Record<string, Record<string, string>>,
  { announced: after, targets }: Pick<GatewayPlan, "announced" | "targets">,
  where: string,
): Problem[] {
  const problems: Problem[] = [];
  for (const [name, zones] of Object.entries(before)) {
    const now = Object.hasOwn(after, name) ? after[name] : undefined;
    if (now === undefined) continue;
    const own = targets.some((target) => target.name === name && target.balancer === undefined);
    const moved = Object.entries(zones).filter(([zone, address]) => now[zone] !== address);
    if (moved.length === 0) continue;
    problems.push({
      where: own ? `${where}:targets.${name}.ownBalancer` : `${where}:balancers.${name}`,
      what: `would be replaced while it carries traffic: ${moved.map(([zone, address]) => `its address in ${zone} is ${address}`).join(", ")}`,
      value: moved.map(([zone]) => now[zone] ?? `no node in ${zone}`).join(", "),
      allowed: "the same address in each zone for the whole life of a balancer; zones may be added",
      change: own
        ? `keep it as it is, add a second balancer with the new addresses to balancers, and once all providers admit it write targets.${name}.balancer in place of ownBalancer`
        : `keep "${name}" as it is, add a second balancer with the new addresses, move the targets to it (targets.NAME.balancer) once all providers admit it, then remove "${name}"`,
    });
  }
  return problems;
}

function blockProblems(
  config: Partial<GatewayConfig>,
  contracts: Record<string, PlannedContract>,
  where: string,
): Problem[] {
  const parties = Object.entries(contracts).map(([name, contract]) => ({
    who: `provider ${name}`,
    cidrBlocks: contract.connection.cidrBlocks,
    where: `provider ${name}, cidrBlocks`,
  }));
  const gateway = {
    who: "the gateway",
    cidrBlocks: config.network?.cidrBlocks ?? config.readableBlocks ?? [],
    where: `${where}:network.cidrBlocks`,
  };
  const all = [gateway, ...parties];
  return all.flatMap((party, index) => all.slice(0, index).flatMap((other) => overlapProblems(party, other)));
}

function identityProblems(contracts: Record<string, PlannedContract>): Problem[] {
  return Object.entries(contracts)
    .filter(([name, contract]) => contract.name !== name && contract.name !== "")
    .map(([name, contract]) => ({
      where: `contract of provider "${name}", name`,
      what: "is another provider's name than the gateway's configuration gives it",
      value: contract.name,
      allowed: name,
      change: "use the same name in the gateway's providers and in the provider's stack",
    }));
}

/**
 * Providers that AWS connects to no VPC of the gateway's region: accounts and networks of two partitions know nothing of each other.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
function partitionProblems(
  { region }: Partial<GatewayConfig>,
  contracts: Record<string, PlannedContract>,
): Problem[] {
  if (region === undefined) return [];
  const home = partitionOf(region);
  return Object.entries(contracts)
    .filter(([, contract]) => contract.region !== "" && partitionOf(contract.region) !== home)
    .map(([name, contract]) => ({
      where: `contract of provider "${name}", region`,
      what: "is in another partition than the gateway, and no peering connection leads from one to another",
      value: contract.region,
      allowed: `a region of partition ${home}, as ${region} is`,
      change: "give that partition's providers a gateway of their own",
    }));
}

function planTargets(
  config: Partial<GatewayConfig>,
  contracts: Record<string, PlannedContract>,
  where: string,
  problems: Problem[],
): PlannedTarget[] {
  const targets: PlannedTarget[] = [];
  const owners = new Map<string, string>();
  const shared = Object.keys(config.balancers ?? {});
  for (const [provider, contract] of sortedEntries(contracts)) {
    for (const [name, target] of sortedEntries(contract.targets)) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        problems.push({
          where: `provider "${provider}", services.${name}`,
          what: `is the name of a target of provider "${owner}", too`,
          value: name,
          allowed: "a name of its own for each target of the landscape",
          change: "rename one of the two services",
        });
        continue;
      }
      owners.set(name, provider);
      const settings = new Map(Object.entries(config.targets ?? {})).get(name) ?? defaultTarget;
      const balancer =
        settings.balancer ??
        (shared.includes(defaultBalancer) || shared.length !== 1 ? defaultBalancer : shared[0]);
      if (
        settings.ownBalancer === undefined &&
        config.balancers !== undefined &&
        !shared.includes(balancer ?? "")
      ) {
        problems.push({
          where: `${where}:targets.${name}.balancer`,
          what:
            settings.balancer === undefined
              ? "is missing where there are several balancers and none is called main"
              : "names no balancer",
          value: balancer,
          allowed: shared.join(" or "),
          change: "name one of the balancers",
        });
      }
      if (settings.ownBalancer !== undefined && settings.balancer !== undefined) {
        problems.push({
          where: `${where}:targets.${name}`,
          what: "has both balancer and ownBalancer",
          allowed: "one of the two, or neither",
          change: "remove one",
        });
      }
      targets.push({
        name,
        provider,
        contract: target,
        settings,
        ...(settings.ownBalancer === undefined ? { balancer } : {}),
      });
    }
  }
  return targets;
}

function planBalancers(
  config: Partial<GatewayConfig>,
  targets: readonly PlannedTarget[],
  where: string,
  problems: Problem[],
): GatewayPlan["balancers"] {
  const balancers: GatewayPlan["balancers"] = {};
  const { network } = config;
  if (network === undefined) return balancers;
  const planned = planSubnets(
    network.cidrBlocks[0] ?? "",
    network.zones,
    gatewayTiers,
    `${where}:network.cidrBlocks[0]`,
  );
  problems.push(...planned.problems, ...zoneProblems(network.zones, `${where}:network.zones`));
  const subnets = Object.values(planned.subnets).filter(({ tier }) => tier === "balancer");
  const taken = new Map<string, string>();
  const plan = (name: string, settings: BalancerConfig, at: string) => {
    const addresses: Record<string, string> = {};
    for (const { zone, cidrBlock } of subnets) {
      const address = settings.addresses?.[zone];
      if (address !== undefined)
        problems.push(...pinnedAddressProblems(cidrBlock, address, `${at}.addresses.${zone}`));
      const computed = hostAddress(cidrBlock, settings.hostNumber ?? defaultHostNumber, `${at}.hostNumber`);
      if (address === undefined) problems.push(...computed.problems);
      const pinned = address ?? computed.address;
      if (pinned === undefined) continue;
      const other = taken.get(pinned);
      if (other !== undefined) {
        problems.push({
          where: `${at}.hostNumber`,
          what: `gives the address that balancer "${other}" has`,
          value: pinned,
          allowed: "addresses of its own for each balancer",
          change: `give "${name}" or "${other}" another hostNumber`,
        });
      }
      taken.set(pinned, name);
      addresses[zone] = pinned;
    }
    for (const zone of Object.keys(settings.addresses ?? {}).filter(
      (zone) => !network.zones.includes(zone),
    )) {
      problems.push({
        where: `${at}.addresses.${zone}`,
        what: "names a zone in which the gateway has no subnet",
        value: zone,
        allowed: network.zones.join(" or "),
        change: "name one of the gateway's zones",
      });
    }
    if (Object.hasOwn(balancers, name)) {
      problems.push({
        where: at,
        what: "bears the name of another balancer",
        value: name,
        allowed: "a name of its own",
        change: "rename the shared balancer",
      });
    }
    balancers[name] = addresses;
  };
  for (const [name, settings] of sortedEntries(config.balancers ?? {})) {
    plan(name, settings, `${where}:balancers.${name}`);
  }
  for (const { name, settings } of targets) {
    if (settings.ownBalancer === undefined) continue;
    const at = `${where}:targets.${name}.ownBalancer`;
    problems.push(...nameProblems(name, "load balancer").map((problem) => ({ ...problem, where: at })));
    plan(name, settings.ownBalancer, at);
  }
  return balancers;
}

function toClaim(target: PlannedTarget): ListenerClaim {
  return {
    target: target.name,
    balancer: target.balancer ?? target.name,
    port: target.settings.listenerPort ?? derivedListenerPort(target.name),
    configured: target.settings.listenerPort !== undefined,
  };
}

function toApiTarget({ name, contract, settings }: PlannedTarget): ApiTarget {
  return {
    name,
    basePath: contract.basePath,
    authorizer: settings.authorizer,
    timeoutMilliseconds: settings.timeoutMilliseconds,
    ...(contract.pathPrefix === undefined ? {} : { pathPrefix: contract.pathPrefix }),
    ...(contract.openApi === undefined ? {} : { document: contract.openApi as OpenApiDocument }),
  };
}

function quotaProblems(
  config: Partial<GatewayConfig>,
  contracts: Record<string, PlannedContract>,
  targets: readonly PlannedTarget[],
  balancers: GatewayPlan["balancers"],
  where: string,
): Problem[] {
  const { quotas } = config;
  if (quotas === undefined) return [];
  const problems: Problem[] = [];
  const exceed = (key: keyof typeof quotas, count: number, what: string, change: string) => {
    if (count <= quotas[key]) return;
    problems.push({
      where: `${where}:quotas.${key}`,
      what: `is too low: ${what}`,
      value: String(quotas[key]),
      allowed: `at least ${count}`,
      change: `${change}, or have AWS raise the quota and write the new value here`,
    });
  };
  for (const name of Object.keys(balancers)) {
    const ways = targets
      .filter((target) => (target.balancer ?? target.name) === name)
      .flatMap(({ contract }) => contract.dialAddresses.map((address) => `${address}:${contract.port}`));
    const rules = new Set(ways).size;
    exceed(
      "securityGroupRules",
      rules,
      `balancer "${name}" needs ${rules} outbound rules, one for each address and port of its targets`,
      "move targets to a second balancer",
    );
  }
  const providers = Object.values(contracts);
  const routes = providers.reduce((count, contract) => count + contract.connection.cidrBlocks.length, 0);
  exceed(
    "routesPerRouteTable",
    routes,
    `the gateway's route table needs ${routes} routes, one for each provider's CIDR block`,
    "give providers fewer blocks",
  );
  exceed(
    "peeringConnections",
    providers.length,
    `the gateway's VPC needs ${providers.length} peering connections`,
    "connect fewer providers",
  );
  return problems;
}
