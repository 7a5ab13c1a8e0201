import { overlaps } from "../../common/ipv4";
import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { refuse } from "./behaviour";
import type { Connection } from "./ec2-connections";
import { connection, connections, visibleConnection } from "./ec2-connections";
import { blocksOf, mustHaveVpc, vpcTypes } from "./ec2-facts";
import { isObject, object, text, yes } from "./properties";
import type { Held, Place, World } from "./world";

const notFound = (id: string): AwsError =>
  new AwsError(
    "InvalidVpcPeeringConnectionID.NotFound",
    `The vpcPeeringConnection ID '${id}' does not exist`,
  );

function isEnd(end: Place, s: Place): boolean {
  return end.account === s.account && end.region === s.region;
}

/** Two ends are one pair of VPCs, whichever asks. */
function samePair(a: Connection, vpcId: string, peerVpcId: string): boolean {
  const ends = [a.requester.vpcId, a.accepter.vpcId];
  return ends.includes(vpcId) && ends.includes(peerVpcId);
}

/** https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html */
function checkRequest(s: Situation): void {
  const vpc = mustHaveVpc(s, s.inputs.vpcId);
  const peerId = String(s.inputs.peerVpcId);
  const end = {
    account: text(s.inputs.peerOwnerId) ?? s.account,
    region: text(s.inputs.peerRegion) ?? s.region,
  };
  const auto = yes(s.inputs.autoAccept);
  refuse(peerId === vpc.id, "InvalidParameterValue", `A VPC cannot be peered with itself: ${vpc.id}`);
  refuse(
    auto && s.inputs.peerRegion !== undefined,
    "InvalidParameterCombination",
    "`peer_region` cannot be set whilst `auto_accept` is `true` when creating an EC2 VPC Peering Connection",
  );
  const failed = (why: string): AwsError =>
    new AwsError(
      "VpcPeeringConnectionFailed",
      `unexpected state 'failed', wanted target 'active, pending-acceptance'. last error: Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range (${why})`,
    );
  const peer = s.world.find(end, peerId, ...vpcTypes);
  if (peer === undefined && isEnd(end, s))
    throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${peerId}' does not exist`);
  if (peer === undefined) throw failed(`account ${end.account} has no ${peerId} in ${end.region}`);
  for (const own of blocksOf(s.world, vpc))
    for (const other of blocksOf(s.world, peer))
      if (overlaps(own, other)) throw failed(`${own} of ${vpc.id} overlaps ${other} of ${peerId}`);
  const twin = connections(s.world).find(
    (each) => each.held !== s.previous && samePair(each, vpc.id, peerId),
  );
  refuse(
    twin !== undefined,
    "VpcPeeringConnectionAlreadyExists",
    `${vpc.id} and ${peerId} are peered already by ${twin?.held.id ?? ""}: AWS would answer with the same connection, and two resources would manage one`,
  );
  refuse(
    auto && end.account !== s.account,
    "OperationNotPermitted",
    `account ${s.account} cannot accept a peering connection on behalf of account ${end.account}`,
  );
  const active = auto || (s.previous !== undefined && connection(s.world, s.previous).active);
  for (const side of ["accepter", "requester"])
    refuse(
      isObject(s.inputs[side]) && !active,
      "OperationNotPermitted",
      "Peering options can be added only to active peerings.",
    );
}

