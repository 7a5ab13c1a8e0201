import type { Graph } from "../graph/graph";
import type { Subnet, Vpc } from "../graph/network";
import { PrefixIndex } from "../graph/prefix-index";
import type { RouteTable } from "../graph/route-tables";
import { known } from "../graph/values";
import { Unknown, type Resource } from "../../resources/resource";
import { rangeText } from "./interface";
import { GIVE_FILE, type Check } from "./trail";

const TABLE_TYPE = "aws:ec2/routeTable:RouteTable";
const BLOCK_TYPE = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation";

/**
 * The table of a subnet: the associated one, else the VPC's main table.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
 * A subnet or VPC that is only read may have an association that no file shows: then the table is not known.
 */
export function tableOf(graph: Graph, subnet: Subnet): RouteTable | Check {
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
    if (table?.resource !== undefined) return ofVpc(table, subnet, subnet.association);
    if (graph.inventory.removed(subnet.association, TABLE_TYPE))
      return removed(subnet.routeTableId, subnet, subnet.association);
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
  if (table?.resource !== undefined && isMain(vpc, main)) return ofVpc(table, subnet, vpc.mainAssociation);
  if (graph.inventory.removed(vpc.mainAssociation, TABLE_TYPE))
    return removed(main, subnet, vpc.mainAssociation);
  if (vpc.resource.external || !isMain(vpc, main) || vpc.mainAssociation !== undefined)
    return untold(`the main route table ${main} of ${vpc.id} is in no file`, fix);
  return table ?? { id: main, vpcId: vpc.id, routes: new PrefixIndex(), untold: [], incomplete: false };
}

/**
 * A VPC's main table is the one it was created with, unless an association says otherwise. A copy that names another
 * one while no file associates it may be older than the association's removal, which restores the first one.
 * https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html
 */
function isMain(vpc: Vpc, table: string): boolean {
  if (vpc.mainAssociation !== undefined || vpc.resource === undefined || vpc.resource.external) return true;
  return (known(vpc.resource, "defaultRouteTableId") ?? table) === table;
}

function ofVpc(table: RouteTable, subnet: Subnet, association: Resource | undefined): RouteTable | Check {
  if (table.vpcId === undefined || subnet.vpcId === undefined || table.vpcId === subnet.vpcId) return table;
  const text = `route table ${table.id} of ${where(subnet)} belongs to ${table.vpcId}, not to ${subnet.vpcId}`;
  const fix = `associate ${subnet.id} with a route table of ${subnet.vpcId}`;
  return {
    step: "route",
    verdict: "blocked",
    text,
    at: association ?? table.resource,
    code: "CANNOT_ROUTE",
    fix,
  };
}

function removed(table: string, subnet: Subnet, association: Resource | undefined): Check {
  const text = `route table ${table} of ${where(subnet)} has been removed`;
  return {
    step: "route",
    verdict: "blocked",
    text,
    at: association,
    code: "CANNOT_ROUTE",
    fix: "restore the route table",
  };
}

function where(subnet: Subnet): string {
  return subnet.zone === undefined ? subnet.id : `${subnet.id}, ${subnet.zone}`;
}

/**
 * A subnet lies in a block of its VPC. Where the files show the VPC and its blocks, one that does not has lost its block.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export function homeless(graph: Graph, subnet: Subnet): Check | undefined {
  const vpc = graph.network.vpcs.get(subnet.vpcId ?? "");
  const zone = subnet.zone === undefined ? "" : `, ${subnet.zone}`;
  const base = { step: "route", at: subnet.resource, code: "CANNOT_ROUTE" };
  if (vpc?.resource === undefined) {
    if (!graph.network.removedVpcs.has(subnet.vpcId ?? "")) return undefined;
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
