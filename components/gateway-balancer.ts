import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Problem } from "../common/problems";
import { hostAddress, pinnedAddressProblems } from "./subnet-plan";
import { refuseProblems } from "./validation";
import { type GatewayVpcLink } from "./vpc-link";

/** Host number of a balancer's address in each subnet when nothing else is configured. */
export const defaultHostNumber = 10;

/** Where one node of the balancer lives. */
export interface BalancerZoneArgs {
  /** Subnet of the node. */
  subnetId: pulumi.Input<string>;
  /** The subnet's CIDR block, from which the node's address is computed. */
  cidrBlock: string;
  /** The node's private address, when it shall not be the computed one. */
  address?: string;
}

export interface GatewayBalancerArgs {
  /** VPC of the balancer. */
  vpcId: pulumi.Input<string>;
  /** CIDR blocks of that VPC: an address outside of them is registered for all zones. */
  vpcCidrBlocks: string[];
  /** One node for each zone, by zone name. */
  zones: Record<string, BalancerZoneArgs>;
  /** Offset of each node's address from the start of its subnet, from 4. Defaults to 10. */
  hostNumber?: number;
  /** The V2 link that reaches the balancer. Left out: the balancer gets a V1 link of its own. */
  link?: GatewayVpcLink;
}

/**
 * An internal Network Load Balancer with pinned addresses, and the VPC link that leads to it. Targets share it, a
 * listener port each; the providers' security groups admit its addresses one by one, so the addresses must not change
 * while it carries traffic: to change them, add a second balancer, move the targets, and remove the first.
 *
 * It has a security group from the start, because AWS replaces a balancer that gets its first group later. Enforcement
 * of inbound rules on PrivateLink traffic is off, because a V1 link arrives by PrivateLink from addresses that no rule can name.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 */
export class GatewayBalancer extends pulumi.ComponentResource {
  /** Name of the balancer: the component's name. */
  readonly balancerName: string;
  /** ARN of the load balancer. */
  readonly arn: pulumi.Output<string>;
  /** DNS name of the load balancer. */
  readonly dnsName: pulumi.Output<string>;
  /** Security group of the load balancer. */
  readonly securityGroupId: pulumi.Output<string>;
  /** The nodes' pinned addresses by zone. */
  readonly addresses: Record<string, string>;
  /** `V2` when the balancer is reached by a shared link, `V1` when it has one of its own. */
  readonly linkVersion: "V1" | "V2";
  /** Id of the VPC link through which an API reaches the balancer. */
  readonly vpcLinkId: pulumi.Output<string>;
  /** Security group of the V2 link; undefined for V1, whose traffic has no group. */
  readonly linkSecurityGroupId: pulumi.Output<string> | undefined;
  /** The load balancer itself, for resources that must be replaced with it. */
  readonly loadBalancer: aws.lb.LoadBalancer;
  /** VPC of the balancer. */
  readonly vpcId: pulumi.Output<string>;
  /** CIDR blocks of that VPC. */
  readonly vpcCidrBlocks: string[];

  constructor(name: string, args: GatewayBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { addresses, problems } = pinAddresses(args);
    super(
      "central-private-gateway:index:GatewayBalancer",
      name,
      { addresses, linkVersion: args.link === undefined ? "V1" : "V2" },
      opts,
    );
    refuseProblems("GatewayBalancer", name, [...nameProblems(name, "load balancer"), ...problems]);
    this.balancerName = name;
    this.addresses = addresses;
    this.vpcId = pulumi.output(args.vpcId);
    this.vpcCidrBlocks = args.vpcCidrBlocks;

    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-sg`,
      { vpcId: args.vpcId, description: "Load balancer of the central API gateway", tags: { Name: name } },
      { parent: this },
    );
    this.securityGroupId = securityGroup.id;
    this.loadBalancer = this.createLoadBalancer(name, args);
    this.arn = this.loadBalancer.arn;
    this.dnsName = this.loadBalancer.dnsName;
    if (args.link === undefined) {
      this.linkVersion = "V1";
      this.linkSecurityGroupId = undefined;
      this.vpcLinkId = new aws.apigateway.VpcLink(
        `${name}-v1`,
        { targetArn: this.arn, tags: { Name: name } },
        { parent: this },
      ).id;
    } else {
      this.linkVersion = "V2";
      this.linkSecurityGroupId = args.link.securityGroupId;
      this.vpcLinkId = args.link.vpcLinkId;
      this.admitLink(name, args.link);
    }
    this.registerOutputs({ arn: this.arn, dnsName: this.dnsName, addresses, vpcLinkId: this.vpcLinkId });
  }

  private createLoadBalancer(name: string, args: GatewayBalancerArgs): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      `${name}-nlb`,
      {
        loadBalancerType: "network",
        internal: true,
        ipAddressType: "ipv4",
        subnetMappings: Object.keys(args.zones)
          .sort()
          .map((zone) => ({
            subnetId: args.zones[zone]?.subnetId ?? "",
            privateIpv4Address: this.addresses[zone],
          })),
        securityGroups: [this.securityGroupId],
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  // The link may speak to whatever port the balancer listens on; the balancer admits port by port, a rule with each target.
  private admitLink(name: string, link: GatewayVpcLink): void {
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-from-link`,
      {
        securityGroupId: link.securityGroupId,
        referencedSecurityGroupId: this.securityGroupId,
        ipProtocol: "tcp",
        fromPort: 1,
        toPort: 65535,
        description: "to the load balancer",
        // The target of a balancer of its own has the balancer's name, and so has its rule for the link.
        tags: { Name: `link/${name}` },
      },
      { parent: this },
    );
  }
}

/** The pinned address of each zone's node, and what is wrong with them. */
export function pinAddresses(args: GatewayBalancerArgs): {
  addresses: Record<string, string>;
  problems: Problem[];
} {
  const addresses: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [zone, { cidrBlock, address }] of Object.entries(args.zones)) {
    if (address !== undefined) {
      problems.push(...pinnedAddressProblems(cidrBlock, address, `zones.${zone}.address`));
      addresses[zone] = address;
      continue;
    }
    const computed = hostAddress(cidrBlock, args.hostNumber ?? defaultHostNumber, "hostNumber");
    problems.push(...computed.problems);
    if (computed.address !== undefined) addresses[zone] = computed.address;
  }
  if (Object.keys(args.zones).length === 0) {
    problems.push({
      where: "zones",
      what: "is empty",
      allowed: "at least one zone",
      change: "give a subnet for each zone",
    });
  }
  return { addresses, problems };
}

/**
 * What is wrong with the name of a component with a load balancer or target group: a physical name has at most 32
 * characters, eight of which are the generated suffix; it has letters, digits and hyphens, none in front, and that of a
 * load balancer does not begin with "internal-".
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
export function nameProblems(name: string, named: "load balancer" | "target group"): Problem[] {
  const problem = { where: "name", value: name };
  const problems: Problem[] = [];
  if (name.length > 20) {
    problems.push({
      ...problem,
      what: `is too long for the name of a ${named}`,
      allowed: "at most 20 characters",
      change: "choose a shorter name",
    });
  }
  // A role and a hyphen follow, so "internal" alone is one, too.
  const reserved = named === "load balancer" && `${name}-`.startsWith("internal-");
  if (reserved || !/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name)) {
    problems.push({
      ...problem,
      what: `cannot begin or make up the name of a ${named}`,
      allowed: `letters, digits and hyphens, no hyphen in front${named === "load balancer" ? ', and not "internal" or "internal-..."' : ""}`,
      change: "choose another name",
    });
  }
  return problems;
}
