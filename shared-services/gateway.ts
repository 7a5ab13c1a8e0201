import type * as pulumi from "@pulumi/pulumi";
import { mapEntries } from "../common/records";
import { CentralGateway } from "../components/central-gateway";
import { GatewayBalancer, type GatewayBalancerArgs } from "../components/gateway-balancer";
import { type OpenApiDocument } from "../components/openapi/openapi-document";
import { partitionOf } from "../components/openapi/resource-policy";
import { PeeredVpc } from "../components/peered-vpc";
import { Peering } from "../components/peering";
import { PrivateApiTarget } from "../components/private-api-target";
import { planSubnets } from "../components/subnet-plan";
import { GatewayVpcLink } from "../components/vpc-link";
import { type GatewayConfig } from "../configuration/gateway-config";
import { type GatewayPlan, gatewayTiers, type PlannedTarget } from "../configuration/plan-gateway";
import { type GatewayContract } from "../contracts/gateway-contract";
import { type ProviderContract } from "../contracts/provider-contract";
import { CloudWatchRole } from "./cloud-watch-role";

/** What the gateway's stack yields. */
export interface Gateway {
  contract: GatewayContract;
  /** The API; undefined until the first target is known. */
  api: CentralGateway | undefined;
}

/**
 * Declares the gateway: its VPC, link and balancers, a peering request and routes for each provider, the targets, and
 * the API. The plan must come from the same configuration and contracts, without problems.
 */
export function gateway(
  config: GatewayConfig,
  contracts: Record<string, ProviderContract>,
  plan: GatewayPlan,
  opts: pulumi.ComponentResourceOptions = {},
): Gateway {
  const vpc = new PeeredVpc("gateway", { create: { ...config.network, tiers: gatewayTiers } }, opts);
  const link =
    config.link.version === "V1"
      ? undefined
      : new GatewayVpcLink("gateway-link", { vpcId: vpc.vpcId, subnetIds: vpc.subnetIds.link ?? {} }, opts);
  const balancerArgs = describeBalancers(config, vpc, plan, link);
  const balancers = Object.fromEntries(
    sharedBalancers(plan).map((name) => [
      name,
      new GatewayBalancer(`gateway-${name}`, balancerArgs(name), opts),
    ]),
  );
  const connections = mapEntries(contracts, (name, contract) => connect(name, contract, config, vpc, opts));
  const targets = plan.targets.map((target) => ({
    target,
    component: declareTarget(target, balancers, balancerArgs, opts),
  }));
  const loggingRole =
    config.cloudWatchRole === "create"
      ? new CloudWatchRole("gateway-logging", { partition: partitionOf(config.region) }, opts)
      : undefined;
  const api =
    targets.length === 0
      ? undefined
      : new CentralGateway(
          "gateway",
          {
            account: config.account,
            region: config.region,
            callers: config.api.callers,
            stageName: config.api.stage,
            throttling: config.api.throttling,
            logRetentionDays: config.api.logRetentionDays,
            routes: targets.map(({ target, component }) => toRoute(target, component)),
            ...(loggingRole === undefined ? {} : { loggingRole }),
          },
          opts,
        );
  return {
    api,
    contract: {
      account: config.account,
      region: config.region,
      vpcId: vpc.vpcId,
      cidrBlocks: config.network.cidrBlocks,
      balancers: plan.balancers,
      placements: Object.fromEntries(plan.targets.map(({ name, balancer }) => [name, balancer ?? name])),
      providers: mapEntries(connections, (name, peering) => ({
        connectionId: peering.connectionId,
        sourceAddresses: sourceAddresses(name, plan),
      })),
    },
  };
}

/** Names of the balancers that are no target's own: those of the configuration, and those that have not retired yet. */
function sharedBalancers({ balancers, targets }: GatewayPlan): string[] {
  const own = new Set(targets.filter(({ balancer }) => balancer === undefined).map(({ name }) => name));
  return Object.keys(balancers).filter((name) => !own.has(name));
}

