import type * as pulumi from "@pulumi/pulumi";
import { mapEntries } from "../common/records";
import { CentralGateway } from "../components/central-gateway";
import { GatewayBalancer } from "../components/gateway-balancer";
import { PeeredVpc } from "../components/peered-vpc";
import { PrivateApiTarget } from "../components/private-api-target";
import { GatewayVpcLink } from "../components/vpc-link";
import type { BenchSettings } from "./bench-settings";

/**
 * The same gateway stack as `plainGateway`, made of this project's components.
 *
 * @returns What a stack would export.
 */
export function componentGateway(settings: BenchSettings): Record<string, pulumi.Output<string>> {
  const vpc = new PeeredVpc("gateway", {
    create: { cidrBlocks: [settings.cidr], zones: settings.zones.map((zone) => zone.name) },
    peers: Object.fromEntries(
      settings.providers.map(({ name, account, vpcId, cidrBlocks }) => [
        name,
        { cidrBlocks, request: { peerVpcId: vpcId, peerAccount: account } },
      ]),
    ),
  });
  const subnetIds = vpc.subnetIds.private ?? {};
  const link = new GatewayVpcLink("gateway-link", { vpcId: vpc.vpcId, subnetIds });
  const balancer = new GatewayBalancer("gateway-main", {
    vpcId: vpc.vpcId,
    vpcCidrBlocks: vpc.cidrBlocks,
    zones: mapEntries(subnetIds, (zone, subnetId) => balancerZone(settings, zone, subnetId)),
    link,
  });
  const routes = settings.targets.map((target) => ({
    target: new PrivateApiTarget(target.name, {
      basePath: target.basePath,
      provider: target.provider,
      addresses: target.addresses,
      port: target.port,
      listenerPort: target.listenerPort,
      balancer,
    }),
  }));
  const api = new CentralGateway("gateway", {
    account: settings.account,
    region: settings.region,
    routes,
    callers: { accounts: settings.callers },
    stageName: settings.stageName,
    throttling: { rateLimit: settings.throttling.rate, burstLimit: settings.throttling.burst },
    logRetentionDays: settings.logRetentionDays,
  });
  return { vpcId: vpc.vpcId, balancerArn: balancer.arn, linkId: link.vpcLinkId, invokeUrl: api.url };
}

function balancerZone(settings: BenchSettings, zone: string, subnetId: pulumi.Output<string>) {
  const found = settings.zones.find(({ name }) => name === zone);
  if (found === undefined) throw new Error(`zone ${zone} is not in the settings`);
  return { subnetId, cidrBlock: found.subnetCidr, address: found.balancerAddress };
}
