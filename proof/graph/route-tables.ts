import { parseCidr, type Cidr } from "../../common/ipv4";
import { Unknown, type Resource, type StackResources } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { PrefixIndex } from "./prefix-index";
import { asList, asObject, asText, known, knownText, list, onlyRead, property } from "./values";

/** Where a route sends packets. */
export type RouteTarget =
  | { kind: "local" }
  | { kind: "peering"; id: string }
  | { kind: "other"; what: string; id: string }
  | { kind: "untold" };

export type Standing = "declared" | "read" | "copied";

/** One route of a table. */
export interface Route {
  destination: string;
  target: RouteTarget;
  resource: Resource;
  /**
   * `declared` by a program; `read` in a table that another party owns; `copied` when only a read shows the route
   * although its owner would be at hand, so that it may be gone by now.
   */
  standing: Standing;
}

/** A route table with the routes that any file declares for it. */
export interface RouteTable {
  id: string;
  /** Missing when only routes name the table, as with a VPC's main table. */
  resource?: Resource;
  vpcId?: string;
  routes: PrefixIndex<Route>;
  /** Routes whose destination the files do not tell: any of them may match. */
  untold: Route[];
  /** The table is only read and its routes are not in the file. */
  incomplete: boolean;
  /** A virtual private gateway adds routes of its own, which no resource tells. */
  propagates?: boolean;
}

const TARGET_KEYS = [
  ["natGatewayId", "NAT gateway"],
  ["transitGatewayId", "transit gateway"],
  ["networkInterfaceId", "network interface"],
  ["instanceId", "instance"],
  ["vpcEndpointId", "VPC endpoint"],
  ["egressOnlyGatewayId", "egress-only internet gateway"],
  ["carrierGatewayId", "carrier gateway"],
  ["localGatewayId", "local gateway"],
  ["coreNetworkArn", "core network"],
  ["odbNetworkArn", "database network"],
] as const;

function targetOf(route: Record<string, unknown>): RouteTarget {
  const peering = asText(route.vpcPeeringConnectionId);
  if (typeof peering === "string") return { kind: "peering", id: peering };
  const gateway = asText(route.gatewayId);
  if (gateway === "local") return { kind: "local" };
  if (typeof gateway === "string") return { kind: "other", what: "gateway", id: gateway };
  for (const [key, what] of TARGET_KEYS) {
    const id = asText(route[key]);
    if (typeof id === "string") return { kind: "other", what, id };
  }
  return { kind: "untold" };
}

/** Managed prefix lists by id, with the entries that the files tell. AWS-managed lists are not among them. */
export function readPrefixLists(inventory: Inventory): Map<string, Cidr[]> {
  const lists = new Map<string, Cidr[]>();
  for (const { resource } of inventory.of("aws:ec2/managedPrefixList:ManagedPrefixList")) {
    const entries = asList(property(resource, "entries"));
    if (entries instanceof Unknown || (resource.external && entries.length === 0)) continue;
    const blocks = entries.map((entry) => parseCidr(knownText(asObject(entry).cidr, "")));
    if (blocks.every((block) => block !== undefined)) lists.set(resource.id, blocks);
  }
  for (const { resource } of inventory.of("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry")) {
    const block = parseCidr(known(resource, "cidr") ?? "");
    const entries = lists.get(known(resource, "prefixListId") ?? "");
    if (block !== undefined) entries?.push(block);
  }
  return lists;
}

function merged(resource: Resource): Record<string, unknown> {
  const keys = new Set([...Object.keys(resource.inputs), ...Object.keys(resource.outputs)]);
  return Object.fromEntries([...keys].map((key) => [key, property(resource, key)]));
}

function stackKey(stack: StackResources): string {
  return `${stack.project}/${stack.stack}`;
}

/** The stacks that request or accept a connection, by its id. */
function managedConnections(inventory: Inventory): Map<string, Set<string>> {
  const managed = new Map<string, Set<string>>();
  for (const { resource, stack } of inventory.of(
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
  )) {
    if (resource.external) continue;
    const id = known(resource, "vpcPeeringConnectionId") ?? resource.id;
    managed.set(id, (managed.get(id) ?? new Set()).add(stackKey(stack)));
  }
  return managed;
}

function tableIdOf(route: Resource): string | undefined {
  return known(route, "routeTableId") ?? /^r-(rtb-[0-9a-f]+?)\d{10}$/.exec(route.id)?.[1];
}

