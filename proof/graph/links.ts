import type { Resource } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { known, list, texts } from "./values";
import { Unknown } from "../../resources/resource";

/** A VPC link of either generation. */
export interface Link {
  id: string;
  version: 1 | 2;
  resource: Resource;
  /** V1: the balancer it is tied to. */
  balancerArn?: string;
  /** V2: subnets and security groups of its interfaces. */
  subnetIds: string[];
  groups: string[];
  groupsComplete: boolean;
  subnetsComplete: boolean;
}

/**
 * VPC links. V1: https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
 * V2: https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v2.html
 */
export function readLinks(inventory: Inventory): Map<string, Link> {
  const links = new Map<string, Link>();
  for (const { resource } of inventory.of("aws:apigatewayv2/vpcLink:VpcLink")) {
    const subnets = texts(resource, "subnetIds");
    const groups = texts(resource, "securityGroupIds");
    if (links.has(resource.id)) continue;
    links.set(resource.id, {
      id: resource.id,
      version: 2,
      resource,
      subnetIds: subnets.values,
      groups: groups.values,
      groupsComplete: groups.complete,
      subnetsComplete: subnets.complete,
    });
  }
  for (const { resource } of inventory.of("aws:apigateway/vpcLink:VpcLink")) {
    if (links.has(resource.id)) continue;
    const targets = list(resource, "targetArns");
    const [first] = targets instanceof Unknown ? [] : targets;
    links.set(resource.id, {
      id: resource.id,
      version: 1,
      resource,
      balancerArn: known(resource, "targetArn") ?? (typeof first === "string" ? first : undefined),
      subnetIds: [],
      groups: [],
      groupsComplete: true,
      subnetsComplete: true,
    });
  }
  return links;
}
