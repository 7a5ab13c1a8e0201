import { parseAddress, parseCidr, type Cidr } from "../../common/ipv4";
import { Unknown, type Resource, type StackResources } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { PrefixIndex } from "./prefix-index";
import { asText, known, list, text } from "./values";
import { readConnections, type Connection } from "./connections";
import { readNetworkAcls } from "./network-acls";
import { readPrefixLists, readRouteTables, readTablelessRoutes, type RouteTable } from "./route-tables";

/** A VPC; `resource` is missing when only its parts are in the files. */
export interface Vpc {
  id: string;
  resource?: Resource;
  stack?: StackResources;
  blocks: Cidr[];
  /** Table of the subnets without an association; undefined when the files do not tell. */
  mainRouteTableId?: string;
  /** What makes another table than the VPC's first one its main table. */
  mainAssociation?: Resource;
  subnets: PrefixIndex<Subnet>;
}

/** A subnet. */
export interface Subnet {
  id: string;
  resource: Resource;
  stack: StackResources;
  vpcId?: string;
  block?: Cidr;
  zone?: string;
  /** Where neither resource nor provider tells it, the region that the zone's name begins with. */
  region?: string;
  /** Explicitly associated table, `Unknown` when an association does not tell which. */
  routeTableId?: string | Unknown;
  association?: Resource;
  /** A network ACL of which the files know that it applies here. */
  networkAcl?: Resource;
}

/** The network side of the graph. */
export interface Network {
  vpcs: Map<string, Vpc>;
  subnets: Map<string, Subnet>;
  routeTables: Map<string, RouteTable>;
  /** Routes that do not tell their table: they may be in any. */
  tablelessRoutes: RouteTable["routes"];
  connections: Map<string, Connection>;
  prefixLists: Map<string, Cidr[]>;
  /** VPCs in no file of which something that is left in them says that they were there. */
  removedVpcs: Set<string>;
  /** Some association's subnet is not told: a subnet without association may have one. */
  uncertainAssociations: boolean;
}

const VPC_TYPES = ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"];
const BLOCK_TYPE = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";
const SUBNET_TYPES = ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"];

/** Range of exactly one address; undefined when the text is no address. */
export function addressRange(address: string): Cidr | undefined {
  const value = parseAddress(address);
  return value === undefined ? undefined : { start: value, end: value, prefix: 32 };
}

function readVpcs(inventory: Inventory): Map<string, Vpc> {
  const vpcs = new Map<string, Vpc>();
  for (const { resource, stack } of inventory.of(...VPC_TYPES)) {
    if (vpcs.has(resource.id)) continue;
    const block = parseCidr(known(resource, "cidrBlock") ?? "");
    vpcs.set(resource.id, {
      id: resource.id,
      resource,
      stack,
      blocks: block === undefined ? [] : [block],
      mainRouteTableId: known(resource, "mainRouteTableId") ?? known(resource, "defaultRouteTableId"),
      subnets: new PrefixIndex(),
    });
  }
  for (const { resource } of inventory.of(BLOCK_TYPE)) {
    const block = parseCidr(known(resource, "cidrBlock") ?? "");
    const vpc = vpcs.get(known(resource, "vpcId") ?? "");
    if (block !== undefined) vpc?.blocks.push(block);
  }
  for (const { resource } of inventory.of("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation")) {
    const vpc = vpcs.get(known(resource, "vpcId") ?? "");
    if (vpc === undefined) continue;
    vpc.mainRouteTableId = known(resource, "routeTableId");
    vpc.mainAssociation = resource;
  }
  return vpcs;
}

/** For example `us-west-2` of `us-west-2b` and of the local zone `us-west-2-lax-1a`. */
function regionOf(zone: string): string | undefined {
  return /^[a-z]+(?:-[a-z]+)+?-\d+/.exec(zone)?.[0];
}

