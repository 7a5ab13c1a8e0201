import { partitionOf } from "./behaviour";
import { behaviours } from "./behaviours";
import type { Sources } from "./data-source";
import type { Properties } from "./properties";
import { object, objects, text, texts } from "./properties";
import type { Held, Place, World } from "./world";

const groupType = "aws:autoscaling/group:Group";

/**
 * Tagged things that GetResources does not list: IAM roles, and Auto Scaling groups, for which its answer is empty.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
const unlisted = ["aws:iam/role:Role", groupType];

/** What IAM has is listed in this region alone. */
const globalRegion = "us-east-1";

/** Kinds in ARNs of what has no output `arn`. */
const arnKinds: Record<string, string> = {
  "aws:ec2/natGateway:NatGateway": "natgateway",
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": "vpc-peering-connection",
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": "vpc-peering-connection",
};

function arnOf(held: Held): string | undefined {
  const kind = arnKinds[held.type];
  if (kind === undefined) return text(held.outputs.arn);
  return `arn:${partitionOf(held.region)}:ec2:${held.region}:${held.account}:${kind}/${held.id}`;
}

/** Service and kind as an ARN has them: `ec2:vpc`, `elasticloadbalancing:loadbalancer`, `apigateway:restapis`. */
function kindOf(arn: string): string {
  const [, , service = "", , , ...resource] = arn.split(":");
  const [kind = ""] = resource.join(":").replace(/^\//, "").split(/[/:]/);
  return `${service}:${kind}`;
}

/** Tags of everything that is listed in one place, by ARN: several resources may stand for one thing. */
function tagged(world: World, place: Place): Map<string, Properties> {
  const found = new Map<string, Properties>();
  for (const type of Object.keys(behaviours)) {
    if (unlisted.includes(type)) continue;
    for (const held of world.all(type)) {
      const region = behaviours[type]?.global === true ? globalRegion : held.region;
      if (held.account !== place.account || region !== place.region) continue;
      const arn = arnOf(held);
      const tags = object(held.outputs.tags);
      if (arn === undefined || Object.keys(tags).length === 0) continue;
      found.set(arn, { ...found.get(arn), ...tags });
    }
  }
  return found;
}

/** All filters must hold, and of a filter's values one; a filter without values asks for the key alone. */
function matches(tags: Properties, filters: readonly Properties[]): boolean {
  return filters.every((filter) => {
    const values = texts(tags[String(filter.key)]);
    const wanted = texts(filter.values);
    return values.some((value) => wanted.length === 0 || wanted.includes(value));
  });
}

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
function resources(world: World, args: Properties, place: Place): Properties {
  const kinds = texts(args.resourceTypeFilters);
  const arns = texts(args.resourceArnLists);
  const ofKind = (arn: string): boolean =>
    kinds.length === 0 || kinds.some((kind) => [kindOf(arn), kindOf(arn).split(":")[0]].includes(kind));
  const found = [...tagged(world, place)].filter(
    ([arn, tags]) =>
      matches(tags, objects(args.tagFilters)) && ofKind(arn) && (arns.length === 0 || arns.includes(arn)),
  );
  return {
    ...args,
    id: partitionOf(place.region),
    region: place.region,
    resourceTagMappingLists: found.map(([resourceArn, tags]) => ({
      resourceArn,
      tags,
      complianceDetails: [],
    })),
  };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Filter.html */
function groupMatches(group: Held, { name, values }: Properties): boolean {
  const wanted = texts(values);
  const filter = String(name);
  return objects(group.outputs.tags).some(({ key, value }) => {
    if (filter === "tag-key") return wanted.includes(String(key));
    if (filter === "tag-value") return wanted.includes(String(value));
    return filter === `tag:${String(key)}` && wanted.includes(String(value));
  });
}

/** The provider's data source of Auto Scaling groups, which Pulumi calls `getAmiIds`. */
function groups(world: World, args: Properties, place: Place): Properties {
  const names = texts(args.names);
  const found = world
    .at(place, groupType)
    .filter((group) => names.length === 0 || names.includes(group.id))
    .filter((group) => objects(args.filters).every((filter) => groupMatches(group, filter)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ...args,
    id: place.region,
    region: place.region,
    names: found.map((group) => group.id),
    arns: found.map((group) => group.outputs.arn),
  };
}

/** Data sources that find by tags what several services have. */
export const tagSources: Sources = {
  "aws:resourcegroupstaggingapi/getResources:getResources": resources,
  "aws:autoscaling/getAmiIds:getAmiIds": groups,
};
