import { AwsError } from "./aws-error";
import type { Behaviour, Situation } from "./behaviour";
import { oneOf, refuse, token } from "./behaviour";
import {
  balancerTypes,
  checkSecurityGroups,
  internetGatewayType,
  mustHaveSubnet,
  subnetTypes,
  vpcOfInternetGateway,
  vpcTypes,
} from "./ec2-facts";
import { checkFreeAddress } from "./ec2-interfaces";
import { zoneNames } from "./ec2-zones";
import type { Properties } from "./properties";
import { number, object, objects, text, texts, yes } from "./properties";
import type { Held, World } from "./world";

/** Hosted zones of Network and Application Load Balancers: https://docs.aws.amazon.com/general/latest/gr/elb.html */
const hostedZones: Record<string, [network: string, application: string]> = {
  "us-east-1": ["Z26RNL4JYFTOTI", "Z35SXDOTRQ7X7K"],
  "us-east-2": ["ZLMOA37VPKANP", "Z3AADJGX6KTTL2"],
  "us-west-2": ["Z18D5FSROUN65G", "Z1H1FL5HABSF5"],
  "eu-west-1": ["Z2IFOLAFXWLO4F", "Z32O12XQLNTSW2"],
  "eu-central-1": ["Z3F0SRJ5LGBH90", "Z215JYRZR1TBD5"],
};

/** Kind of a load balancer, `application` unless given. */
export function balancerKind(properties: Properties): string {
  return text(properties.loadBalancerType) ?? "application";
}

/** Names of load balancers and target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
export function checkBalancerName(what: string, name: string): void {
  refuse(name.length > 32, "ValidationError", `${what} name '${name}' cannot be longer than '32' characters`);
  refuse(
    !/^[a-zA-Z0-9-]+$/.test(name),
    "ValidationError",
    `${what} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
  );
  refuse(/^-|-$/.test(name), "ValidationError", `${what} name '${name}' cannot begin or end with '-'`);
}

/** The subnets of a load balancer, however they were given. */
function mappings(inputs: Properties): Properties[] {
  const given = objects(inputs.subnetMappings);
  return given.length > 0 ? given : texts(inputs.subnets).map((subnetId) => ({ subnetId }));
}

function checkBalancer(s: Situation): void {
  const kind = balancerKind(s.inputs);
  refuse(
    !["application", "network", "gateway"].includes(kind),
    "ValidationError",
    `expected loadBalancerType to be one of ["application" "gateway" "network"], got ${kind}`,
  );
  const name = s.physicalName();
  checkBalancerName("Load balancer", name);
  refuse(
    name.startsWith("internal-"),
    "ValidationError",
    `Load balancer name '${name}' cannot begin with 'internal-'`,
  );
  refuse(
    s.others(...balancerTypes).some((other) => other.outputs.name === name),
    "DuplicateLoadBalancerName",
    `A load balancer with the same name '${name}' exists, but with different settings`,
  );
  oneOf(s.inputs, ["subnets", "subnetMappings"], true);
  const parts = mappings(s.inputs);
  refuse(parts.length === 0, "ValidationError", "At least one subnet must be specified");
  const zones = new Map<unknown, string>();
  const vpcs = new Set<unknown>();
  for (const part of parts) {
    const subnet = mustHaveSubnet(s, part.subnetId);
    const twin = zones.get(subnet.outputs.availabilityZone);
    refuse(
      twin !== undefined,
      "InvalidConfigurationRequest",
      `A load balancer cannot be attached to multiple subnets in the same Availability Zone (${twin ?? ""} and ${subnet.id} in ${String(subnet.outputs.availabilityZone)})`,
    );
    zones.set(subnet.outputs.availabilityZone, subnet.id);
    vpcs.add(subnet.outputs.vpcId);
    checkPinned(s, kind, part, subnet);
  }
  refuse(
    vpcs.size > 1,
    "InvalidConfigurationRequest",
    "All subnets of a load balancer must belong to the same VPC",
  );
  refuse(
    kind === "application" &&
      zones.size < 2 &&
      [...zones.keys()].every((zone) => zoneNames(s.region).includes(String(zone))),
    "ValidationError",
    "At least two subnets in two different Availability Zones must be specified",
  );
  checkInternet(s, kind, [...vpcs][0]);
  checkBetween(s.inputs.idleTimeout, "idleTimeout", 1, 4000);
  const groups = texts(s.inputs.securityGroups);
  refuse(
    kind === "gateway" && groups.length > 0,
    "InvalidConfigurationRequest",
    "Gateway Load Balancers have no security groups",
  );
  checkSecurityGroups(s, groups, [...vpcs][0]);
  const enforce = text(s.inputs.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic);
  refuse(
    enforce !== undefined && enforce !== "on" && enforce !== "off",
    "ValidationError",
    `enforceSecurityGroupInboundRulesOnPrivateLinkTraffic is "on" or "off", got "${enforce ?? ""}"`,
  );
  refuse(
    enforce !== undefined && (kind !== "network" || groups.length === 0),
    "InvalidConfigurationRequest",
    "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic needs a Network Load Balancer with security groups",
  );
}

/** Refuses a number outside of what an attribute takes. */
export function checkBetween(value: unknown, name: string, low: number, high: number): void {
  const given = number(value);
  refuse(
    given !== undefined && (given < low || given > high),
    "ValidationError",
    `expected ${name} to be in the range (${low} - ${high}), got ${given ?? 0}`,
  );
}

