import { Unknown, type Resource } from "../../resources/resource";
import type { Connection } from "../graph/connections";
import type { Graph } from "../graph/graph";
import { known, property } from "../graph/values";
import { GIVE_FILE, type Check } from "./trail";

const CONNECTION = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
const EXPORT_AGAIN = "refresh and export the stack again";
const DEAD = new Set(["failed", "rejected", "expired", "deleted", "deleting"]);

/** In place of a VPC: the connection does not join the VPC that was asked about. */
export const FOREIGN = "foreign";

/** True when a file of the accepting side is among the input. */
function accepterGiven(graph: Graph, connection: Connection): boolean {
  const vpc = graph.network.vpcs.get(connection.peerVpcId ?? "");
  return (
    vpc?.resource !== undefined ||
    (connection.peerAccount !== undefined && graph.inventory.accounts.has(connection.peerAccount))
  );
}

function requesterGiven(graph: Graph, connection: Connection): boolean {
  const vpc = graph.network.vpcs.get(connection.vpcId ?? "");
  return (
    vpc?.resource !== undefined ||
    (connection.account !== undefined && graph.inventory.accounts.has(connection.account))
  );
}

function overlapping(graph: Graph, connection: Connection): string | undefined {
  const blocks = (id: string | undefined): { start: bigint; end: bigint }[] =>
    graph.network.vpcs.get(id ?? "")?.blocks ?? [];
  return blocks(connection.vpcId).some((a) =>
    blocks(connection.peerVpcId).some((b) => a.start <= b.end && b.start <= a.end),
  )
    ? `${connection.vpcId} and ${connection.peerVpcId} have overlapping CIDR blocks`
    : undefined;
}

/**
 * Whether a connection carries packets. The accepter's resource decides; what the requester's own copy says is only
 * evidence when it says `active` or that the connection is gone, because it stays at `pending-acceptance` until the
 * next refresh. VPCs whose blocks overlap cannot be peered.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 * @param user the resource that refers to the connection.
 */
export function connectionState(graph: Graph, id: string, user: Resource): Check {
  const step = "peering";
  const connection = graph.network.connections.get(id);
  const blocked = (text: string, at: Resource | undefined, fix: string): Check => ({
    step,
    verdict: "blocked",
    text,
    at,
    id,
    code: "BAD_STATE",
    fix,
  });
  const unknown = (text: string, fix: string, at?: Resource): Check => ({
    step,
    verdict: "unknown",
    text,
    at,
    id,
    code: "BAD_STATE",
    fix,
  });
  const restore = "request the connection again, or remove the route to it";
  if (connection === undefined) {
    return graph.inventory.removed(user, CONNECTION)
      ? blocked(`connection ${id} has been removed`, user, restore)
      : unknown(`connection ${id} is in no file`, GIVE_FILE, user);
  }
  const { requester, accepter } = connection;
  const requested = requester && known(requester, "acceptStatus");
  if (requested !== undefined && DEAD.has(requested))
    return blocked(`connection ${id} is ${requested}`, requester, restore);
  const overlap = overlapping(graph, connection);
  if (overlap !== undefined)
    return blocked(
      `${id} cannot become active: ${overlap}`,
      requester ?? accepter,
      "give one VPC another CIDR block",
    );
  if (accepter !== undefined) {
    if (property(accepter, "acceptStatus") instanceof Unknown)
      return unknown(`whether connection ${id} is accepted is not told by the file`, EXPORT_AGAIN, accepter);
    const status = known(accepter, "acceptStatus");
    const active = status === undefined ? property(accepter, "autoAccept") === true : status === "active";
    if (!active)
      return blocked(
        `connection ${id} is ${status ?? "not accepted"}`,
        accepter,
        status !== undefined && DEAD.has(status) ? restore : `accept ${id} in the accepter's account`,
      );
    if (connection.disagreement !== undefined) {
      const text = `the files of both sides differ about connection ${id}: ${connection.disagreement}`;
      return unknown(text, "refresh and export both stacks again", requester);
    }
    if (requester !== undefined)
      return { step, verdict: "reachable", text: `connection ${id} is active`, at: accepter };
    if (graph.inventory.removed(user, CONNECTION))
      return blocked(`connection ${id} has been removed by its requester`, user, restore);
    if (!requesterGiven(graph, connection))
      return { step, verdict: "reachable", text: `connection ${id} is active`, at: accepter };
    return unknown(`the request for connection ${id} is in no file of its account`, GIVE_FILE, accepter);
  }
  const accept = `accept ${id} in the accepter's account`;
  if (requested === "active")
    return { step, verdict: "reachable", text: `connection ${id} is active`, at: requester };
  // The provider accepts only within one account and region, and waits until the connection is active.
  const near =
    (connection.peerAccount === undefined || connection.peerAccount === connection.account) &&
    connection.peerRegion === connection.region;
  const silent = requester !== undefined && property(requester, "acceptStatus") === undefined;
  if (silent && near && property(requester, "autoAccept") === true) {
    return {
      step,
      verdict: "reachable",
      text: `connection ${id} is accepted by its requester`,
      at: requester,
    };
  }
  if (accepterGiven(graph, connection)) return blocked(`connection ${id} is not accepted`, requester, accept);
  return unknown(`whether connection ${id} is accepted is in no file`, GIVE_FILE, requester);
}

/** The VPC at the other end of a connection; {@link FOREIGN} when the given VPC is at neither, undefined when not known. */
export function otherEnd(graph: Graph, id: string, vpcId: string | undefined): string | undefined {
  const connection = graph.network.connections.get(id);
  if (connection === undefined || vpcId === undefined) return undefined;
  if (connection.vpcId === vpcId) return connection.peerVpcId;
  if (connection.peerVpcId === vpcId) return connection.vpcId;
  return connection.vpcId === undefined || connection.peerVpcId === undefined ? undefined : FOREIGN;
}
