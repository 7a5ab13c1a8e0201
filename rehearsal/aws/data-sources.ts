import { AwsError } from "./aws-error";
import { partitionOf, token } from "./behaviour";
import { behaviours } from "./behaviours";
import { prefixListId } from "./ec2-gateways";
import { zoneIdOf, zoneNames } from "./ec2-zones";
import { sharedTypes } from "./holding";
import { holdOpaque, opaqueText } from "./opaque";
import type { Properties } from "./properties";
import { object, objects, text, texts, yes } from "./properties";
import type { Held, Place, World } from "./world";

type Source = (world: World, args: Properties, place: Place) => Properties;

/** Fields of a resource that filters name, by the filter's name. */
const filterFields: Record<string, string> = {
  "vpc-id": "vpcId",
  cidr: "cidrBlock",
  "cidr-block": "cidrBlock",
  "availability-zone": "availabilityZone",
  "group-name": "name",
};

function matches(held: Held, filters: readonly Properties[], tags: Properties): boolean {
  const own = object(held.outputs.tags);
  const tagged = Object.entries(tags).every(([key, value]) => own[key] === value);
  return (
    tagged &&
    filters.every((filter) => {
      const name = String(filter.name);
      const value = name.startsWith("tag:") ? own[name.slice(4)] : held.outputs[filterFields[name] ?? name];
      return texts(filter.values).includes(String(value));
    })
  );
}

function shown(held: Held, world: World): Properties {
  return { ...held.outputs, ...behaviours[held.type]?.refresh?.(held, world), id: held.id };
}

/** A data source that finds one resource by id, by other properties, by filters or by tags. */
function one(type: string, idNames: readonly string[], propertyNames: readonly string[] = []): Source {
  return (world, args, place) => {
    const id = idNames.map((name) => text(args[name])).find((value) => value !== undefined);
    const found = world
      .at(place, ...sharedTypes(type))
      .filter(
        (held) =>
          (id === undefined || held.id === id) &&
          propertyNames.every((name) => args[name] === undefined || held.outputs[name] === args[name]) &&
          matches(held, objects(args.filters), object(args.tags)),
      );
    const ids = new Set(found.map((held) => held.id));
    if (found[0] === undefined)
      throw behaviours[type]?.notFound?.(id ?? "") ?? new AwsError("NotFound", `no matching ${type} found`);
    if (ids.size > 1)
      throw new AwsError("TooManyResults", `multiple ${type} matched; use additional constraints`);
    const asked = Object.fromEntries(idNames.map((name) => [name, found[0]?.id]));
    return { ...shown(found[0], world), ...asked };
  };
}

function many(type: string): Source {
  return (world, args, place) => ({
    id: place.region,
    ids: world
      .at(place, ...sharedTypes(type))
      .filter((held) => matches(held, objects(args.filters), object(args.tags)))
      .map((held) => held.id),
  });
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html */
function parameter(world: World, args: Properties, place: Place): Properties {
  const name = String(args.name);
  const own = world.find(place, name, "aws:ssm/parameter:Parameter");
  if (own !== undefined) return { ...own.outputs, id: own.id, withDecryption: args.withDecryption ?? true };
  if (
    !/^\/aws\/service\/(ami-amazon-linux-latest|bottlerocket|ecs|eks|canonical|debian|ami-windows-latest|ami-macos-latest)\//.test(
      name,
    )
  )
    throw new AwsError("ParameterNotFound", `reading SSM Parameter (${name}): couldn't find resource`);
  const value = `ami-0${token(`${name}@${place.region}`, 16, "hex")}`;
  const arn = `arn:${partitionOf(place.region)}:ssm:${place.region}::parameter${name}`;
  const sort = { type: "String", version: 1 };
  return {
    id: name,
    name,
    value,
    insecureValue: value,
    arn,
    ...sort,
    withDecryption: args.withDecryption ?? true,
  };
}

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

function role(world: World, args: Properties, place: Place): Properties {
  const held = world.findGlobal(place.account, String(args.name), "aws:iam/role:Role");
  if (held === undefined)
    throw new AwsError("NoSuchEntity", `The role with name ${String(args.name)} cannot be found.`);
  return { ...held.outputs, id: held.id };
}

const lists: Record<string, string> = {
  actions: "Action",
  notActions: "NotAction",
  resources: "Resource",
  notResources: "NotResource",
};

/** Lists of one are single values and lists are sorted, as the provider writes them. */
function policyValue(value: unknown): unknown {
  const items = texts(value);
  return items.length === 1 ? items[0] : [...items].sort().reverse();
}

function principals(value: unknown): unknown {
  const all = objects(value);
  if (all.some((each) => each.type === "*" && texts(each.identifiers).includes("*"))) return "*";
  return Object.fromEntries(all.map((each) => [String(each.type), policyValue(each.identifiers)]));
}

function conditions(value: unknown): Properties {
  const result: Record<string, Properties> = {};
  for (const each of objects(value))
    result[String(each.test)] = {
      ...result[String(each.test)],
      [String(each.variable)]: policyValue(each.values),
    };
  return result;
}

