import type { Resource } from "../../resources/resource";
import { Unknown } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { asList, asObject, asText, known, number, property, text, texts } from "./values";

/** An interface with a known address: an instance's or a free-standing one. */
export interface Host {
  resource: Resource;
  addresses: string[];
  subnetId?: string;
  groups: string[];
  groupsComplete: boolean;
  /** For instances, when the file tells it. */
  state?: string;
}

/** An auto scaling group, whose instances stand in its subnets and carry its launch template's groups. */
export interface ScalingGroup {
  resource: Resource;
  subnetIds: string[];
  subnetsComplete: boolean;
  groups: string[];
  groupsComplete: boolean;
  /** Instances it wants; undefined when the file does not tell. */
  capacity?: number;
}

/** Everything that can answer a request. */
export interface Computing {
  /** By instance id. */
  instances: Map<string, Host>;
  /** By `<subnet id> <address>`. */
  hosts: Map<string, Host>;
  /** By target group ARN. */
  scalingGroups: Map<string, ScalingGroup[]>;
  /** Some auto scaling group or attachment does not tell its target groups. */
  untold: boolean;
}

const ADDED_GROUP = "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment";

/** Key of {@link Computing.hosts}. */
export function hostKey(subnetId: string, address: string): string {
  return `${subnetId} ${address}`;
}

function readTemplateGroups(template: Resource | undefined): { values: string[]; complete: boolean } {
  if (template === undefined) return { values: [], complete: false };
  const direct = texts(template, "vpcSecurityGroupIds");
  const legacy = texts(template, "securityGroups");
  const interfaces = asList(property(template, "networkInterfaces"));
  if (interfaces instanceof Unknown) return { values: [], complete: false };
  const values = new Set([...direct.values, ...legacy.values]);
  let complete = direct.complete && legacy.complete;
  // The balancer registers the primary interface, which has index 0.
  const primary = interfaces.find((entry) => Number(asObject(entry).deviceIndex ?? 0) === 0);
  const listed = asList(asObject(primary).securityGroups);
  if (listed instanceof Unknown) complete = false;
  else {
    for (const entry of listed) {
      const id = asText(entry);
      if (typeof id === "string") values.add(id);
      else complete = false;
    }
  }
  // Without any group AWS takes the VPC's default one, which the template does not name.
  return { values: [...values].sort(), complete: complete && values.size > 0 };
}

/** True when the group may run another version of its template than the latest, which is the one that the state shows. */
function otherVersion(group: Resource, template: Resource | undefined): boolean {
  if (template === undefined) return false;
  const mixed = asObject(asObject(property(group, "mixedInstancesPolicy")).launchTemplate);
  const chosen =
    asText(asObject(property(group, "launchTemplate")).version) ??
    asText(asObject(mixed.launchTemplateSpecification).version) ??
    "$Default";
  const latest = text(template, "latestVersion");
  if (chosen === "$Latest" || latest === undefined) return false;
  if (chosen instanceof Unknown || latest instanceof Unknown) return true;
  return (chosen === "$Default" ? (known(template, "defaultVersion") ?? latest) : chosen) !== latest;
}

function templateKeys(group: Resource): string[] {
  const mixed = asObject(
    asObject(property(group, "mixedInstancesPolicy")).launchTemplate,
  ).launchTemplateSpecification;
  const own = asObject(property(group, "launchTemplate"));
  const candidates = [own.id, own.name, asObject(mixed).launchTemplateId, asObject(mixed).launchTemplateName];
  return [...candidates, property(group, "launchConfiguration")].filter(
    (key) => typeof key === "string" && key !== "",
  ) as string[];
}

