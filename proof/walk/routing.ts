import type { Cidr } from "../../common/ipv4";
import { Unknown, type Resource } from "../../resources/resource";
import type { Graph } from "../graph/graph";
import type { Subnet } from "../graph/network";
import { PrefixIndex } from "../graph/prefix-index";
import type { Route, RouteTable } from "../graph/route-tables";
import { connectionState, FOREIGN, otherEnd } from "./peering";
import { rangeText } from "./interface";
import { GIVE_FILE, type Check } from "./trail";

const VPC_TYPES = ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"];
const BLOCK_TYPE = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";

/** Where a subnet's route table sends packets for a range, and every check on the way to the VPC they come out in. */
export interface Routed {
  checks: Check[];
  /** The VPC in which the packets come out; undefined when they do not, or nobody knows. */
  vpcId?: string;
  /** The peering connection that they crossed. */
  connectionId?: string;
}

/**
 * The table of a subnet: the associated one, else the VPC's main table.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
 * A subnet or VPC that is only read may have an association that no file shows: then the table is not known.
 */
function tableOf(graph: Graph, subnet: Subnet): RouteTable | Check {
  const zone = subnet.zone === undefined ? "" : `, ${subnet.zone}`;
  const untold = (text: string, fix: string): Check => ({
    step: "route",
    verdict: "unknown",
    text,
    at: subnet.resource,
    code: "ROUTE_TABLE_UNKNOWN",
    fix,
  });
  if (subnet.routeTableId instanceof Unknown) {
    return untold(
      `the route table of ${subnet.id}${zone} is not told by the file`,
      "export the stack again after it is deployed",
    );
  }
  if (subnet.routeTableId !== undefined) {
    const table = graph.network.routeTables.get(subnet.routeTableId);
    if (table?.resource !== undefined && table.vpcId !== undefined && subnet.vpcId !== undefined) {
      if (table.vpcId !== subnet.vpcId) {
        const text = `route table ${table.id} of ${subnet.id}${zone} belongs to ${table.vpcId}, not to ${subnet.vpcId}`;
        const fix = `associate ${subnet.id} with a route table of ${subnet.vpcId}`;
        const at = subnet.association ?? table.resource;
        return { step: "route", verdict: "blocked", text, at, code: "CANNOT_ROUTE", fix };
      }
    }
    if (table?.resource !== undefined) return table;
    const removed = graph.inventory.removed(subnet.association, "aws:ec2/routeTable:RouteTable");
    if (removed) {
      const text = `route table ${subnet.routeTableId} of ${subnet.id}${zone} has been removed`;
      return {
        step: "route",
        verdict: "blocked",
        text,
        at: subnet.association,
        code: "CANNOT_ROUTE",
        fix: "restore the route table",
      };
    }
    return untold(`route table ${subnet.routeTableId} of ${subnet.id}${zone} is in no file`, GIVE_FILE);
  }
  const vpc = graph.network.vpcs.get(subnet.vpcId ?? "");
  const fix = `name the subnet's route table: read the association of ${subnet.id}`;
  if (subnet.resource.external || graph.network.uncertainAssociations) {
    return untold(`which route table ${subnet.id}${zone} has is in no file`, fix);
  }
  const main = vpc?.mainRouteTableId;
  if (vpc?.resource === undefined || main === undefined) {
    return untold(
      `${subnet.id}${zone} has no route table of its own, and the main table of its VPC is in no file`,
      fix,
    );
  }
  const table = graph.network.routeTables.get(main);
  if (table?.resource !== undefined) return table;
  if (vpc.resource.external) return untold(`the main route table ${main} of ${vpc.id} is in no file`, fix);
  return table ?? { id: main, vpcId: vpc.id, routes: new PrefixIndex(), untold: [], incomplete: false };
}

