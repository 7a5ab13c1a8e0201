import { parseCidr, type Cidr } from "../../common/ipv4";
import { Unknown, type Resource } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { PrefixIndex } from "./prefix-index";
import { asList, asNumber, asObject, asText, known, onlyRead, property } from "./values";

/** Which packets a rule is about. */
export type Direction = "inbound" | "outbound";

/** Rules of one direction that hold for one port or for a range of ports. */
export interface RuleSet {
  blocks: PrefixIndex<Resource>;
  /** Referenced group id to the rule's resource. */
  groups: Map<string, Resource>;
  /** Rules whose peers the files do not tell: they may admit. */
  untold: Resource[];
}

/** A security group with its rules filed by port. */
export interface SecurityGroup {
  id: string;
  resource: Resource;
  vpcId?: string;
  rules: Record<Direction, GroupRules>;
  /** Rules that a read of the group showed although no program declares them: they may be gone by now. */
  asRead: Record<Direction, GroupRules>;
}

/** Rules of one direction: those for exactly one TCP port by that port, the others with their range. */
export interface GroupRules {
  byPort: Map<number, RuleSet>;
  ranges: { from: number; to: number; set: RuleSet }[];
  /** The group is only read and its rules are not in the file, or a rule does not tell its group or ports. */
  incomplete: boolean;
}

const RULE_TYPES = [
  ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "inbound"],
  ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "outbound"],
] as const;
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

interface Peers {
  blocks: unknown[];
  groups: unknown[];
  prefixLists: unknown[];
  untold: boolean;
}

function emptyRules(): Record<Direction, GroupRules> {
  const rules = (): GroupRules => ({ byPort: new Map(), ranges: [], incomplete: false });
  return { inbound: rules(), outbound: rules() };
}

/** `<group id> <direction>` of every separate rule resource. */
function separateRules(inventory: Inventory): Set<string> {
  const owned = new Set<string>();
  for (const [type, direction] of RULE_TYPES) {
    for (const { resource } of inventory.of(type))
      owned.add(`${known(resource, "securityGroupId")} ${direction}`);
  }
  for (const { resource } of inventory.of(OLD_RULE)) {
    owned.add(
      `${known(resource, "securityGroupId")} ${known(resource, "type") === "egress" ? "outbound" : "inbound"}`,
    );
  }
  return owned;
}

function emptySet(): RuleSet {
  return { blocks: new PrefixIndex(), groups: new Map(), untold: [] };
}

function ruleSet(rules: GroupRules, from: number, to: number): RuleSet {
  if (from === to) {
    const set = rules.byPort.get(from) ?? emptySet();
    rules.byPort.set(from, set);
    return set;
  }
  let range = rules.ranges.find((entry) => entry.from === from && entry.to === to);
  if (range === undefined) {
    range = { from, to, set: emptySet() };
    rules.ranges.push(range);
  }
  return range.set;
}

/** TCP ports of a rule; `none` for another protocol, `untold` when the file does not say. */
function ports(protocol: unknown, fromPort: unknown, toPort: unknown): [number, number] | "none" | "untold" {
  const name = asText(protocol);
  if (typeof name !== "string") return "untold";
  if (name === "-1" || name.toLowerCase() === "all") return [0, 65535];
  if (name.toLowerCase() !== "tcp" && name !== "6") return "none";
  const from = asNumber(fromPort);
  const to = asNumber(toPort);
  if (from === undefined || to === undefined) return "untold";
  return from === -1 ? [0, 65535] : [from, to];
}

function entries(value: unknown): { values: unknown[]; untold: boolean } {
  const all = asList(value);
  return all instanceof Unknown ? { values: [], untold: true } : { values: all, untold: false };
}

function single(value: unknown): { values: unknown[]; untold: boolean } {
  return asText(value) === undefined ? { values: [], untold: false } : { values: [value], untold: false };
}

const GROUP_TYPES = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
];

/**
 * The group that a rule refers to, by its id or as `<account>/<id>`; undefined when that account has no such group.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
 */
function referenced(reference: string, owners: Map<string, string | undefined>): string | undefined {
  const [, account, id = reference] = /^(\d{12})\/(.+)$/.exec(reference) ?? [];
  const owner = owners.get(id);
  return account === undefined || owner === undefined || owner === account ? id : undefined;
}

/**
 * Security groups with inline rules, the rule resources of both generations, or all of them.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 * The provider removes AWS's default rule that allows everything outbound, so a managed group without rules admits
 * nothing. IPv6 rules admit no IPv4 packet and are left out.
 * Rules that only a read of the group shows, while a program owns that direction's rules one by one or declares none,
 * are kept apart: a rule that has just been deleted is still in such a copy until the next refresh.
 */