/** Separate routes that do not tell their table; those without a known destination count for every address. */
export function readTablelessRoutes(inventory: Inventory): PrefixIndex<Route> {
  const routes = new PrefixIndex<Route>();
  for (const { resource } of inventory.of("aws:ec2/route:Route")) {
    if (tableIdOf(resource) !== undefined) continue;
    const told = asText(property(resource, "destinationCidrBlock"));
    if (told === undefined) continue;
    const destination = typeof told === "string" ? told : "a destination that the file does not tell";
    const block = parseCidr(destination) ?? parseCidr("0.0.0.0/0");
    const target = targetOf(merged(resource));
    if (block !== undefined) routes.add(block, { destination, target, resource, standing: "declared" });
  }
  return routes;
}

/** Tables into which a virtual private gateway's routes are propagated. */
function markPropagation(inventory: Inventory, tables: Map<string, RouteTable>): void {
  for (const table of tables.values()) {
    const gateways = table.resource && list(table.resource, "propagatingVgws");
    if (gateways instanceof Unknown || (gateways?.length ?? 0) > 0) table.propagates = true;
  }
  for (const { resource } of inventory.of("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation")) {
    const table = tables.get(known(resource, "routeTableId") ?? "");
    if (table !== undefined) table.propagates = true;
  }
}

/**
 * Route tables with inline routes, separate Route resources, or both.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
 * A route that only a read of the table shows is marked as a copy where its owner would be at hand: in a table whose
 * program declares no inline routes, and, in a table that is only read, towards a connection of the same stack. A route
 * that has just been deleted stays in such a copy until the next refresh.
 */
export function readRouteTables(
  inventory: Inventory,
  prefixLists: Map<string, Cidr[]>,
): Map<string, RouteTable> {
  const tables = new Map<string, RouteTable>();
  const table = (id: string): RouteTable => {
    const found = tables.get(id) ?? { id, routes: new PrefixIndex<Route>(), untold: [], incomplete: false };
    tables.set(id, found);
    return found;
  };
  const addRoute = (
    to: RouteTable,
    route: Record<string, unknown>,
    cidrKey: string,
    resource: Resource,
    standingOf: (target: RouteTarget) => Standing = () => "declared",
  ): void => {
    const target = targetOf(route);
    const standing = standingOf(target);
    const text = asText(route[cidrKey]);
    if (typeof text === "string") {
      const block = parseCidr(text);
      if (block !== undefined) to.routes.add(block, { destination: text, target, resource, standing });
      return;
    }
    const prefixList = asText(route.destinationPrefixListId);
    if (typeof prefixList === "string") {
      const blocks = prefixLists.get(prefixList);
      // Gateway endpoints take AWS's own lists of public addresses, which no private address matches.
      if (target.kind === "other" && target.id.startsWith("vpce-")) return;
      if (blocks === undefined) to.untold.push({ destination: prefixList, target, resource, standing });
      else
        for (const block of blocks)
          to.routes.add(block, { destination: prefixList, target, resource, standing });
    } else if (text instanceof Unknown || prefixList instanceof Unknown) {
      to.untold.push({
        destination: "a destination that the file does not tell",
        target,
        resource,
        standing,
      });
    }
  };
  const managed = managedConnections(inventory);
  for (const { resource, stack } of inventory.of(
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
  )) {
    const found = table(resource.id);
    if (found.resource !== undefined) continue;
    found.resource = resource;
    found.vpcId = known(resource, "vpcId");
    const routes = property(resource, "routes");
    found.incomplete = routes instanceof Unknown || (resource.external && routes === undefined);
    const entries = asList(routes);
    if (entries instanceof Unknown) continue;
    const copy = onlyRead(resource, "routes");
    const standingOf = (target: RouteTarget): Standing => {
      if (copy) return "copied";
      if (!resource.external) return "declared";
      return target.kind === "peering" && managed.get(target.id)?.has(stackKey(stack)) === true
        ? "copied"
        : "read";
    };
    for (const entry of entries) {
      if (entry instanceof Unknown) found.incomplete = true;
      else addRoute(found, asObject(entry), "cidrBlock", resource, standingOf);
    }
  }
  for (const { resource } of inventory.of("aws:ec2/route:Route")) {
    const tableId = tableIdOf(resource);
    if (tableId !== undefined) addRoute(table(tableId), merged(resource), "destinationCidrBlock", resource);
  }
  markPropagation(inventory, tables);
  return tables;
}
