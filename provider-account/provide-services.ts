import type * as pulumi from "@pulumi/pulumi";
import { DemonstrationService } from "../components/demonstration-service";
import { DemonstrationVpc } from "../components/demonstration-vpc";
import { ExistingNetwork } from "../components/existing-network";
import { PeeredVpc } from "../components/peered-vpc";
import { type ProviderPlan } from "../configuration/plan-provider";
import { type ProviderConfig, type ServiceConfig } from "../configuration/provider-config";
import { type ProviderContract } from "../contracts/provider-contract";

/** What a provider's stack has before the gateway is known. */
export interface ProvidedServices {
  /** The contract without an accepted connection. */
  contract: ProviderContract;
  vpc: PeeredVpc;
  /** Where the gateway's addresses must be admitted: security group and port, by a key from configuration. */
  doors: Record<string, { securityGroupId: pulumi.Input<string>; port: number }>;
}

/** Declares a provider's VPC and services. The plan must come from the same configuration, without problems. */
export function provideServices(
  config: ProviderConfig,
  plan: ProviderPlan,
  opts: pulumi.ComponentResourceOptions = {},
): ProvidedServices {
  const { vpc, demonstration } = provideNetwork(config, opts);
  const doors = {
    ...existingDoors(config, opts),
    ...(demonstration === undefined ? {} : demonstrationDoors(config, plan, demonstration, opts)),
  };
  return {
    vpc,
    doors,
    contract: { ...plan.contract, connection: { ...plan.contract.connection, vpcId: vpc.vpcId } },
  };
}

function provideNetwork(
  { name, network }: ProviderConfig,
  opts: pulumi.ComponentResourceOptions,
): { vpc: PeeredVpc; demonstration?: DemonstrationVpc } {
  if (network.create === undefined)
    return { vpc: new PeeredVpc(`${name}-vpc`, { adopt: network.adopt }, opts) };
  const demonstration = new DemonstrationVpc(name, network.create, opts);
  const { vpcId, routeTableIds } = demonstration;
  const adopt = { vpcId, routeTableIds, cidrBlocks: network.create.cidrBlocks };
  return { vpc: new PeeredVpc(`${name}-vpc`, { adopt }, opts), demonstration };
}

function demonstrationDoors(
  { name, network, demonstration: settings, services }: ProviderConfig,
  plan: ProviderPlan,
  vpc: DemonstrationVpc,
  opts: pulumi.ComponentResourceOptions,
): ProvidedServices["doors"] {
  const own = Object.entries(services).filter(([, service]) => service.existing === undefined);
  if (own.length === 0) return {};
  const block = settings.cidrBlock ?? network.create?.cidrBlocks[0] ?? "";
  const { securityGroupId } = new DemonstrationService(
    name,
    {
      vpcId: vpc.vpcId,
      subnetIds: vpc.subnetIds[block] ?? {},
      addresses: plan.demonstration?.addresses ?? {},
      services: Object.fromEntries(
        own.map(([service, { port, healthCheck }]) => [
          service,
          { port, healthCheckProtocol: healthCheck.protocol, healthCheckPath: healthCheck.path ?? "/" },
        ]),
      ),
      instanceType: settings.instanceType,
      ...(settings.instances === undefined ? {} : { instances: settings.instances }),
    },
    opts,
  );
  return Object.fromEntries(own.map(([, { port }]) => [`demo-${port}`, { securityGroupId, port }]));
}

function existingDoors(
  { name, network, services }: ProviderConfig,
  opts: pulumi.ComponentResourceOptions,
): ProvidedServices["doors"] {
  const existing = Object.values(services).filter((service) => service.existing !== undefined);
  if (existing.length === 0 || network.adopt === undefined) return {};
  new ExistingNetwork(
    `${name}-existing`,
    { vpcId: network.adopt.vpcId, places: existing.flatMap(placesOf) },
    opts,
  );
  return Object.fromEntries(
    existing.flatMap((service) =>
      placesOf(service).flatMap(({ securityGroupId }) =>
        securityGroupId === undefined
          ? []
          : [[`${securityGroupId}-${service.port}`, { securityGroupId, port: service.port }] as const],
      ),
    ),
  );
}

function placesOf(
  service: ServiceConfig,
): { subnetId?: string; routeTableId?: string; securityGroupId?: string }[] {
  return service.existing ?? [];
}