function checkAcceptance(s: Situation): void {
  const id = String(s.inputs.vpcPeeringConnectionId);
  const found = s.world.findAnywhere(id, "aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
  const peering = found && connection(s.world, found);
  const involved = [peering?.requester, peering?.accepter].some((end) => end?.account === s.account);
  if (peering === undefined || !involved) throw notFound(id);
  refuse(
    peering.accepter.account !== s.account,
    "OperationNotPermitted",
    `account ${s.account} cannot accept peering ${id}: it belongs to account ${peering.accepter.account}`,
  );
  refuse(
    peering.accepter.region !== s.region,
    "OperationNotPermitted",
    `Incorrect region (${s.region}) specified for this request. VPC peering connection ${id} must be accepted in region ${peering.accepter.region}`,
  );
}

function checkOptions(s: Situation, peering: Connection): void {
  const id = peering.held.id;
  refuse(
    !peering.active,
    "OperationNotPermitted",
    `Peering ${id} is not active. Peering options can be added only to active peerings.`,
  );
  for (const side of ["requester", "accepter"] as const)
    refuse(
      isObject(s.inputs[side]) && !isEnd(peering[side], s),
      "OperationNotPermitted",
      `account ${s.account} in ${s.region} cannot modify the ${side} peering options of ${id}`,
    );
}

function accept(world: World, id: string): void {
  const held = world.findAnywhere(id, "aws:ec2/vpcPeeringConnection:VpcPeeringConnection");
  if (held !== undefined) held.facts.active = true;
}

/**
 * A request for a pair of VPCs that are peered, or about to be, has the same connection as its answer. A repetition is taken
 * as one when the same stack resource asks; another one is refused, see {@link checkRequest}.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
function requestedAlready({ urn, outputs }: Pick<Held, "urn" | "outputs">): string | undefined {
  const ends = [String(outputs.vpcId), String(outputs.peerVpcId)].sort();
  return urn === undefined ? undefined : [urn, ...ends].join(" ");
}

/** Peering connections: one shared by the two accounts, active once its accepter accepts. */
export const peeringBehaviours: Behaviours = {
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": {
    required: ["vpcId", "peerVpcId"],
    replaceOn: ["vpcId", "peerVpcId", "peerOwnerId", "peerRegion"],
    identity: requestedAlready,
    id: (s) => s.ec2Id("pcx"),
    defaults: (s) => ({ peerOwnerId: s.account, peerRegion: s.region }),
    computed: (s) => {
      const active =
        yes(s.inputs.autoAccept) || (s.previous !== undefined && connection(s.world, s.previous).active);
      return { acceptStatus: active ? "active" : "pending-acceptance", tagsAll: object(s.inputs.tags) };
    },
    check: checkRequest,
    refresh: (held, world) => ({
      acceptStatus: connection(world, held).active ? "active" : "pending-acceptance",
    }),
    notFound,
  },
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    required: ["vpcPeeringConnectionId"],
    replaceOn: ["vpcPeeringConnectionId"],
    // It stands for the connection itself: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcPeeringConnection.html
    identity: ({ outputs }) => text(outputs.vpcPeeringConnectionId),
    id: (s) => String(s.inputs.vpcPeeringConnectionId),
    computed: (s, id) => {
      const peering = visibleConnection(s, id);
      if (peering === undefined) return { tagsAll: object(s.inputs.tags) };
      const active = yes(s.inputs.autoAccept) || peering.active;
      // Within one account the provider shows the connection from the requester's side, in the accepter as well.
      const [own, peer] =
        peering.requester.account === peering.accepter.account
          ? [peering.requester, peering.accepter]
          : [peering.accepter, peering.requester];
      return {
        acceptStatus: active ? "active" : "pending-acceptance",
        vpcId: own.vpcId,
        peerVpcId: peer.vpcId,
        peerOwnerId: peer.account,
        peerRegion: peering.accepter.region,
        tagsAll: object(s.inputs.tags),
      };
    },
    check: checkAcceptance,
    applied: (s, held) => {
      if (yes(s.inputs.autoAccept)) accept(s.world, held.id);
    },
    notFound,
  },
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": {
    required: ["vpcPeeringConnectionId"],
    replaceOn: ["vpcPeeringConnectionId"],
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html
    identity: ({ outputs }) => text(outputs.vpcPeeringConnectionId),
    id: (s) => String(s.inputs.vpcPeeringConnectionId),
    check: (s) => {
      const peering = visibleConnection(s, s.inputs.vpcPeeringConnectionId);
      if (peering === undefined) throw notFound(String(s.inputs.vpcPeeringConnectionId));
      checkOptions(s, peering);
    },
    notFound,
  },
};