/**
 * A subnet lies in a block of its VPC. Where the files show the VPC and its blocks, one that does not has lost its block.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
function homeless(graph: Graph, subnet: Subnet): Check | undefined {
  const vpc = graph.network.vpcs.get(subnet.vpcId ?? "");
  const zone = subnet.zone === undefined ? "" : `, ${subnet.zone}`;
  const base = { step: "route", at: subnet.resource, code: "CANNOT_ROUTE" };
  if (vpc?.resource === undefined) {
    if (!graph.inventory.removed(subnet.resource, ...VPC_TYPES)) return undefined;
    const text = `${subnet.vpcId} of ${subnet.id}${zone} has been removed`;
    return { ...base, verdict: "blocked", text, fix: `restore ${subnet.vpcId}` };
  }
  const { block } = subnet;
  if (vpc.resource.external || block === undefined || vpc.blocks.length === 0) return undefined;
  if (vpc.blocks.some(({ start, end }) => start <= block.start && block.end <= end)) return undefined;
  if (graph.inventory.untold(BLOCK_TYPE, "cidrBlock") || graph.inventory.untold(BLOCK_TYPE, "vpcId"))
    return undefined;
  const removed = graph.inventory.removed(subnet.resource, BLOCK_TYPE);
  const text = `${subnet.id}${zone} (${rangeText(block)}) lies in no CIDR block of ${vpc.id}`;
  const fix = `associate a block that holds ${rangeText(block)} with ${vpc.id}`;
  return { ...base, verdict: removed ? "blocked" : "unknown", text, fix };
}

/** What a missing route would have to be: the connected VPC's block where exactly one holds the range. */
function missingRoute(graph: Graph, vpcId: string | undefined, range: Cidr): string {
  const found: string[] = [];
  for (const connection of graph.network.connections.values()) {
    if (connection.vpcId !== vpcId && connection.peerVpcId !== vpcId) continue;
    const other = connection.vpcId === vpcId ? connection.peerVpcId : connection.vpcId;
    for (const block of graph.network.vpcs.get(other ?? "")?.blocks ?? []) {
      if (block.start <= range.start && range.end <= block.end)
        found.push(`${rangeText(block)} through ${connection.id}`);
    }
  }
  const [only] = found;
  return only !== undefined && found.length === 1 ? only : rangeText(range);
}

function sameTarget({ target: a }: Route, { target: b }: Route): boolean {
  const id = (target: Route["target"]): string => ("id" in target ? target.id : "");
  return a === b || (a.kind === b.kind && id(a) === id(b));
}

/** What programs declare for a destination; what was read of it counts only where nothing is declared. */
function declared(routes: Route[]): Route[] {
  const own = routes.filter(({ standing }) => standing === "declared");
  return own.length > 0 ? own : routes;
}

/** The route that the longest prefix selects; `mixed` when parts of the range take different ways. */
function select(table: RouteTable, range: Cidr, longerThan: number): Route | "mixed" | undefined {
  let best: Route | undefined;
  for (const { block, values } of table.routes.covering(range)) {
    if (block.prefix <= longerThan) break;
    const standing = declared(values);
    const [first] = standing;
    if (first === undefined) continue;
    if (standing.some((route) => !sameTarget(route, first))) return "mixed";
    best = first;
    break;
  }
  if (range.prefix < 32) {
    for (const { values } of table.routes.inside(range)) {
      if (declared(values).some((route) => best === undefined || !sameTarget(route, best))) return "mixed";
    }
  }
  return best;
}

/** Prefix length of the local route that covers the range, or -1. A VPC's blocks and its subnets' blocks are local. */
function localPrefix(graph: Graph, vpcId: string | undefined, range: Cidr): number {
  const vpc = graph.network.vpcs.get(vpcId ?? "");
  const blocks = (vpc?.blocks ?? []).filter((block) => block.start <= range.start && range.end <= block.end);
  if (blocks.length > 0) return Math.max(...blocks.map((block) => block.prefix));
  for (const { block } of vpc?.subnets.covering(range) ?? []) return block.prefix;
  return -1;
}

/**
 * Follows packets for `range` out of a subnet: route table, longest prefix, the local route of the VPC, and a peering
 * connection. Other targets of a chosen route are not modelled.
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
export function routed(graph: Graph, subnet: Subnet, range: Cidr): Routed {
  let known = answers.get(graph);
  if (known === undefined) answers.set(graph, (known = new Map<string, Routed>()));
  const key = `${subnet.id} ${rangeText(range)}`;
  let answer = known.get(key);
  if (answer === undefined) known.set(key, (answer = follow(graph, subnet, range)));
  return answer;
}

/** The same ways are asked for by every target behind one balancer. */
const answers = new WeakMap<Graph, Map<string, Routed>>();

