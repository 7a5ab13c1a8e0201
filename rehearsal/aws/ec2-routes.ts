import { contains } from "../../common/ipv4";
import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, oneOf, refuse } from "./behaviour";
import { visibleConnection } from "./ec2-connections";
import { checkTarget } from "./ec2-route-targets";
import {
  blocksOf,
  checkNetwork,
  mustHaveSubnet,
  mustHaveVpc,
  refuseDefault,
  routeTableTypes,
  vpcTypes,
} from "./ec2-facts";
import type { Properties } from "./properties";
import { object, objects, plain, text } from "./properties";
import type { Held, Place, World } from "./world";

const routeType = "aws:ec2/route:Route";
const associationType = "aws:ec2/routeTableAssociation:RouteTableAssociation";

const destinationNames = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
const targetNames = [
  ...[
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
  ],
  ...["networkInterfaceId", "odbNetworkArn", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"],
];

/** One route, whichever resource made it, with the property names of the separate resource. */
interface TableRoute {
  owner: Held;
  destination: string;
  properties: Properties;
}

/** A route of an inline block with the property names of the separate resource. */
function fromInline(block: Properties): Properties {
  const { cidrBlock, ipv6CidrBlock, ...rest } = block;
  return { ...rest, destinationCidrBlock: cidrBlock, destinationIpv6CidrBlock: ipv6CidrBlock };
}

function toInline(route: Properties): Properties {
  const target = targetNames
    .filter((name) => text(route[name]) !== undefined)
    .map((name) => [name, route[name]] as const);

  const destination = {
    cidrBlock: route.destinationCidrBlock,
    ipv6CidrBlock: route.destinationIpv6CidrBlock,
  };
  return {
    ...destination,
    destinationPrefixListId: route.destinationPrefixListId,
    ...Object.fromEntries(target),
  };
}

function destinationOf(route: Properties): string {
  return destinationNames.map((name) => text(route[name])).find((value) => value !== undefined) ?? "";
}

function routesOf(world: World, table: Held): TableRoute[] {
  const separate = world.at(table, routeType).filter((held) => held.outputs.routeTableId === table.id);
  const tables = routeTableTypes.flatMap((type) => world.find(table, table.id, type) ?? []);
  return [
    ...separate.map((owner) => ({ owner, properties: owner.outputs })),
    ...tables.flatMap((owner) =>
      objects(owner.outputs.routes).map((block) => ({ owner, properties: fromInline(block) })),
    ),
  ].map((route) => ({ ...route, destination: destinationOf(route.properties) }));
}

function mustHaveTable(s: Situation, id: unknown): Held {
  return must(
    s.find(text(id), ...routeTableTypes),
    "InvalidRouteTableID.NotFound",
    `The routeTable ID '${String(id)}' does not exist`,
  );
}

/**
 * Refuses what CreateRoute refuses. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
 * An inline block adopts the local route and may give it another target, which a separate route cannot: provider's
 * documentation of RouteTable, "Adopting an existing local route".
 */
function checkRoute(s: Situation, tableId: string, vpcId: string, route: Properties, inline: boolean): void {
  oneOf(route, destinationNames, true);
  oneOf(route, targetNames, true);
  const block = text(route.destinationCidrBlock);
  if (block !== undefined) checkNetwork(block, "destinationCidrBlock");
  refuse(
    block !== undefined && contains("169.254.168.0/22", block),
    "InvalidParameterValue",
    `The destination CIDR block ${block ?? ""} is within 169.254.168.0/22, which is reserved for AWS services`,
  );
  refuse(
    !inline && route.gatewayId === "local" && s.previous === undefined,
    "InvalidGatewayID.NotFound",
    "The gateway ID 'local' does not exist: a local route cannot be created, only be adopted inline or imported",
  );
  const vpc = mustHaveVpc(s, vpcId);
  const local = block === undefined ? undefined : blocksOf(s.world, vpc).find((own) => contains(own, block));
  const toInterface = ["networkInterfaceId", "natGatewayId", "vpcEndpointId"].some((name) =>
    text(route[name]),
  );
  refuse(
    local !== undefined && route.gatewayId !== "local" && ((local === block && !inline) || !toInterface),
    local === block ? "RouteAlreadyExists" : "InvalidParameterValue",
    `The destination CIDR block ${block ?? ""} is equal to or more specific than one of this VPC's CIDR blocks (${local ?? ""}). This route can target only an interface or an instance.`,
  );
  checkTarget(s, tableId, vpcId, route);
}

function checkTable(s: Situation, tableId: string, vpcId: string, except?: Held): void {
  const inline = objects(s.kept("routes", [])).map(fromInline);
  const separate = s.world
    .at(s, routeType)
    .filter((held) => held.outputs.routeTableId === tableId && held !== except);
  const seen = new Set(tableId === "" ? [] : separate.map((held) => destinationOf(held.outputs)));
  for (const route of inline) {
    checkRoute(s, tableId, vpcId, route, true);
    const destination = destinationOf(route);
    refuse(
      seen.has(destination),
      "RouteAlreadyExists",
      `The route identified by ${destination} already exists.`,
    );
    seen.add(destination);
  }
}

function checkAssociation(s: Situation): void {
  oneOf(s.inputs, ["subnetId", "gatewayId"], true);
  const table = mustHaveTable(s, s.inputs.routeTableId);
  const subnetId = text(s.inputs.subnetId);
  if (subnetId === undefined) return;
  const subnet = mustHaveSubnet(s, subnetId);
  refuse(
    subnet.outputs.vpcId !== table.outputs.vpcId,
    "InvalidParameterValue",
    `route table ${table.id} and subnet ${subnetId} belong to different networks`,
  );
  const other = s.others(associationType).find((held) => held.outputs.subnetId === subnetId);
  refuse(
    other !== undefined,
    "Resource.AlreadyAssociated",
    `the specified association for route table ${table.id} conflicts with an existing association (${other?.id ?? ""})`,
  );
}

/** A route to a connection that is not active leads nowhere: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html */
function stateOf(s: Place & { world: World }, route: Properties): string {
  const peering = text(route.vpcPeeringConnectionId);
  return peering !== undefined && visibleConnection(s, peering)?.active !== true ? "blackhole" : "active";
}

/** The id that the provider invents for a route: the table and a checksum of the destination. */
function routeId(tableId: string, destination: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(destination)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return `r-${tableId}${(crc ^ 0xffffffff) >>> 0}`;
}

/** A read shows all routes of the table, also those that other resources made. */
function refreshTable(table: Held, world: World): Properties {
  return {
    routes: routesOf(world, table).map((route) => plain(toInline(route.properties))),
  };
}

function tableRemovable(table: Held, world: World): void {
  refuseDefault(
    ...([world, table, "mainRouteTableId", "DependencyViolation"] as const),
    `The routeTable '${table.id}' has dependencies and cannot be deleted: it is the main one of its VPC`,
  );
  const used = world.at(table, associationType).find((held) => held.outputs.routeTableId === table.id);
  refuse(
    used !== undefined,
    "DependencyViolation",
    `The routeTable '${table.id}' has dependencies and cannot be deleted (${used?.id ?? ""})`,
  );
}

/** Inline routes that the program no longer gives stay; an empty list takes them away. */
function defaults(s: Situation): Properties {
  return { routes: s.kept("routes", []), propagatingVgws: [] };
}

/** Route tables, routes and associations. */
export const routeBehaviours: Behaviours = {
  "aws:ec2/routeTable:RouteTable": {
    required: ["vpcId"],
    replaceOn: ["vpcId"],
    id: (s) => s.ec2Id("rtb"),
    defaults,
    computed: (s, id) => ({
      arn: s.arn("ec2", `route-table/${id}`),
      ownerId: s.account,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      mustHaveVpc(s, s.inputs.vpcId);
      checkTable(s, s.previous?.id ?? "", String(s.inputs.vpcId));
    },
    refresh: refreshTable,
    removable: tableRemovable,
    notFound: (id) =>
      new AwsError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`),
  },
  "aws:ec2/defaultRouteTable:DefaultRouteTable": {
    required: ["defaultRouteTableId"],
    replaceOn: ["defaultRouteTableId"],
    // AWS made it with the VPC, and it is taken over.
    identity: ({ outputs }) => text(outputs.defaultRouteTableId),
    id: (s) => String(s.inputs.defaultRouteTableId),
    defaults,
    computed: (s, id) => ({
      arn: s.arn("ec2", `route-table/${id}`),
      ownerId: s.account,
      vpcId: s.find(id, "aws:ec2/routeTable:RouteTable")?.outputs.vpcId,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      const table = mustHaveTable(s, s.inputs.defaultRouteTableId);
      refuse(
        table.outputs.main !== true && s.previous === undefined,
        "InvalidRouteTableID.NotFound",
        `EC2 Default Route Table (${table.id}): not found`,
      );
      checkTable(s, table.id, String(table.outputs.vpcId));
    },
    refresh: refreshTable,
  },
  [routeType]: {
    required: ["routeTableId"],
    replaceOn: ["routeTableId", ...destinationNames],
    id: (s) => routeId(String(s.inputs.routeTableId), destinationOf(s.inputs)),
    computed: (s) => ({ origin: "CreateRoute", state: stateOf(s, s.inputs) }),
    check: (s) => {
      const table = mustHaveTable(s, s.inputs.routeTableId);
      const destination = destinationOf(s.inputs);
      const other = routesOf(s.world, table).find(
        (r) => r.owner !== s.previous && r.destination === destination,
      );
      refuse(
        other !== undefined && destination !== "",
        "RouteAlreadyExists",
        `The route identified by ${destination} already exists in ${table.id}.`,
      );
      checkRoute(s, table.id, String(table.outputs.vpcId), s.inputs, false);
    },
    refresh: (held, world) => ({
      state: stateOf({ world, account: held.account, region: held.region }, held.outputs),
    }),
    importedAs: (held, id) => id === `${String(held.outputs.routeTableId)}_${destinationOf(held.outputs)}`,
    notFound: (id) => new AwsError("InvalidRoute.NotFound", `no route '${id}'`),
  },
  [associationType]: {
    required: ["routeTableId"],
    replaceOn: ["subnetId", "gatewayId"],
    id: (s) => s.ec2Id("rtbassoc"),
    check: checkAssociation,
    importedAs: (held, id) =>
      id ===
      `${String(held.outputs.subnetId ?? held.outputs.gatewayId)}/${String(held.outputs.routeTableId)}`,
    notFound: (id) => new AwsError("InvalidAssociationID.NotFound", `no route table association for '${id}'`),
  },
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": {
    required: ["vpcId", "routeTableId"],
    replaceOn: ["vpcId"],
    id: (s) => s.ec2Id("rtbassoc"),
    computed: (s) => ({
      originalRouteTableId:
        s.previous?.outputs.originalRouteTableId ??
        s.find(text(s.inputs.vpcId), ...vpcTypes)?.outputs.mainRouteTableId,
    }),
    check: (s) => {
      const vpc = mustHaveVpc(s, s.inputs.vpcId);
      const table = mustHaveTable(s, s.inputs.routeTableId);
      refuse(
        table.outputs.vpcId !== vpc.id,
        "InvalidParameterValue",
        `route table ${table.id} and network ${vpc.id} belong to different networks`,
      );
    },
  },
};