function readScalingGroups(inventory: Inventory): Pick<Computing, "scalingGroups" | "untold"> {
  const templates = new Map<string, Resource>();
  for (const { resource } of inventory.of(
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
  )) {
    for (const key of [resource.id, known(resource, "name")]) {
      if (key !== undefined && !templates.has(key)) templates.set(key, resource);
    }
  }
  const scalingGroups = new Map<string, ScalingGroup[]>();
  const byName = new Map<string, ScalingGroup>();
  let untold = false;
  const attach = (arn: string, group: ScalingGroup | undefined): void => {
    const list = scalingGroups.get(arn) ?? [];
    if (group !== undefined && !list.includes(group)) scalingGroups.set(arn, [...list, group]);
  };
  for (const { resource } of inventory.of("aws:autoscaling/group:Group")) {
    const subnets = texts(resource, "vpcZoneIdentifiers");
    const template = templateKeys(resource)
      .map((key) => templates.get(key))
      .find((found) => found !== undefined);
    // What another version says is in no file.
    const groups = readTemplateGroups(otherVersion(resource, template) ? undefined : template);
    const wanted = number(resource, "desiredCapacity") ?? number(resource, "minSize");
    const limit = number(resource, "maxSize");
    const group: ScalingGroup = {
      resource,
      subnetIds: subnets.values,
      subnetsComplete: subnets.complete && subnets.values.length > 0,
      groups: groups.values,
      groupsComplete: groups.complete,
      capacity: wanted === undefined ? undefined : Math.min(wanted, limit ?? wanted),
    };
    for (const key of [resource.id, known(resource, "name")]) if (key !== undefined) byName.set(key, group);
    const arns = texts(resource, "targetGroupArns");
    if (!arns.complete) untold = true;
    for (const arn of arns.values) attach(arn, group);
    const sources = asList(property(resource, "trafficSources"));
    for (const source of sources instanceof Unknown ? [] : sources) {
      const arn = asText(asObject(source).identifier);
      if (typeof arn === "string") attach(arn, group);
    }
  }
  for (const { resource } of inventory.of("aws:autoscaling/attachment:Attachment")) {
    const arn = text(resource, "lbTargetGroupArn");
    if (arn instanceof Unknown) untold = true;
    else if (arn !== undefined) attach(arn, byName.get(known(resource, "autoscalingGroupName") ?? ""));
  }
  for (const { resource } of inventory.of(
    "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
  )) {
    const arn = asText(asObject(property(resource, "trafficSource")).identifier);
    if (arn instanceof Unknown) untold = true;
    else if (arn !== undefined) attach(arn, byName.get(known(resource, "autoscalingGroupName") ?? ""));
  }
  return { scalingGroups, untold };
}

/** Groups that a resource of their own adds to an interface, by interface; `Unknown` when one does not tell its group. */
function readAddedGroups(inventory: Inventory): Map<string, (string | Unknown)[]> {
  const added = new Map<string, (string | Unknown)[]>();
  for (const { resource } of inventory.of(ADDED_GROUP)) {
    const group = text(resource, "securityGroupId");
    const id = known(resource, "networkInterfaceId");
    if (id !== undefined && group !== undefined) added.set(id, [...(added.get(id) ?? []), group]);
  }
  return added;
}

/** Reads instances, interfaces and auto scaling groups. */
export function readComputing(inventory: Inventory): Computing {
  const added = readAddedGroups(inventory);
  const groupsOf = (
    resource: Resource,
    key: string,
    interfaceId: string | undefined,
  ): Pick<Host, "groups" | "groupsComplete"> => {
    const own = texts(resource, key);
    const others = added.get(interfaceId ?? "") ?? [];
    const values = [...own.values, ...others.filter((group) => typeof group === "string")];
    const told = own.complete && !others.some((group) => group instanceof Unknown);
    // An interface has at least one group; one that only a resource of its own adds stands beside another.
    const complete = told && own.values.length > 0 && !inventory.untold(ADDED_GROUP, "networkInterfaceId");
    return { groups: [...new Set(values)].sort(), groupsComplete: complete };
  };
  const instances = new Map<string, Host>();
  const hosts = new Map<string, Host>();
  const place = (host: Host): void => {
    for (const address of host.addresses) {
      if (host.subnetId === undefined) continue;
      const key = hostKey(host.subnetId, address);
      if (!hosts.has(key)) hosts.set(key, host);
    }
  };
  for (const { resource } of inventory.of("aws:ec2/networkInterface:NetworkInterface")) {
    const addresses = [...texts(resource, "privateIps").values, known(resource, "privateIp")].filter(
      (a) => a !== undefined,
    );
    place({
      resource,
      addresses: [...new Set(addresses)],
      subnetId: known(resource, "subnetId"),
      ...groupsOf(resource, "securityGroups", resource.id),
    });
  }
  for (const { resource } of inventory.of("aws:ec2/instance:Instance")) {
    if (instances.has(resource.id)) continue;
    const address = known(resource, "privateIp");
    const host: Host = {
      resource,
      addresses: address === undefined ? [] : [address, ...texts(resource, "secondaryPrivateIps").values],
      subnetId: known(resource, "subnetId"),
      ...groupsOf(resource, "vpcSecurityGroupIds", known(resource, "primaryNetworkInterfaceId")),
      state: known(resource, "instanceState"),
    };
    instances.set(resource.id, host);
    place(host);
  }
  return { instances, hosts, ...readScalingGroups(inventory) };
}
