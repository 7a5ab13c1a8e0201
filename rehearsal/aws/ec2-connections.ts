import { object, text } from "./properties";
import type { Held, Place, World } from "./world";

/** State of a peering connection and its two ends. */
export interface Connection {
  held: Held;
  active: boolean;
  requester: Place & { vpcId: string };
  accepter: Place & { vpcId: string };
}

const connectionType = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
const accepterType = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter";

/** A peering connection as AWS sees it; one is shared by both accounts. */
export function connection(world: World, held: Held): Connection {
  const p = held.outputs;
  const accepted = world
    .all(accepterType)
    .some((other) => other.id === held.id && object(other.outputs).acceptStatus === "active");
  return {
    held,
    active: held.facts.active === true || p.acceptStatus === "active" || accepted,
    requester: { account: held.account, region: held.region, vpcId: String(p.vpcId) },
    accepter: {
      account: text(p.peerOwnerId) ?? held.account,
      region: text(p.peerRegion) ?? held.region,
      vpcId: String(p.peerVpcId),
    },
  };
}

/** All peering connections that exist. */
export function connections(world: World): Connection[] {
  return world.all(connectionType).map((held) => connection(world, held));
}

/** The connection with an id, if this account is one of its ends in this region. */
export function visibleConnection(s: Place & { world: World }, id: unknown): Connection | undefined {
  const held = text(id) === undefined ? undefined : s.world.findAnywhere(String(id), connectionType);
  if (held === undefined) return undefined;
  const found = connection(s.world, held);
  const here = (end: Place): boolean => end.account === s.account && end.region === s.region;
  return here(found.requester) || here(found.accepter) ? found : undefined;
}