function follow(graph: Graph, subnet: Subnet, range: Cidr): Routed {
  const zone = subnet.zone === undefined ? "" : `, ${subnet.zone}`;
  const to = rangeText(range);
  const lost = homeless(graph, subnet);
  if (lost !== undefined) return { checks: [lost] };
  const table = tableOf(graph, subnet);
  if ("verdict" in table) return { checks: [table] };
  const at: Resource | undefined = table.resource;
  const where = `in ${table.id} (subnet ${subnet.id}${zone})`;
  const unknown = (text: string, fix: string, code = "CANNOT_ROUTE"): Routed => ({
    checks: [{ step: "route", verdict: "unknown", text, at, id: table.id, code, fix }],
  });
  const local = localPrefix(graph, subnet.vpcId, range);
  const route = select(table, range, local);
  if (route === "mixed") {
    return unknown(
      `several routes ${where} may take packets for ${to}`,
      "pin the address, or keep one route for it",
      "CONFLICTING_ROUTES",
    );
  }
  const fixRoute = `add a route for ${missingRoute(graph, subnet.vpcId, range)} to ${table.id}`;
  if (table.untold.length > 0 && local < 32) {
    return unknown(
      `a route ${where} with ${table.untold[0]?.destination} may take packets for ${to}`,
      "use CIDR blocks as destinations",
      "NOT_MODELLED",
    );
  }
  if (table.incomplete)
    return unknown(`the routes of ${table.id} are not in the file`, "export the stack again after a refresh");
  if (route === undefined || route.target.kind === "local") {
    if (local >= 0) {
      return {
        checks: [
          { step: "route", verdict: "reachable", text: `local route for ${to} ${where}`, at, id: table.id },
        ],
        vpcId: subnet.vpcId,
      };
    }
    const vpc = graph.network.vpcs.get(subnet.vpcId ?? "");
    if (vpc?.resource === undefined)
      return unknown(`${vpc?.id ?? "the VPC"} is in no file: whether ${to} is local is not known`, GIVE_FILE);
    if (graph.inventory.untold("aws:ec2/route:Route", "routeTableId"))
      return unknown(`routes that do not tell their table may lead to ${to}`, fixRoute);
    return {
      checks: [
        {
          step: "route",
          verdict: "blocked",
          text: `no route for ${to} ${where}`,
          at: at ?? subnet.resource,
          id: table.id,
          code: "CANNOT_ROUTE",
          fix: fixRoute,
        },
      ],
    };
  }
  if (route.target.kind === "untold")
    return unknown(
      `route ${route.destination} ${where} has a target that the file does not tell`,
      "export the stack again",
    );
  if (route.target.kind === "other") {
    const text = `route ${route.destination} -> ${route.target.id} (${route.target.what}) ${where} is not modelled`;
    return {
      checks: [
        {
          step: "route",
          verdict: "unknown",
          text,
          at: route.resource,
          code: "NOT_MODELLED",
          fix: `route ${to} through a peering connection`,
        },
      ],
    };
  }
  if (route.standing === "copied")
    return unknown(
      `route ${route.destination} -> ${route.target.id} ${where} was read, but no file declares it, so that it may be gone since`,
      "declare the route, or refresh and export the stack again",
      "BAD_STATE_ROUTE",
    );
  const chosen: Check = {
    step: "route",
    verdict: "reachable",
    text: `route ${route.destination} -> ${route.target.id} ${where}`,
    at: route.resource,
  };
  return crossing(graph, subnet, route.target.id, route.resource, chosen, to);
}

function crossing(
  graph: Graph,
  subnet: Subnet,
  connectionId: string,
  route: Resource,
  chosen: Check,
  to: string,
): Routed {
  const state = connectionState(graph, connectionId, route);
  const end = otherEnd(graph, connectionId, subnet.vpcId);
  if (end === FOREIGN) {
    const text = `${connectionId} does not join ${subnet.vpcId ?? "this VPC"}: its route leads nowhere`;
    const fix = `route ${to} to a connection of ${subnet.vpcId ?? "this VPC"}`;
    return {
      checks: [
        chosen,
        { step: "peering", verdict: "blocked", text, at: route, code: "BAD_STATE_ROUTE", fix },
      ],
    };
  }
  return { checks: [chosen, state], vpcId: end, connectionId };
}
