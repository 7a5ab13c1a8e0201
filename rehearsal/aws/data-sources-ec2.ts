import { AwsError } from "./aws-error";
import { partitionOf, token } from "./behaviour";
import { many, one, type Sources } from "./data-source";
import { prefixListId } from "./ec2-gateways";
import type { Properties } from "./properties";
import { objects, text, texts, yes } from "./properties";
import type { Place, World } from "./world";

/** An image: the newest that matches exists, whatever is asked for, and the same question has the same answer. */
function image(_world: World, args: Properties, place: Place): Properties {
  const wanted = objects(args.filters).map(
    (filter) => [String(filter.name), texts(filter.values)[0]] as const,
  );
  const filters = Object.fromEntries(wanted);
  const owner = texts(args.owners)[0] ?? "amazon";
  const id = `ami-0${token(JSON.stringify([args.owners, args.filters, args.nameRegex, place.region]), 16, "hex")}`;
  return {
    ...{ id, imageId: id, imageType: "machine", state: "available", public: true, virtualizationType: "hvm" },
    ...{ name: filters.name ?? id, architecture: filters.architecture ?? "x86_64", rootDeviceType: "ebs" },
    ...{ ownerId: /^\d{12}$/.test(owner) ? owner : "137112412989", imageOwnerAlias: owner, tags: {} },
    ...{ rootDeviceName: "/dev/xvda", creationDate: "2026-01-01T00:00:00.000Z", region: place.region },
    arn: `arn:${partitionOf(place.region)}:ec2:${place.region}::image/${id}`,
  };
}

/** A prefix list that AWS keeps: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html */
function prefixList(_world: World, args: Properties, place: Place): Properties {
  const byFilter = objects(args.filters).find((filter) => filter.name === "prefix-list-name");
  const name = text(args.name) ?? texts(byFilter?.values)[0];
  const services = ["s3", "dynamodb"].map((service) => ({
    id: prefixListId(place.region, service),
    name: `com.amazonaws.${place.region}.${service}`,
  }));
  const found = services.find((each) => each.id === (args.prefixListId ?? args.id) || each.name === name);
  if (found === undefined)
    throw new AwsError(
      "InvalidPrefixListId.NotFound",
      "no matching prefix list found; only those of s3 and dynamodb are simulated",
    );
  const cidr = "198.51.100.0/24";
  return {
    ...found,
    cidrBlocks: [cidr],
    entries: [{ cidr, description: "" }],
    addressFamily: "IPv4",
    region: place.region,
  };
}

/** An argument `vpcId` as the filter that it stands for. */
function withVpc(args: Properties): Properties {
  if (text(args.vpcId) === undefined) return args;
  return { ...args, filters: [...objects(args.filters), { name: "vpc-id", values: [args.vpcId] }] };
}

/** Data sources of EC2. */
export const ec2Sources: Sources = {
  "aws:ec2/getVpc:getVpc": (world, args, place) => {
    if (yes(args.default))
      throw new AwsError("InvalidVpc.NotFound", "no matching EC2 VPC found: there is no default VPC");
    return one("aws:ec2/vpc:Vpc", ["id"], ["cidrBlock"])(world, args, place);
  },
  "aws:ec2/getVpcs:getVpcs": many("aws:ec2/vpc:Vpc"),
  "aws:ec2/getSubnet:getSubnet": one(
    "aws:ec2/subnet:Subnet",
    ["id"],
    ["vpcId", "cidrBlock", "availabilityZone"],
  ),
  "aws:ec2/getSubnets:getSubnets": many("aws:ec2/subnet:Subnet"),
  "aws:ec2/getSecurityGroup:getSecurityGroup": one(
    "aws:ec2/securityGroup:SecurityGroup",
    ["id"],
    ["name", "vpcId"],
  ),
  "aws:ec2/getSecurityGroups:getSecurityGroups": many("aws:ec2/securityGroup:SecurityGroup"),
  "aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection": one(
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    ["id"],
    ["vpcId", "peerVpcId", "peerOwnerId"],
  ),
  "aws:ec2/getRouteTable:getRouteTable": (world, args, place) => {
    const association = world
      .at(place, "aws:ec2/routeTableAssociation:RouteTableAssociation")
      .find((held) => held.outputs.subnetId === args.subnetId);
    const id =
      text(args.routeTableId) ??
      (args.subnetId === undefined ? undefined : String(association?.outputs.routeTableId));
    return one("aws:ec2/routeTable:RouteTable", ["routeTableId"], ["vpcId"])(
      world,
      { ...args, routeTableId: id },
      place,
    );
  },
  "aws:ec2/getAmi:getAmi": image,
  "aws:ec2/getPrefixList:getPrefixList": prefixList,
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": prefixList,
  "aws:ec2/getRouteTables:getRouteTables": (world, args, place) =>
    many("aws:ec2/routeTable:RouteTable")(world, withVpc(args), place),
  "aws:ec2/getInternetGateway:getInternetGateway": one("aws:ec2/internetGateway:InternetGateway", [
    "internetGatewayId",
  ]),
};
