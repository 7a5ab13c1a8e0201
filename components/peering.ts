import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isAccountId, isRegion } from "../common/forms";
import { isNetwork, overlaps } from "../common/ipv4";
import { type Problem } from "../common/problems";
import { refuseProblems } from "./validation";

/** The VPC on this side of a connection, a `PeeredVpc`. */
export interface PeeringSide extends pulumi.Resource {
  /** Id of the VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** All its IPv4 CIDR blocks. */
  readonly cidrBlocks: string[];
  /** The route tables that get routes to the peer, by label. */
  readonly routeTableIds: Record<string, pulumi.Output<string>>;
  /** What must exist before a connection is requested. */
  readonly blockAssociations: pulumi.Resource[];
}

/** Asks another account's VPC for a peering connection. */
export interface PeeringRequestArgs {
  /** Id of the peer's VPC. */
  peerVpcId: pulumi.Input<string>;
  /** Account that owns the peer's VPC, 12 digits. */
  peerAccount: string;
  /** Region of the peer's VPC. Defaults to the requester's region, which is also what to leave out for a peer in the same region. */
  peerRegion?: string;
}

/** Accepts a peering connection that another account has requested. */
export interface PeeringAcceptArgs {
  /** Id of the connection, from the requester. */
  connectionId: pulumi.Input<string>;
}

export interface PeeringArgs {
  /** The VPC on this side. */
  vpc: PeeringSide;
  /** The peer's IPv4 CIDR blocks: each is routed to the connection in each of this VPC's route tables. */
  peerCidrBlocks: string[];
  /** Given by the side that requests the connection. Exactly one of `request` and `accept` is needed. */
  request?: PeeringRequestArgs;
  /** Given by the side that accepts it. */
  accept?: PeeringAcceptArgs;
  /**
   * Resolve the peer's public DNS names to private addresses. Defaults to false. AWS takes the option only when the
   * connection is active, so the requester sets it one deployment after the peer has accepted.
   * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html
   */
  resolvePeerDns?: boolean;
}

/**
 * One peering connection of a VPC, as one side sees it: the request or its acceptance, and a route for each of the
 * peer's CIDR blocks in each route table of this side. Both accounts use this component, so the return route is not a
 * second implementation. Routes are named by (route table label, destination): a later change of the connection
 * changes a route in place, and the order of blocks and tables decides nothing.
 */
export class Peering extends pulumi.ComponentResource {
  /** Id of the connection (`pcx-...`). */
  readonly connectionId: pulumi.Output<string>;

  constructor(name: string, args: PeeringArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "central-private-gateway:index:Peering",
      name,
      { side: args.accept === undefined ? "requester" : "accepter", peerCidrBlocks: args.peerCidrBlocks },
      { parent: args.vpc, ...opts },
    );
    refuseProblems("Peering", name, peeringProblems(args.vpc.cidrBlocks, args));
    this.connectionId =
      args.accept === undefined ? this.request(name, args) : this.accept(name, args, args.accept);
    this.route(name, args);
    if (args.resolvePeerDns === true) this.resolveDns(name, args);
    this.registerOutputs({ connectionId: this.connectionId });
  }

  private request(name: string, args: PeeringArgs): pulumi.Output<string> {
    return new aws.ec2.VpcPeeringConnection(
      `${name}-connection`,
      {
        vpcId: args.vpc.vpcId,
        peerVpcId: args.request?.peerVpcId ?? "",
        peerOwnerId: args.request?.peerAccount,
        peerRegion: args.request?.peerRegion,
        tags: { Name: name },
      },
      { parent: this, dependsOn: args.vpc.blockAssociations },
    ).id;
  }

  private accept(name: string, args: PeeringArgs, accept: PeeringAcceptArgs): pulumi.Output<string> {
    return new aws.ec2.VpcPeeringConnectionAccepter(
      `${name}-accepter`,
      { vpcPeeringConnectionId: accept.connectionId, autoAccept: true, tags: { Name: name } },
      { parent: this },
    ).id;
  }

  private route(name: string, args: PeeringArgs): void {
    for (const [label, routeTableId] of Object.entries(args.vpc.routeTableIds)) {
      for (const destinationCidrBlock of args.peerCidrBlocks) {
        new aws.ec2.Route(
          `${name}-route-${label}-${destinationCidrBlock}`,
          { routeTableId, destinationCidrBlock, vpcPeeringConnectionId: this.connectionId },
          { parent: this },
        );
      }
    }
  }

  private resolveDns(name: string, args: PeeringArgs): void {
    const option = { allowRemoteVpcDnsResolution: true };
    new aws.ec2.PeeringConnectionOptions(
      `${name}-options`,
      {
        vpcPeeringConnectionId: this.connectionId,
        ...(args.accept === undefined ? { requester: option } : { accepter: option }),
      },
      { parent: this },
    );
  }
}

/** What is wrong with a connection's arguments, for a VPC with these CIDR blocks. */
export function peeringProblems(ownCidrBlocks: readonly string[], args: Omit<PeeringArgs, "vpc">): Problem[] {
  const problems: Problem[] = [];
  if ((args.request === undefined) === (args.accept === undefined)) {
    problems.push({
      where: "request, accept",
      what: args.request === undefined ? "neither is given" : "both are given",
      allowed: "exactly one of the two",
      change: "give request on the side that asks for the connection, accept on the other",
    });
  }
  if (args.request !== undefined && !isAccountId(args.request.peerAccount)) {
    problems.push({
      where: "request.peerAccount",
      what: "is not an AWS account id",
      value: args.request.peerAccount,
      allowed: "exactly 12 digits",
      change: "give the account that owns the peer's VPC",
    });
  }
  const peerRegion = args.request?.peerRegion;
  if (peerRegion !== undefined && !isRegion(peerRegion)) {
    problems.push({
      where: "request.peerRegion",
      what: "is not an AWS region",
      value: peerRegion,
      allowed: "a region such as eu-west-1, or nothing for the requester's own",
      change: "give the region of the peer's VPC",
    });
  }
  if (args.peerCidrBlocks.length === 0) {
    problems.push({
      where: "peerCidrBlocks",
      what: "is empty, so that nothing would be routed to the peer",
      allowed: "at least one CIDR block",
      change: "give the peer's CIDR blocks",
    });
  }
  args.peerCidrBlocks.forEach((block, index) => {
    const where = `peerCidrBlocks[${index}]`;
    if (!isNetwork(block)) {
      problems.push({
        where,
        what: "is not a CIDR block without host bits",
        value: block,
        allowed: "a block such as 10.20.0.0/16",
        change: "correct the block",
      });
    }
    if (args.peerCidrBlocks.indexOf(block) !== index) {
      problems.push({
        where,
        what: "is given twice",
        value: block,
        allowed: "each block once: a route table has one route for a destination",
        change: "remove one",
      });
    }
    for (const own of ownCidrBlocks.filter((own) => overlaps(own, block))) {
      problems.push({
        where,
        what: `overlaps ${own} of this VPC; AWS fails such a peering connection`,
        value: block,
        allowed: "blocks apart from this VPC's",
        change: "give one of the two VPCs another block",
      });
    }
  });
  return problems;
}
