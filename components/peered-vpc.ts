import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Problem } from "../common/problems";
import { mapEntries } from "../common/records";
import { Peering, type PeeringAcceptArgs, peeringProblems, type PeeringRequestArgs } from "./peering";
import { cidrBlockProblems, listProblems, planSubnets, type SubnetPlan, zoneProblems } from "./subnet-plan";
import { refuseProblems } from "./validation";

/** A VPC to be created: isolated, without internet gateway or NAT, and with one route table for all its subnets. */
export interface CreateVpcArgs {
  /** IPv4 CIDR blocks. The first is the VPC's own and is divided into the subnets; the others are associated with it. */
  cidrBlocks: string[];
  /** Names of the availability zones that get subnets, for example `us-east-1a`. */
  zones: string[];
  /** What subnets there are in each zone, for example `["balancer", "link"]`. Defaults to `["private"]`. */
  tiers?: string[];
}

/** A VPC that exists already, made by somebody else or by another component. */
export interface AdoptVpcArgs {
  /** Id of the VPC. */
  vpcId: pulumi.Input<string>;
  /** All its IPv4 CIDR blocks. */
  cidrBlocks: string[];
  /** The route tables that get routes to the peers, by a label of your choice. The label is part of the routes' names. */
  routeTableIds: Record<string, pulumi.Input<string>>;
}

/** One peering connection of the VPC. */
export interface PeerArgs {
  /** The peer's IPv4 CIDR blocks. */
  cidrBlocks: string[];
  /** Given when this side requests the connection. Exactly one of `request` and `accept` is needed. */
  request?: PeeringRequestArgs;
  /** Given when this side accepts the connection. */
  accept?: PeeringAcceptArgs;
  /** Resolve the peer's public DNS names to private addresses. Defaults to false. */
  resolvePeerDns?: boolean;
}

/** Exactly one of `create` and `adopt` is needed. */
export interface PeeredVpcArgs {
  /** Create the VPC. */
  create?: CreateVpcArgs;
  /** Take an existing VPC. */
  adopt?: AdoptVpcArgs;
  /** Peering connections by peer name. More can be added later with `new Peering(..., { vpc })`. */
  peers?: Record<string, PeerArgs>;
}

/**
 * A VPC that takes part in peering connections, as requester, as accepter, or both.
 *
 * Errors: an `InputPropertiesError` that lists every wrong argument.
 */
export class PeeredVpc extends pulumi.ComponentResource {
  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** All IPv4 CIDR blocks of the VPC, as given. */
  readonly cidrBlocks: string[];
  /** Route tables that get routes to the peers, by label. */
  readonly routeTableIds: Record<string, pulumi.Output<string>>;
  /** Created subnets by tier and zone; empty for an adopted VPC. */
  readonly subnetIds: Record<string, Record<string, pulumi.Output<string>>> = {};
  /** CIDR block of each created subnet by tier and zone; empty for an adopted VPC. */
  readonly subnetCidrBlocks: Record<string, Record<string, string>> = {};
  /**
   * Associations of further CIDR blocks of a created VPC. A connection is requested after them, because AWS lets a
   * requester add no block while its request is pending.
   * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
   */
  readonly blockAssociations: pulumi.Resource[] = [];
  /** Peering connection ids by peer name, of the peers given to the constructor. */
  readonly connectionIds: Record<string, pulumi.Output<string>> = {};

  constructor(name: string, args: PeeredVpcArgs, opts?: pulumi.ComponentResourceOptions) {
    const cidrBlocks = args.create?.cidrBlocks ?? args.adopt?.cidrBlocks ?? [];
    super("central-private-gateway:index:PeeredVpc", name, { cidrBlocks, zones: args.create?.zones }, opts);
    const { plan, problems } = checkArgs(args);
    refuseProblems("PeeredVpc", name, problems);

    this.cidrBlocks = cidrBlocks;
    if (args.create !== undefined) {
      const { vpcId, routeTableId } = this.createVpc(name, args.create, plan);
      this.vpcId = vpcId;
      this.routeTableIds = { main: routeTableId };
    } else {
      this.vpcId = pulumi.output(args.adopt?.vpcId ?? "");
      this.routeTableIds = mapEntries(args.adopt?.routeTableIds ?? {}, (_label, id) => pulumi.output(id));
    }
    for (const [peer, peerArgs] of Object.entries(args.peers ?? {})) {
      const { cidrBlocks: peerCidrBlocks, ...rest } = peerArgs;
      this.connectionIds[peer] = new Peering(`${name}-${peer}`, {
        vpc: this,
        peerCidrBlocks,
        ...rest,
      }).connectionId;
    }
    this.registerOutputs({ vpcId: this.vpcId, cidrBlocks, routeTableIds: this.routeTableIds });
  }