/**
 * The addresses that a provider has to admit: those of every shared balancer, so that a target can move from one to
 * another without waiting, and those of the provider's targets' own balancers.
 */
function sourceAddresses(provider: string, plan: GatewayPlan): string[] {
  const foreign = new Set(
    plan.targets
      .filter((target) => target.balancer === undefined && target.provider !== provider)
      .map(({ name }) => name),
  );
  return Object.entries(plan.announced)
    .filter(([name]) => !foreign.has(name))
    .flatMap(([, addresses]) => Object.values(addresses))
    .sort();
}

function describeBalancers(
  config: GatewayConfig,
  vpc: PeeredVpc,
  plan: GatewayPlan,
  link: GatewayVpcLink | undefined,
): (name: string) => GatewayBalancerArgs {
  const subnets = planSubnets(
    config.network.cidrBlocks[0] ?? "",
    config.network.zones,
    gatewayTiers,
    "network",
  ).subnets;
  const inTier = Object.values(subnets).filter(({ tier }) => tier === "balancer");
  return (name) => ({
    vpcId: vpc.vpcId,
    vpcCidrBlocks: config.network.cidrBlocks,
    ...(link === undefined ? {} : { link }),
    // Only the zones of the plan: a node that is held back must not come about with a computed address.
    zones: Object.fromEntries(
      inTier.flatMap(({ zone, cidrBlock }) => {
        const address = plan.balancers[name]?.[zone];
        if (address === undefined) return [];
        return [[zone, { subnetId: vpc.subnetIds.balancer?.[zone] ?? "", cidrBlock, address }]];
      }),
    ),
  });
}

function connect(
  name: string,
  contract: ProviderContract,
  config: GatewayConfig,
  vpc: PeeredVpc,
  opts: pulumi.ComponentResourceOptions,
): Peering {
  const { vpcId, cidrBlocks, acceptedConnectionId } = contract.connection;
  return new Peering(
    `gateway-${name}`,
    {
      vpc,
      peerCidrBlocks: cidrBlocks,
      request: {
        peerVpcId: vpcId,
        peerAccount: contract.account,
        ...(contract.region === config.region ? {} : { peerRegion: contract.region }),
      },
      // AWS takes the option only once the provider has accepted.
      resolvePeerDns: (config.providers[name]?.resolveDns ?? false) && acceptedConnectionId !== undefined,
    },
    { ...opts, parent: vpc },
  );
}

function declareTarget(
  planned: PlannedTarget,
  balancers: Record<string, GatewayBalancer>,
  balancerArgs: (name: string) => GatewayBalancerArgs,
  opts: pulumi.ComponentResourceOptions,
): PrivateApiTarget {
  const { name, provider, contract, settings, balancer } = planned;
  return new PrivateApiTarget(
    name,
    {
      basePath: contract.basePath,
      provider,
      addresses: contract.dialAddresses,
      port: contract.port,
      scheme: contract.scheme,
      ...(contract.serverName === undefined ? {} : { serverName: contract.serverName }),
      privateCa: contract.privateCa,
      healthCheck: contract.healthCheck,
      ...(settings.listenerPort === undefined ? {} : { listenerPort: settings.listenerPort }),
      ...(balancer === undefined ? { ownBalancer: balancerArgs(name) } : { balancer: balancers[balancer] }),
    },
    opts,
  );
}

function toRoute({ contract, settings }: PlannedTarget, target: PrivateApiTarget) {
  return {
    target,
    authorizer: settings.authorizer,
    timeoutMilliseconds: settings.timeoutMilliseconds,
    ...(contract.pathPrefix === undefined ? {} : { pathPrefix: contract.pathPrefix }),
    ...(contract.openApi === undefined ? {} : { document: contract.openApi as OpenApiDocument }),
  };
}
