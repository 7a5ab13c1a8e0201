import type { Cidr } from "../../common/ipv4";
import type { Resource } from "../../resources/resource";
import type { Graph } from "../graph/graph";
import type { Subnet } from "../graph/network";
import type { Route, RouteTable } from "../graph/route-tables";
import { connectionState, FOREIGN, otherEnd } from "./peering";
import { rangeText } from "./interface";
import { homeless, tableOf } from "./subnet-table";
import { GIVE_FILE, type Check } from "./trail";

/** Where a subnet's route table sends packets for a range, and every check on the way to the VPC they come out in. */
export interface Routed {
  checks: Check[];
  /** The VPC in which the packets come out; undefined when they do not, or nobody knows. */
  vpcId?: string;
  /** The peering connection that they crossed. */
  connectionId?: string;
}

/**
 * What would lead packets for an address to the VPC that has it. Connections do not pass packets on to a further VPC.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
export function wayTo(graph: Graph, vpcId: string | undefined, range: Cidr): string | undefined {
  const route = missingRoute(graph, vpcId, range);
  if (route !== rangeText(range)) return `route ${route}, and nothing longer elsewhere`;
  const owners = [...graph.network.vpcs.values()].filter(({ blocks }) =>
    blocks.some((block) => block.start <= range.start && range.end <= block.end),
  );
  const [only] = owners;
  return only !== undefined && owners.length === 1 && vpcId !== undefined && only.id !== vpcId
    ? `connect ${vpcId} with ${only.id} itself, and route ${rangeText(range)} through that connection`
    : undefined;
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

/** A route together with the length of the prefix by which it is chosen. */
interface Chosen {
  route: Route;
  prefix: number;
}

/**
 * The route that the longest prefix selects; `mixed` when parts of the range take different ways. One with the local
 * route's own destination is the local route with its target replaced, which a peering connection cannot be.
 * https://docs.aws.amazon.com/vpc/latest/userguide/replace-local-route-target.html
 */
function select(routes: RouteTable["routes"], range: Cidr, local: number): Chosen | "mixed" | undefined {
  let best: Chosen | undefined;
  for (const { block, values } of routes.covering(range)) {
    if (block.prefix < local) break;
    const standing = declared(values).filter(
      ({ target }) => block.prefix > local || target.kind === "other" || target.kind === "untold",
    );
    const [first] = standing;
    if (first === undefined) continue;
    if (standing.some((route) => !sameTarget(route, first))) return "mixed";
    best = { route: first, prefix: block.prefix };
    break;
  }
  if (range.prefix < 32) {
    for (const { values } of routes.inside(range)) {
      if (declared(values).some((route) => best === undefined || !sameTarget(route, best.route)))
        return "mixed";
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
 * connection. Other targets of a chosen route are not modelled. What a gateway propagates never outdoes a local route
 * or an equally long static one. https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
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
  const chosen = select(table.routes, range, local);
  if (chosen === "mixed") {
    return unknown(
      `several routes ${where} may take packets for ${to}`,
      "pin the address, or keep one route for it",
      "CONFLICTING_ROUTES",
    );
  }
  const fixRoute = `add a route for ${missingRoute(graph, subnet.vpcId, range)} to ${table.id}`;
  const route = chosen?.route;
  const prefix = Math.max(local, chosen?.prefix ?? -1);
  if (table.untold.length > 0 && local < 32) {
    return unknown(
      `a route ${where} with ${table.untold[0]?.destination} may take packets for ${to}`,
      "use CIDR blocks as destinations",
      "NOT_MODELLED",
    );
  }
  if (table.incomplete)
    return unknown(`the routes of ${table.id} are not in the file`, "export the stack again after a refresh");
  if (select(graph.network.tablelessRoutes, range, prefix) !== undefined)
    return unknown(`a route that does not tell its table may take packets for ${to}`, fixRoute);
  if (table.propagates && local < 0 && prefix < range.prefix) {
    return unknown(
      `routes that a virtual private gateway propagates into ${table.id} may take packets for ${to}`,
      `switch propagation off in ${table.id}, or check its routes by hand`,
      "NOT_MODELLED",
    );
  }
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
  const taken: Check = {
    step: "route",
    verdict: "reachable",
    text: `route ${route.destination} -> ${route.target.id} ${where}`,
    at: route.resource,
  };
  return crossing(graph, subnet, route.target.id, route.resource, taken, to);
}

function crossing(
  graph: Graph,
  subnet: Subnet,
  connectionId: string,
  route: Resource,
  taken: Check,
  to: string,
): Routed {
  const state = connectionState(graph, connectionId, route);
  const end = otherEnd(graph, connectionId, subnet.vpcId);
  if (end === FOREIGN) {
    const text = `${connectionId} does not join ${subnet.vpcId ?? "this VPC"}: its route leads nowhere`;
    const fix = `route ${to} to a connection of ${subnet.vpcId ?? "this VPC"}`;
    return {
      checks: [taken, { step: "peering", verdict: "blocked", text, at: route, code: "BAD_STATE_ROUTE", fix }],
    };
  }
  return { checks: [taken, state], vpcId: end, connectionId };
}