function readSubnets(inventory: Inventory, vpcs: Map<string, Vpc>): Map<string, Subnet> {
  const subnets = new Map<string, Subnet>();
  for (const { resource, stack } of inventory.of(...SUBNET_TYPES)) {
    if (subnets.has(resource.id)) continue;
    const vpcId = known(resource, "vpcId");
    const block = parseCidr(known(resource, "cidrBlock") ?? "");
    const subnet: Subnet = {
      id: resource.id,
      resource,
      stack,
      vpcId,
      block,
      zone: known(resource, "availabilityZone"),
      region: resource.region ?? regionOf(known(resource, "availabilityZone") ?? ""),
    };
    subnets.set(resource.id, subnet);
    if (vpcId === undefined) continue;
    const vpc: Vpc = vpcs.get(vpcId) ?? { id: vpcId, blocks: [], subnets: new PrefixIndex() };
    vpcs.set(vpcId, vpc);
    if (block !== undefined) vpc.subnets.add(block, subnet);
  }
  return subnets;
}

/** @returns true when an association does not tell its subnet. */
function readAssociations(inventory: Inventory, subnets: Map<string, Subnet>): boolean {
  let uncertain = false;
  for (const { resource } of inventory.of("aws:ec2/routeTableAssociation:RouteTableAssociation")) {
    const [idSubnet, idTable] = /^(subnet-[^/]+)\/(rtb-.+)$/.exec(resource.id)?.slice(1) ?? [];
    const subnetId = text(resource, "subnetId") ?? idSubnet;
    if (subnetId instanceof Unknown) uncertain = true;
    const subnet = typeof subnetId === "string" ? subnets.get(subnetId) : undefined;
    if (subnet === undefined || subnet.routeTableId !== undefined) continue;
    subnet.routeTableId = text(resource, "routeTableId") ?? idTable;
    subnet.association = resource;
  }
  return uncertain;
}

function readRemovedVpcs(inventory: Inventory, vpcs: Map<string, Vpc>): Set<string> {
  const removed = new Set<string>();
  for (const { resource } of inventory.of(...SUBNET_TYPES, BLOCK_TYPE, "aws:ec2/routeTable:RouteTable")) {
    const vpcId = known(resource, "vpcId");
    if (vpcId === undefined || vpcs.get(vpcId)?.resource !== undefined) continue;
    if (inventory.removed(resource, ...VPC_TYPES)) removed.add(vpcId);
  }
  return removed;
}

/** Reads VPCs, subnets, route tables, associations and connections. */
export function readNetwork(inventory: Inventory): Network {
  const vpcs = readVpcs(inventory);
  const subnets = readSubnets(inventory, vpcs);
  const uncertainAssociations = readAssociations(inventory, subnets);
  readNetworkAcls(inventory, vpcs, subnets);
  const prefixLists = readPrefixLists(inventory);
  return {
    vpcs,
    subnets,
    routeTables: readRouteTables(inventory, prefixLists),
    tablelessRoutes: readTablelessRoutes(inventory),
    connections: readConnections(inventory),
    prefixLists,
    removedVpcs: readRemovedVpcs(inventory, vpcs),
    uncertainAssociations,
  };
}

/** The subnets of a list of ids, and the ids that no file holds. */
export function subnetsOf(network: Network, ids: string[]): { found: Subnet[]; missing: string[] } {
  const found = ids.map((id) => network.subnets.get(id)).filter((subnet) => subnet !== undefined);
  return { found, missing: ids.filter((id) => !network.subnets.has(id)) };
}

/** Entries of a list of objects that each have a text under `key`. */
export function entriesWith(
  resource: Resource,
  listKey: string,
  key: string,
): { entry: Record<string, unknown>; value: string }[] {
  const entries = list(resource, listKey);
  if (entries instanceof Unknown) return [];
  return entries.flatMap((entry) => {
    if (typeof entry !== "object" || entry === null) return [];
    const record = entry as Record<string, unknown>;
    const value = asText(record[key]);
    return typeof value === "string" ? [{ entry: record, value }] : [];
  });
}
