import { addressAt, divide } from "../common/ipv4";

/** What both sides of the benchmark build: the gateway account's part of a landscape, as plain values. */
export interface BenchSettings {
  /** The gateway's account, 12 digits. */
  account: string;
  region: string;
  /** CIDR block of the gateway's VPC. */
  cidr: string;
  zones: BenchZone[];
  providers: BenchProvider[];
  targets: BenchTarget[];
  /** Accounts whose principals may call the API, 12 digits each. */
  callers: string[];
  stageName: string;
  /** Steady requests per second and burst that the stage allows. */
  throttling: { rate: number; burst: number };
  logRetentionDays: number;
}

/** One availability zone of the gateway's VPC. */
export interface BenchZone {
  name: string;
  subnetCidr: string;
  /** The balancer's pinned address in this zone. */
  balancerAddress: string;
}

/** One provider account, reached by peering. */
export interface BenchProvider {
  name: string;
  account: string;
  vpcId: string;
  cidrBlocks: string[];
}

/** One service of a provider, called over HTTP. */
export interface BenchTarget {
  name: string;
  /** Name of the provider whose blocks hold the addresses. */
  provider: string;
  addresses: string[];
  port: number;
  /** Port of its listener on the balancer. */
  listenerPort: number;
  /** One path segment with a leading slash. */
  basePath: string;
}

const providerCount = 4;
const vpcCidr = "10.0.0.0/20";

/**
 * Settings with `n` targets of one or two addresses each, dealt out to four providers (fewer when there are fewer
 * targets), two zones. The first provider has a second CIDR block. Deterministic. More than 50 targets are more listeners
 * than AWS allows on one balancer (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html),
 * and more than 60 addresses need a raised quota of rules per security group: fit for measuring only.
 *
 * @throws RangeError when `n` is not a whole number from 1 to 4000.
 */
export function benchSettings(n: number, addressesPerTarget: 1 | 2): BenchSettings {
  if (!Number.isInteger(n) || n < 1 || n > 4000)
    throw new RangeError(`number of targets: ${n}; allowed: 1 to 4000`);
  const providers = Array.from({ length: Math.min(n, providerCount) }, (_, index): BenchProvider => {
    const blocks = [`10.${16 + index}.0.0/20`, ...(index === 0 ? ["100.64.0.0/20"] : [])];
    return {
      name: `provider-${index + 1}`,
      account: String(222222222222 + index),
      vpcId: `vpc-0000000000000000${index + 1}`,
      cidrBlocks: blocks,
    };
  });
  return {
    account: "111111111111",
    region: "us-east-1",
    cidr: vpcCidr,
    // Where PeeredVpc puts the subnets of zones a and b: the first two eighths.
    zones: divide(vpcCidr, 8, 28)!
      .slice(0, 2)
      .map((subnetCidr, index) => ({
        name: index === 0 ? "us-east-1a" : "us-east-1b",
        subnetCidr,
        balancerAddress: addressAt(subnetCidr, 10)!,
      })),
    providers,
    targets: Array.from({ length: n }, (_, index) => benchTarget(index, providers, addressesPerTarget)),
    callers: ["111111111111"],
    stageName: "live",
    throttling: { rate: 500, burst: 1000 },
    logRetentionDays: 90,
  };
}

/** The target's addresses lie in the two halves of its provider's first block, as two zones would have them. */
function benchTarget(index: number, providers: BenchProvider[], addresses: 1 | 2): BenchTarget {
  const provider = providers[index % providers.length]!;
  const offset = 16 + Math.floor(index / providers.length);
  const name = `service-${String(index + 1).padStart(3, "0")}`;
  return {
    name,
    provider: provider.name,
    addresses: divide(provider.cidrBlocks[0]!, 2, 28)!
      .slice(0, addresses)
      .map((half) => addressAt(half, offset)!),
    port: 8080,
    listenerPort: 10000 + index,
    basePath: `/${name}`,
  };
}
