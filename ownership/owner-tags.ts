import * as pulumi from "@pulumi/pulumi";
import { nameTag, stackTag, stackTagValue } from "./tag-names";

/** Tags as most types have them. */
type TagMap = Record<string, pulumi.Input<string>>;

/** Tags as an auto scaling group has them. */
interface GroupTag {
  key: string;
  value: string;
  propagateAtLaunch: boolean;
}

type GivenMap = pulumi.Input<TagMap> | undefined;
type GivenList = pulumi.Input<pulumi.Input<GroupTag>[]> | undefined;

/** The one type of `@pulumi/aws` whose tags are a list. */
const groupType = "aws:autoscaling/group:Group";

/** The remote component that hands its tags on to its children, and gives each a name of its own. */
const vpcComponentType = "awsx:ec2:Vpc";

/**
 * Lets every taggable AWS resource that the running program declares from now on carry its stack, and its logical name
 * where nothing else gives it a name. Belongs before a program's first resource, once in each run: it holds for the
 * run's stack alone.
 *
 * It is a transformation of the older kind, which the SDK applies by itself: the newer `transforms` need a callback
 * server, which neither a rehearsal nor Pulumi's mocks have.
 */
export function registerOwnerTags(): void {
  const owner = stackTagValue(pulumi.getProject(), pulumi.getStack());
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    // What is only read belongs to somebody else; by URN, the SDK reads what is registered already.
    const declared = (opts as pulumi.CustomResourceOptions).id === undefined && opts.urn === undefined;
    // The provider's constructors set every input of their type, also those that are not given.
    if (!declared || !("tags" in props)) return undefined;
    const tagged = (tags: unknown) => ({ props: { ...props, tags }, opts });
    if (type === groupType) return tagged(groupTags(props.tags as GivenList, name, owner));
    if (type === vpcComponentType) return tagged(mapTags(props.tags as GivenMap, {}, owner));
    return type.startsWith("aws:")
      ? tagged(mapTags(props.tags as GivenMap, { [nameTag]: name }, owner))
      : undefined;
  });
}

function mapTags(given: GivenMap, fallback: TagMap, owner: string): pulumi.Input<TagMap> {
  const add = (tags: TagMap = {}): TagMap => ({ ...fallback, ...tags, [stackTag]: owner });
  // A plain map stays one, so that one unknown value does not hide the other tags in a preview.
  return pulumi.Output.isInstance(given) || given instanceof Promise
    ? pulumi.output(given).apply(add)
    : add(given);
}

/** Instances do not get the owner: the group makes them, and no stack's state ever knows them. */
function groupTags(given: GivenList, name: string, owner: string): pulumi.Output<GroupTag[]> {
  const ours = (key: string, value: string): GroupTag => ({ key, value, propagateAtLaunch: false });
  return pulumi
    .output(given)
    .apply((tags = []) => [
      ...(tags.some(({ key }) => key === nameTag) ? [] : [ours(nameTag, name)]),
      ...tags.filter(({ key }) => key !== stackTag),
      ours(stackTag, owner),
    ]);
}