export function readSecurityGroups(
  inventory: Inventory,
  prefixLists: Map<string, Cidr[]>,
): Map<string, SecurityGroup> {
  const groups = new Map<string, SecurityGroup>();
  const separate = separateRules(inventory);
  const owners = new Map(
    inventory.of(...GROUP_TYPES).map(({ resource }) => [resource.id, resource.account] as const),
  );
  const add = (rules: GroupRules, range: ReturnType<typeof ports>, peers: Peers, rule: Resource): void => {
    if (range === "none") return;
    if (range === "untold") {
      rules.incomplete = true;
      return;
    }
    const set = ruleSet(rules, ...range);
    if (peers.untold) set.untold.push(rule);
    for (const value of peers.blocks) {
      const block = parseCidr(String(asText(value) instanceof Unknown ? "" : value));
      if (block !== undefined) set.blocks.add(block, rule);
      else if (value instanceof Unknown) set.untold.push(rule);
    }
    for (const value of peers.groups) {
      const told = asText(value);
      const id = typeof told === "string" ? referenced(told, owners) : undefined;
      if (id !== undefined) set.groups.set(id, rule);
      else if (told instanceof Unknown) set.untold.push(rule);
    }
    for (const value of peers.prefixLists) {
      const blocks = prefixLists.get(String(value));
      if (blocks === undefined) set.untold.push(rule);
      else for (const block of blocks) set.blocks.add(block, rule);
    }
  };
  const addInline = (group: SecurityGroup, direction: Direction, resource: Resource): void => {
    const key = direction === "inbound" ? "ingress" : "egress";
    const value = property(resource, key);
    const inline = asList(value);
    const copied = resource.external ? separate.has(`${group.id} ${direction}`) : onlyRead(resource, key);
    const into = copied ? group.asRead[direction] : group.rules[direction];
    if (inline instanceof Unknown || (resource.external && value === undefined)) {
      group.rules[direction].incomplete = true;
      return;
    }
    for (const entry of inline) {
      const rule = asObject(entry);
      const blocks = entries(rule.cidrBlocks);
      const refs = entries(rule.securityGroups);
      const lists = entries(rule.prefixListIds);
      const self = rule.self === true ? [group.id] : [];
      if (entry instanceof Unknown) group.rules[direction].incomplete = true;
      else
        add(
          into,
          ports(rule.protocol, rule.fromPort, rule.toPort),
          {
            blocks: blocks.values,
            groups: [...refs.values, ...self],
            prefixLists: lists.values,
            untold: blocks.untold || refs.untold || lists.untold || rule.self instanceof Unknown,
          },
          resource,
        );
    }
  };
  for (const { resource } of inventory.of(...GROUP_TYPES)) {
    if (groups.has(resource.id)) continue;
    const group: SecurityGroup = {
      id: resource.id,
      resource,
      vpcId: known(resource, "vpcId"),
      rules: emptyRules(),
      asRead: emptyRules(),
    };
    groups.set(resource.id, group);
    addInline(group, "inbound", resource);
    addInline(group, "outbound", resource);
  }
  for (const [type, direction] of RULE_TYPES) {
    for (const { resource } of inventory.of(type)) {
      const group = groups.get(known(resource, "securityGroupId") ?? "");
      const value = (key: string): unknown => property(resource, key);
      if (group === undefined) continue;
      add(
        group.rules[direction],
        ports(value("ipProtocol"), value("fromPort"), value("toPort")),
        {
          blocks: single(value("cidrIpv4")).values,
          groups: single(value("referencedSecurityGroupId")).values,
          prefixLists: single(value("prefixListId")).values,
          untold: false,
        },
        resource,
      );
    }
  }
  for (const { resource } of inventory.of(OLD_RULE)) {
    const group = groups.get(known(resource, "securityGroupId") ?? "");
    const value = (key: string): unknown => property(resource, key);
    if (group === undefined) continue;
    const direction = known(resource, "type") === "egress" ? "outbound" : "inbound";
    if (value("type") instanceof Unknown) {
      group.rules.inbound.incomplete = true;
      group.rules.outbound.incomplete = true;
      continue;
    }
    const blocks = entries(value("cidrBlocks"));
    const lists = entries(value("prefixListIds"));
    const self = value("self") === true ? [group.id] : [];
    add(
      group.rules[direction],
      ports(value("protocol"), value("fromPort"), value("toPort")),
      {
        blocks: blocks.values,
        groups: [...single(value("sourceSecurityGroupId")).values, ...self],
        prefixLists: lists.values,
        untold: blocks.untold || lists.untold,
      },
      resource,
    );
  }
  // A rule that does not tell its group may belong to any.
  const [untoldInbound, untoldOutbound] = RULE_TYPES.map(([type]) =>
    inventory.untold(type, "securityGroupId"),
  );
  const untoldEither = inventory.untold(OLD_RULE, "securityGroupId");
  for (const { rules } of groups.values()) {
    if (untoldInbound === true || untoldEither) rules.inbound.incomplete = true;
    if (untoldOutbound === true || untoldEither) rules.outbound.incomplete = true;
  }
  return groups;
}
