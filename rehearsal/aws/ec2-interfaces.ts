import { addressAt, contains, parseAddress, parseCidr } from "../../common/ipv4";
import type { Situation } from "./behaviour";
import { refuse } from "./behaviour";
import { balancerTypes } from "./ec2-facts";
import { object, objects, text, texts } from "./properties";
import type { Properties } from "./properties";
import type { Held, Place, World } from "./world";

/** Addresses that AWS keeps in every subnet: the first four and the last. */
function isReserved(subnetBlock: string, address: string): boolean {
  const block = parseCidr(subnetBlock);
  const value = parseAddress(address);
  if (block === undefined || value === undefined) return false;
  return value < block.start + 4n || value === block.end;
}

/** An address on a network interface in some subnet. */
interface Interface {
  owner: Held;
  subnetId: string;
  address: string;
}

export const networkInterfaceType = "aws:ec2/networkInterface:NetworkInterface";

/** The interfaces that an instance is given instead of one of its own. */
export function attachedInterfaces(instance: Properties): string[] {
  const given = [...objects(instance.networkInterfaces), ...objects(instance.primaryNetworkInterface)];
  return texts(given.map((each) => each.networkInterfaceId));
}

/** The subnet of a network interface, whatever made it; undefined when there is no such interface. */
export function subnetOfInterface(s: Situation, id: string): string | undefined {
  const own = s.find(id, networkInterfaceType);
  const others = s.world
    .at(s, "aws:ec2/instance:Instance", "aws:ec2/natGateway:NatGateway")
    .find(({ outputs }) => [outputs.primaryNetworkInterfaceId, outputs.networkInterfaceId].includes(id));
  const endpoint = s.world
    .at(s, "aws:ec2/vpcEndpoint:VpcEndpoint")
    .find(({ outputs }) => texts(outputs.networkInterfaceIds).includes(id));
  return text((own ?? others)?.outputs.subnetId) ?? texts(endpoint?.outputs.subnetIds)[0];
}

/** Interfaces whose address is known: pinned ones, and those that got one given. */
function interfaces(world: World, place: Place): Interface[] {
  const found: Interface[] = [];
  const add = (owner: Held, subnetId: unknown, address: unknown): void => {
    const [subnet, ip] = [text(subnetId), text(address)];
    if (subnet !== undefined && ip !== undefined) found.push({ owner, subnetId: subnet, address: ip });
  };
  for (const balancer of world.at(place, ...balancerTypes))
    for (const mapping of objects(balancer.outputs.subnetMappings))
      add(balancer, mapping.subnetId, mapping.privateIpv4Address);
  for (const held of world.at(place, "aws:ec2/instance:Instance", "aws:ec2/natGateway:NatGateway"))
    if (attachedInterfaces(held.inputs).length === 0)
      add(held, held.outputs.subnetId, held.outputs.privateIp);
  for (const held of world.at(place, networkInterfaceType))
    for (const address of texts(held.outputs.privateIps)) add(held, held.outputs.subnetId, address);
  for (const endpoint of world.at(place, "aws:ec2/vpcEndpoint:VpcEndpoint"))
    for (const part of objects(endpoint.outputs.subnetConfigurations))
      add(endpoint, part.subnetId, part.ipv4);
  return found;
}

/** What has interfaces in subnets, with security groups. */
const interfaceOwners = [
  ...balancerTypes,
  "aws:apigatewayv2/vpcLink:VpcLink",
  "aws:ec2/instance:Instance",
  "aws:ec2/natGateway:NatGateway",
  networkInterfaceType,
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:lambda/function:Function",
];

/** What has an interface in a subnet, which cannot be deleted before it. */
export function ownerOfInterfaceIn(world: World, subnet: Held): Held | undefined {
  return world
    .at(subnet, ...interfaceOwners)
    .find(({ outputs }) =>
      [outputs.subnetId, outputs.subnets, outputs.subnetIds, object(outputs.vpcConfig).subnetIds].some(
        (ids) => texts(ids).includes(subnet.id),
      ),
    );
}

/** What has an interface with a security group, which cannot be deleted before it. */
export function ownerOfInterfaceWith(world: World, group: Held): Held | undefined {
  return world
    .at(group, ...interfaceOwners)
    .find(({ outputs }) =>
      [
        ...[outputs.securityGroups, outputs.securityGroupIds, outputs.vpcSecurityGroupIds],
        object(outputs.vpcConfig).securityGroupIds,
      ].some((ids) => texts(ids).includes(group.id)),
    );
}

/** Refuses an address that an interface in the subnet cannot have: outside, reserved, or another interface's. */
export function checkFreeAddress(s: Situation, subnet: Held, address: string): void {
  const block = String(subnet.outputs.cidrBlock);
  refuse(
    parseAddress(address) === undefined,
    "InvalidParameterValue",
    `"${address}" is not a valid IPv4 address`,
  );
  refuse(
    !contains(block, address),
    "InvalidParameterValue",
    `Address ${address} does not fall within the subnet's address range (${subnet.id}, ${block})`,
  );
  refuse(
    isReserved(block, address),
    "InvalidParameterValue",
    `Address ${address} is in subnet's reserved address range (${subnet.id}, ${block})`,
  );
  const user = interfaces(s.world, s).find(
    (other) => other.owner !== s.previous && other.subnetId === subnet.id && other.address === address,
  );
  refuse(
    user !== undefined,
    "InvalidIPAddress.InUse",
    `Address ${address} is in use by ${user?.owner.id ?? ""}.`,
  );
}

/** An address for an interface that pins none: always the same one for the same resource, if it is free. */
export function someAddress(s: Situation, subnet: Held | undefined): string {
  const kept = text(s.previous?.outputs.privateIp);
  if (kept !== undefined) return kept;
  const block = text(subnet?.outputs.cidrBlock);
  if (subnet === undefined || block === undefined) return "";
  const size = 2 ** (32 - (parseCidr(block)?.prefix ?? 32)) - 5;
  const used = new Set(
    interfaces(s.world, s)
      .filter((i) => i.subnetId === subnet.id)
      .map((i) => i.address),
  );
  const start = parseInt(s.token(8, "hex", "address"), 16);
  for (let index = 0; index < size; index++) {
    const address = addressAt(block, 4 + ((start + index) % size)) ?? "";
    if (!used.has(address)) return address;
  }
  return "";
}