/** An internet-facing balancer is made only where there is an internet gateway: https://github.com/openshift/installer/issues/1110 */
function checkInternet(s: Situation, kind: string, vpcId: unknown): void {
  if (yes(s.inputs.internal) || kind === "gateway" || s.previous !== undefined) return;
  const gateway = s.others(internetGatewayType).find((held) => vpcOfInternetGateway(s.world, held) === vpcId);
  refuse(gateway === undefined, "InvalidSubnet", `VPC ${String(vpcId)} has no internet gateway`);
}

function checkPinned(s: Situation, kind: string, part: Properties, subnet: Held): void {
  const pinned = text(part.privateIpv4Address);
  const allocation = text(part.allocationId);
  refuse(
    (pinned ?? allocation) !== undefined && kind !== "network",
    "InvalidConfigurationRequest",
    "Addresses can be specified for Network Load Balancers only",
  );
  if (pinned !== undefined) {
    refuse(
      !yes(s.inputs.internal),
      "InvalidConfigurationRequest",
      "Private IPv4 addresses can be specified for internal load balancers only",
    );
    checkFreeAddress(s, subnet, pinned);
  }
  refuse(
    allocation !== undefined &&
      (yes(s.inputs.internal) || s.find(allocation, "aws:ec2/eip:Eip") === undefined),
    "AllocationIdNotFound",
    `The allocation ID '${allocation ?? ""}' does not exist, or the load balancer is internal`,
  );
}

/** NLB, by the provider's own rule: zones can be added; a changed or removed mapping, and the first or last security group, make a new balancer. */
function replaced(before: Properties, after: Properties): boolean {
  if (balancerKind(after) !== "network") return false;
  const has = (p: Properties): boolean => texts(p.securityGroups).length > 0;
  const form = (part: Properties): string =>
    JSON.stringify([
      part.subnetId,
      part.privateIpv4Address ?? "",
      part.allocationId ?? "",
      part.ipv6Address ?? "",
    ]);
  const kept = new Set(mappings(after).map(form));
  return has(before) !== has(after) || mappings(before).some((part) => !kept.has(form(part)));
}

function computed(s: Situation, id: string): Properties {
  const kind = balancerKind(s.inputs);
  const parts = mappings(s.inputs);
  const vpcId = s.find(text(parts[0]?.subnetId), ...subnetTypes)?.outputs.vpcId;
  const defaultGroup = s.find(text(vpcId), ...vpcTypes)?.outputs.defaultSecurityGroupId;
  const given = texts(s.inputs.securityGroups);
  const groups = kind === "application" && given.length === 0 ? texts([defaultGroup]) : given;
  const suffix = id.split(":loadbalancer/")[1] ?? "";
  const [name = "", hash = ""] = suffix.split("/").slice(1);
  const internal = yes(s.inputs.internal) ? "internal-" : "";
  const domain = s.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    arn: id,
    arnSuffix: suffix,
    dnsName:
      kind === "network"
        ? `${name}-${hash}.elb.${s.region}.${domain}`
        : `${internal}${name}-${parseInt(hash.slice(0, 8), 16)}.${s.region}.elb.${domain}`,
    zoneId:
      hostedZones[s.region]?.[kind === "network" ? 0 : 1] ??
      `Z${token(s.region, 13, "alphanumeric").toUpperCase()}`,
    vpcId,
    securityGroups: groups,
    subnets: texts(parts.map((part) => part.subnetId)),
    subnetMappings: parts.map((part) => ({ ...part })),
    ...(kind === "network" && groups.length > 0
      ? {
          enforceSecurityGroupInboundRulesOnPrivateLinkTraffic:
            text(s.inputs.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic) ?? "on",
        }
      : {}),
    tagsAll: object(s.inputs.tags),
  };
}

const v1LinkType = "aws:apigateway/vpcLink:VpcLink";

function removable(balancer: Held, world: World): void {
  refuse(
    balancer.outputs.enableDeletionProtection === true,
    "OperationNotPermitted",
    `Load balancer '${balancer.id}' cannot be deleted because deletion protection is enabled`,
  );
  const link = world
    .at(balancer, v1LinkType)
    .find((held) => texts(held.outputs.targetArn).includes(balancer.id));
  refuse(
    link !== undefined,
    "ResourceInUse",
    `Load balancer '${balancer.id}' cannot be deleted because it is currently associated with another service (VPC link ${link?.id ?? ""})`,
  );
}

/** Load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html */
export const balancerBehaviour: Behaviour = {
  autoName: { property: "name", maxLength: 32 },
  replaceOn: ["name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
  replaceIf: replaced,
  id: (s) => {
    const kind = { network: "net", gateway: "gwy" }[balancerKind(s.inputs)] ?? "app";
    return s.arn("elasticloadbalancing", `loadbalancer/${kind}/${s.physicalName()}/${s.token(16)}`);
  },
  defaults: (s) => ({
    internal: false,
    loadBalancerType: "application",
    ipAddressType: "ipv4",
    enableDeletionProtection: false,
    enableCrossZoneLoadBalancing: balancerKind(s.inputs) === "application",
    ...(balancerKind(s.inputs) === "network"
      ? { dnsRecordClientRoutingPolicy: "any_availability_zone" }
      : {}),
    ...(balancerKind(s.inputs) === "application" ? { idleTimeout: 60, enableHttp2: true } : {}),
  }),
  computed,
  check: checkBalancer,
  removable,
  notFound: (id) => new AwsError("LoadBalancerNotFound", `Load balancers '[${id}]' not found`),
};
