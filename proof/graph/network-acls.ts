import { Unknown, type Resource } from "../../resources/resource";
import type { Inventory } from "./inventory";
import type { Subnet, Vpc } from "./network";
import { known, text, texts } from "./values";

const ACL = "aws:ec2/networkAcl:NetworkAcl";
const DEFAULT_ACL = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl";
const RULE = "aws:ec2/networkAclRule:NetworkAclRule";

/**
 * Notes at each subnet the network ACL that the files show for it. One whose subnets are not told may filter any subnet
 * of its VPC. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
export function readNetworkAcls(
  inventory: Inventory,
  vpcs: Map<string, Vpc>,
  subnets: Map<string, Subnet>,
): void {
  const byId = new Map<string, Resource>();
  const apply = (subnetId: string, acl: Resource): void => {
    const subnet = subnets.get(subnetId);
    if (subnet !== undefined) subnet.networkAcl ??= acl;
  };
  const anywhere = (filter: Resource, acl: Resource | undefined): void => {
    const vpcId = acl === undefined ? undefined : known(acl, "vpcId");
    for (const subnet of subnets.values()) {
      if (vpcId === undefined ? subnet.resource.account === filter.account : subnet.vpcId === vpcId)
        subnet.networkAcl ??= filter;
    }
  };
  for (const { resource } of inventory.of(ACL, DEFAULT_ACL)) {
    byId.set(resource.id, resource);
    const { values, complete } = texts(resource, "subnetIds");
    for (const subnetId of values) apply(subnetId, resource);
    if (!complete) anywhere(resource, resource);
  }
  for (const { resource } of inventory.of("aws:ec2/networkAclAssociation:NetworkAclAssociation")) {
    const acl = byId.get(known(resource, "networkAclId") ?? "");
    if (text(resource, "subnetId") instanceof Unknown) anywhere(acl ?? resource, acl);
    else apply(known(resource, "subnetId") ?? "", acl ?? resource);
  }
  // The default ACL applies to every subnet that has no other; rules of it change that ACL.
  const changedDefaults = new Map<string, Resource>();
  for (const { resource } of inventory.of(RULE)) {
    if (text(resource, "networkAclId") instanceof Unknown) anywhere(resource, undefined);
    changedDefaults.set(known(resource, "networkAclId") ?? "", resource);
  }
  for (const { resource } of inventory.of(DEFAULT_ACL)) {
    changedDefaults.set(known(resource, "defaultNetworkAclId") ?? resource.id, resource);
  }
  if (changedDefaults.size === 0) return;
  for (const subnet of subnets.values()) {
    const vpc = vpcs.get(subnet.vpcId ?? "")?.resource;
    subnet.networkAcl ??= vpc && changedDefaults.get(known(vpc, "defaultNetworkAclId") ?? "none");
  }
}