function policyDocument(_world: World, args: Properties): Properties {
  const statements = objects(args.statements).map((each) => ({
    ...(text(each.sid) === undefined ? {} : { Sid: each.sid }),
    Effect: text(each.effect) ?? "Allow",
    ...Object.fromEntries(
      Object.entries(lists).flatMap(([from, to]) =>
        texts(each[from]).length === 0 ? [] : [[to, policyValue(each[from])]],
      ),
    ),
    ...(objects(each.principals).length === 0 ? {} : { Principal: principals(each.principals) }),
    ...(objects(each.notPrincipals).length === 0 ? {} : { NotPrincipal: principals(each.notPrincipals) }),
    ...(objects(each.conditions).length === 0 ? {} : { Condition: conditions(each.conditions) }),
  }));
  const merged = [...texts(args.sourcePolicyDocuments), ...texts(args.overridePolicyDocuments)].flatMap(
    (json) => objects(object(JSON.parse(json)).Statement),
  );
  const policyId = text(args.policyId) === undefined ? {} : { Id: args.policyId };
  const document = {
    Version: text(args.version) ?? "2012-10-17",
    ...policyId,
    Statement: [...merged, ...statements],
  };
  const json = JSON.stringify(document, null, 2);
  return {
    id: token(json, 10, "digits"),
    json,
    minifiedJson: JSON.stringify(document),
    version: document.Version,
  };
}

/** An argument `vpcId` as the filter that it stands for. */
function withVpc(args: Properties): Properties {
  if (text(args.vpcId) === undefined) return args;
  return { ...args, filters: [...objects(args.filters), { name: "vpc-id", values: [args.vpcId] }] };
}

const sources: Record<string, Source> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_world, _args, { account, region }) => ({
    id: account,
    accountId: account,
    arn: `arn:${partitionOf(region)}:sts::${account}:assumed-role/rehearsal/rehearsal`,
    userId: `AROA${token(account, 17, "alphanumeric").toUpperCase()}:rehearsal`,
  }),
  "aws:index/getRegion:getRegion": (_world, _args, { region }) => ({
    ...{ id: region, name: region, region, description: region },
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getPartition:getPartition": (_world, _args, { region }) => {
    const partition = partitionOf(region);
    const dnsSuffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    return {
      id: partition,
      partition,
      dnsSuffix,
      reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
    };
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_world, args, { region }) => {
    const excluded = [...texts(args.excludeNames), ...texts(args.excludeZoneIds)];
    const names = zoneNames(region).filter(
      (name) => !excluded.includes(name) && !excluded.includes(zoneIdOf(name, region)),
    );
    return {
      id: region,
      names,
      zoneIds: names.map((name) => zoneIdOf(name, region)),
      groupNames: [region],
      region,
    };
  },
  "aws:index/getAvailabilityZone:getAvailabilityZone": (_world, args, { region }) => {
    const name = zoneNames(region).find(
      (zone) => zone === args.name || zoneIdOf(zone, region) === args.zoneId,
    );
    if (name === undefined)
      throw new AwsError(
        "InvalidParameterValue",
        `Invalid availability zone: [${String(args.name ?? args.zoneId)}]`,
      );
    const details = {
      groupName: region,
      networkBorderGroup: region,
      optInStatus: "opt-in-not-required",
      state: "available",
    };
    return {
      id: name,
      name,
      nameSuffix: name.slice(region.length),
      zoneId: zoneIdOf(name, region),
      region,
      ...details,
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:ssm/getParameter:getParameter": parameter,
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
  "aws:iam/getRole:getRole": role,
  "aws:cloudwatch/getLogGroup:getLogGroup": one("aws:cloudwatch/logGroup:LogGroup", ["name"]),
  "aws:apigateway/getRestApi:getRestApi": one("aws:apigateway/restApi:RestApi", [], ["name"]),
  "aws:apigateway/getVpcLink:getVpcLink": one("aws:apigateway/vpcLink:VpcLink", [], ["name"]),
  "aws:lb/getListener:getListener": one("aws:lb/listener:Listener", ["arn"], ["loadBalancerArn", "port"]),
  "aws:lb/getLoadBalancer:getLoadBalancer": one("aws:lb/loadBalancer:LoadBalancer", ["arn"], ["name"]),
  "aws:lb/getTargetGroup:getTargetGroup": one("aws:lb/targetGroup:TargetGroup", ["arn"], ["name"]),
};

/** Answers a data source; an unknown one is refused by name, and what is asked about something opaque is opaque. */
export function invoke(world: World, name: string, args: Properties, place: Place): Properties {
  if (holdOpaque(args, (id) => world.isOpaqueId(id)))
    return { id: opaqueText(`${name} ${JSON.stringify(args)}`), ...args };
  const source = sources[name];
  if (source === undefined)
    throw new Error(
      `the data source ${name} is not simulated; simulated are ${Object.keys(sources).join(", ")}`,
    );
  return source(world, args, place);
}
