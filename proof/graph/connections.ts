import type { Resource } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { known, text } from "./values";

/** A VPC peering connection as both sides' files tell it. */
export interface Connection {
  id: string;
  requester?: Resource;
  accepter?: Resource;
  /** VPC, account and region of the side that asked. */
  vpcId?: string;
  account?: string;
  region?: string;
  /** VPC, account and region of the side that accepts. */
  peerVpcId?: string;
  peerAccount?: string;
  peerRegion?: string;
  /** What the two sides' resources say differently about each other; such files are not of one moment. */
  disagreement?: string;
}

/**
 * For a connection within one account the provider shows the accepter's resource in the requester's words, so only the
 * pair of VPCs is compared, not which of them is whose.
 */
function disagreement({ requester }: Connection, accepter: Resource): string | undefined {
  if (requester === undefined) return undefined;
  const ends = [known(requester, "vpcId"), known(requester, "peerVpcId")];
  const strange = [known(accepter, "vpcId"), known(accepter, "peerVpcId")].find(
    (id) => id !== undefined && !ends.includes(id),
  );
  if (strange !== undefined && !ends.includes(undefined)) return `the accepter names ${strange}`;
  const differ = (asked: string | undefined, is: string | undefined): boolean =>
    asked !== undefined && is !== undefined && asked !== is;
  const owner = known(requester, "peerOwnerId");
  if (differ(owner, accepter.account)) return `it is requested of account ${owner}`;
  const region = known(requester, "peerRegion");
  if (differ(region, accepter.region)) return `it is requested in region ${region}`;
  const from = known(accepter, "peerOwnerId");
  return differ(from, requester.account) ? `the accepter names account ${from}` : undefined;
}

/**
 * Peering connections. The two resources of one connection tell about each other's side in mirrored words: what is
 * `peerVpcId` for the requester is `vpcId` for the accepter.
 */
export function readConnections(inventory: Inventory): Map<string, Connection> {
  const connections = new Map<string, Connection>();
  for (const { resource } of inventory.of("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")) {
    if (connections.get(resource.id)?.requester !== undefined) continue;
    connections.set(resource.id, {
      id: resource.id,
      requester: resource,
      vpcId: known(resource, "vpcId"),
      account: resource.account,
      region: resource.region,
      peerVpcId: known(resource, "peerVpcId"),
      peerAccount:
        known(resource, "peerOwnerId") ??
        (text(resource, "peerOwnerId") === undefined ? resource.account : undefined),
      peerRegion: known(resource, "peerRegion") ?? resource.region,
    });
  }
  for (const { resource } of inventory.of(
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
  )) {
    const id = known(resource, "vpcPeeringConnectionId") ?? resource.id;
    const connection = connections.get(id) ?? { id };
    if (connection.accepter !== undefined) continue;
    connection.accepter = resource;
    connection.peerVpcId ??= known(resource, "vpcId");
    connection.vpcId ??= known(resource, "peerVpcId");
    connection.account ??= known(resource, "peerOwnerId");
    connection.region ??= known(resource, "peerRegion");
    connection.disagreement = disagreement(connection, resource);
    connection.peerAccount ??= resource.account;
    connection.peerRegion = resource.region ?? connection.peerRegion;
    connections.set(id, connection);
  }
  return connections;
}
