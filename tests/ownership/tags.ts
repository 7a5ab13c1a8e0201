import assert from "node:assert/strict";
import { nameTag, stackTag } from "../../ownership/tag-names";
import { shortType } from "../support/questions";

/** What the programs declare and AWS does not tag; each belongs to something that has tags, or is one for the account. */
export const withoutTags = [
  "apigateway.Account",
  "apigateway.Deployment",
  "apigateway.MethodSettings",
  "ec2.Route",
  "ec2.RouteTableAssociation",
  "ec2.VpcIpv4CidrBlockAssociation",
  "iam.RolePolicyAttachment",
  "lb.TargetGroupAttachment",
];

/** Types of Pulumi that are one type in AWS. */
const sameInAws: Record<string, string> = {
  "vpc.SecurityGroupIngressRule": "security group rule",
  "vpc.SecurityGroupEgressRule": "security group rule",
  "ec2.VpcPeeringConnection": "peering connection",
  "ec2.VpcPeeringConnectionAccepter": "peering connection",
};

interface Declared {
  urn: string;
  type: string;
  inputs: Record<string, unknown>;
}

/** A resource's tags as a map, whatever form its type has for them. */
export function tagsOf({ inputs: { tags } }: Pick<Declared, "inputs">): Record<string, string> {
  if (!Array.isArray(tags)) return (tags ?? {}) as Record<string, string>;
  return Object.fromEntries((tags as { key: string; value: string }[]).map(({ key, value }) => [key, value]));
}

/** Expects type in AWS, stack and Name to tell all taggable resources apart; returns how many there are. */
export function expectDistinct(resources: readonly Declared[]): number {
  const found = new Map<string, string>();
  for (const resource of resources) {
    const type = shortType(resource.type);
    if (withoutTags.includes(type)) continue;
    const tags = tagsOf(resource);
    assert.ok(tags[nameTag] && tags[stackTag], resource.urn);
    const identity = [tags[stackTag], sameInAws[type] ?? type, tags[nameTag]].join(" ");
    const other = found.get(identity);
    assert.equal(other, undefined, `${resource.urn} and ${other ?? ""} are both ${identity}`);
    found.set(identity, resource.urn);
  }
  return found.size;
}

/**
 * True when AWS takes the tag: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 * Letters outside of ASCII, which most services take as well, are left out.
 */
export function admissible(key: string, value: string): boolean {
  const allowed = /^[A-Za-z0-9 +\-=._:/@]*$/;
  return (
    key.length >= 1 &&
    key.length <= 128 &&
    value.length <= 256 &&
    !key.startsWith("aws:") &&
    allowed.test(key) &&
    allowed.test(value)
  );
}

/** The most tags that AWS takes on one resource. */
export const mostTags = 50;