  private createVpc(
    name: string,
    create: CreateVpcArgs,
    plan: SubnetPlan,
  ): { vpcId: pulumi.Output<string>; routeTableId: pulumi.Output<string> } {
    const opts = { parent: this };
    const [first, ...others] = create.cidrBlocks;
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: first, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
      opts,
    );
    for (const cidrBlock of others) {
      this.blockAssociations.push(
        new aws.ec2.VpcIpv4CidrBlockAssociation(
          `${name}-block-${cidrBlock}`,
          { vpcId: vpc.id, cidrBlock },
          opts,
        ),
      );
    }
    const routeTable = new aws.ec2.RouteTable(
      `${name}-routes`,
      { vpcId: vpc.id, tags: { Name: name } },
      opts,
    );
    for (const [label, { tier, zone, cidrBlock }] of Object.entries(plan)) {
      const subnet = new aws.ec2.Subnet(
        `${name}-${label}`,
        { vpcId: vpc.id, cidrBlock, availabilityZone: zone, tags: { Name: `${name}-${label}` } },
        opts,
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-${label}-routes`,
        { subnetId: subnet.id, routeTableId: routeTable.id },
        opts,
      );
      (this.subnetIds[tier] ??= {})[zone] = subnet.id;
      (this.subnetCidrBlocks[tier] ??= {})[zone] = cidrBlock;
    }
    return { vpcId: vpc.id, routeTableId: routeTable.id };
  }
}

function checkArgs(args: PeeredVpcArgs): { plan: SubnetPlan; problems: Problem[] } {
  const problems: Problem[] = [];
  if ((args.create === undefined) === (args.adopt === undefined)) {
    problems.push({
      where: "create, adopt",
      what: args.create === undefined ? "neither is given" : "both are given",
      allowed: "exactly one of the two",
      change: "give create for a new VPC, adopt for an existing one",
    });
  }
  let plan: SubnetPlan = {};
  if (args.create !== undefined) {
    const { cidrBlocks, zones, tiers = ["private"] } = args.create;
    const blockProblems = cidrBlockProblems(cidrBlocks, "create.cidrBlocks");
    problems.push(
      ...blockProblems,
      ...zoneProblems(zones, "create.zones"),
      ...listProblems(tiers, "create.tiers"),
    );
    if (blockProblems.length === 0) {
      const planned = planSubnets(cidrBlocks[0] ?? "", zones, tiers, "create.cidrBlocks[0]");
      plan = planned.subnets;
      problems.push(...planned.problems);
    }
  }
  if (args.adopt !== undefined) {
    problems.push(...cidrBlockProblems(args.adopt.cidrBlocks, "adopt.cidrBlocks"));
    if (Object.keys(args.adopt.routeTableIds).length === 0 && Object.keys(args.peers ?? {}).length > 0) {
      problems.push({
        where: "adopt.routeTableIds",
        what: "is empty, so that nothing would be routed to the peers",
        allowed: "at least one route table by a label",
        change: "name the route tables of the subnets that speak with the peers",
      });
    }
  }
  const own = args.create?.cidrBlocks ?? args.adopt?.cidrBlocks ?? [];
  for (const [peer, { cidrBlocks, ...rest }] of Object.entries(args.peers ?? {})) {
    const found = peeringProblems(own, { ...rest, peerCidrBlocks: cidrBlocks });
    problems.push(
      ...found.map((problem) => ({
        ...problem,
        where: `peers.${peer}.${problem.where.replace(/^peerCidrBlocks/, "cidrBlocks")}`,
      })),
    );
  }
  return { plan, problems };
}
