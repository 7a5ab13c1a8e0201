import { GatewayBalancer, type GatewayBalancerArgs } from "../../components/gateway-balancer";
import { PrivateApiTarget, type PrivateApiTargetArgs } from "../../components/private-api-target";
import { GatewayVpcLink } from "../../components/vpc-link";

/** A gateway VPC with two zones, as arguments of a balancer. */
export const balancerArgs: GatewayBalancerArgs = {
  vpcId: "vpc-gateway",
  vpcCidrBlocks: ["10.0.0.0/20"],
  zones: {
    "us-east-1a": { subnetId: "subnet-a", cidrBlock: "10.0.0.0/24" },
    "us-east-1b": { subnetId: "subnet-b", cidrBlock: "10.0.2.0/24" },
  },
};

/** A balancer called `lb`, behind a V2 link called `link` or with a V1 link of its own. */
export function sharedBalancer(
  version: "V1" | "V2",
  more: Partial<GatewayBalancerArgs> = {},
): GatewayBalancer {
  if (version === "V1") return new GatewayBalancer("lb", { ...balancerArgs, ...more });
  const link = new GatewayVpcLink("link", { vpcId: "vpc-gateway", subnetIds: { "us-east-1a": "subnet-la" } });
  return new GatewayBalancer("lb", { ...balancerArgs, link, ...more });
}

/** A target on a shared balancer: 10.20.1.10 port 8080 below `/<name>`. */
export function targetOn(
  balancer: GatewayBalancer | undefined,
  name: string,
  more: Partial<PrivateApiTargetArgs> = {},
): PrivateApiTarget {
  return new PrivateApiTarget(name, {
    basePath: `/${name}`,
    addresses: ["10.20.1.10"],
    port: 8080,
    ...(balancer === undefined ? {} : { balancer }),
    ...more,
  });
}
