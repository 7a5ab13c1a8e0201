import { AwsError } from "./aws-error";
import type { Behaviour, Behaviours, Situation } from "./behaviour";
import { oneOf, refuse } from "./behaviour";
import type { GroupRule } from "./ec2-rules";
import { connections } from "./ec2-connections";
import { checkNetwork, mustHaveSecurityGroup, mustHaveVpc, securityGroupTypes, vpcTypes } from "./ec2-facts";
import { ownerOfInterfaceWith } from "./ec2-interfaces";
import { protocolName, ruleOfResource, rulesOf, rulesOfBlock } from "./ec2-rules";
import type { Properties } from "./properties";
import { number, object, objects, text } from "./properties";
import type { Held, World } from "./world";

/**
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups (default). Rules for IPv4
 * and for IPv6 count apart; a rule that names a group or a prefix list counts in both (and a list as one, not by its size).
 */
const rulesPerDirection = 60;

function countsIn(rule: GroupRule, family: "IPv4" | "IPv6"): boolean {
  const isBlock = rule.peer.includes("/") && !/^\d{12}\/sg-/.test(rule.peer);
  return !isBlock || rule.peer.includes(":") === (family === "IPv6");
}

const notFound = (id: string): AwsError =>
  new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);

function describe(rule: GroupRule): string {
  const protocol = rule.protocol === "-1" ? "ALL" : rule.protocol.toUpperCase();
  return `peer: ${rule.peer}, ${protocol}, from port: ${rule.fromPort}, to port: ${rule.toPort}, ALLOW`;
}

function checkRule(s: Situation, group: Held, rule: GroupRule): void {
  const { fromPort: from, toPort: to, peer, protocol } = rule;
  if (protocol === "tcp" || protocol === "udp") {
    refuse(
      from < 0 || to > 65535 || from > to,
      "InvalidParameterValue",
      `Invalid ${protocol.toUpperCase()} port range (from ${from} to ${to}): ports are 0 to 65535, and the first is not above the last`,
    );
  }
  refuse(
    !["tcp", "udp", "icmp", "icmpv6", "-1"].includes(protocol) && !/^\d{1,3}$/.test(protocol),
    "InvalidParameterValue",
    `Invalid value '${protocol}' for IP protocol. Unknown protocol.`,
  );
  if (/^sg-|\/sg-/.test(peer)) checkPeerGroup(s, group, peer);
  else if (!peer.startsWith("pl-") && !peer.includes(":"))
    checkNetwork(peer, "CIDR block of a security group rule");
}

/** Another group counts in the same VPC, or across an active peering connection in the same region. */
function checkPeerGroup(s: Situation, group: Held, peer: string): void {
  const [id = "", account = s.account] = peer.split("/").reverse();
  if (id === group.id) return;
  const other = s.world.find({ account, region: s.region }, id, ...securityGroupTypes);
  if (other === undefined) throw notFound(id);
  if (other.outputs.vpcId === group.outputs.vpcId) return;
  const pair = [group.outputs.vpcId, other.outputs.vpcId];
  const peered = connections(s.world).some(
    (each) => each.active && pair.includes(each.requester.vpcId) && pair.includes(each.accepter.vpcId),
  );
  refuse(
    !peered,
    "InvalidGroup.NotFound",
    `You have specified two resources that belong to different networks: ${group.id} and ${id}`,
  );
}

const identity = (rule: GroupRule): string =>
  [rule.direction, rule.protocol, rule.fromPort, rule.toPort, rule.peer.replace(/^\d{12}\/sg-/, "sg-")].join(
    "|",
  );

/** Refuses rules that are wrong, exist already or are too many. `others` are the group's rules without these. */
function checkRules(
  s: Situation,
  group: Held,
  added: readonly GroupRule[],
  others: readonly GroupRule[],
): void {
  const seen = new Set(others.map(identity));
  for (const rule of added) {
    checkRule(s, group, rule);
    refuse(
      seen.has(identity(rule)),
      "InvalidPermission.Duplicate",
      `the specified rule "${describe(rule)}" already exists in ${group.id}`,
    );
    seen.add(identity(rule));
  }
  const allowed = s.world.quotasOf(s.account).securityGroupRules ?? rulesPerDirection;
  for (const direction of ["ingress", "egress"] as const)
    for (const family of ["IPv4", "IPv6"] as const) {
      const counts = (rule: GroupRule): boolean => rule.direction === direction && countsIn(rule, family);
      const count = [...others, ...added].filter(counts).length;
      refuse(
        count > allowed && added.some(counts),
        "RulesPerSecurityGroupLimitExceeded",
        `The maximum number of rules per security group has been reached: ${count} ${direction} rules in ${group.id}, ${allowed} are allowed.`,
      );
    }
}

/** Characters that EC2 takes in names and descriptions of groups and rules: API reference of CreateSecurityGroup. */
const describable = /^[\w .\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

function checkDescription(description: unknown): void {
  refuse(
    !describable.test(text(description) ?? ""),
    "InvalidParameterValue",
    `Invalid security group description "${text(description) ?? ""}". Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
  );
}

/** Rules that the program no longer gives stay; an empty list takes them away. */
function inlineRules(s: Situation): Properties {
  return { ingress: s.kept("ingress", []), egress: s.kept("egress", []) };
}

function checkInline(s: Situation, id: string, vpcId: unknown): void {
  const inline = inlineRules(s);
  const itself = {
    ...{ type: "", id, account: s.account, region: s.region, generation: 0, inputs: {}, facts: {} },
    ...{ sequence: 0, implied: [], outputs: { ...s.inputs, ...inline, vpcId } },
  };
  const added = (["ingress", "egress"] as const).flatMap((direction) =>
    objects(inline[direction]).flatMap((block) => {
      checkAllProtocols(block);
      checkDescription(block.description);
      const rules = rulesOfBlock(itself, id, direction, block);
      refuse(
        rules.length === 0,
        "InvalidParameterValue",
        `an ${direction} rule of security group needs a peer: CIDR blocks, prefix lists, security groups or self`,
      );
      return rules;
    }),
  );
  const separate =
    s.previous === undefined ? [] : rulesOf(s.world, s.previous).filter((rule) => rule.owner !== s.previous);
  checkRules(s, itself, added, separate);
}

/** The provider's own check: with all protocols there are no ports. */
function checkAllProtocols(block: Properties): void {
  const [from, to] = [number(block.fromPort) ?? 0, number(block.toPort) ?? 0];
  refuse(
    protocolName(block.protocol) === "-1" && (from !== 0 || to !== 0),
    "InvalidParameterValue",
    `from_port (${from}) and to_port (${to}) must both be 0 to use the 'ALL' "-1" protocol!`,
  );
}

/** A read shows all rules, also those that other resources made, in the form of inline rules. */
function refreshGroup(group: Held, world: World): Properties {
  const form = (rule: GroupRule): Properties => {
    const ports =
      rule.protocol === "-1" ? { fromPort: 0, toPort: 0 } : { fromPort: rule.fromPort, toPort: rule.toPort };
    const shared = { protocol: rule.protocol, ...ports };
    if (rule.peer === group.id) return { ...shared, self: true };
    if (rule.peer.startsWith("pl-")) return { ...shared, prefixListIds: [rule.peer] };
    if (/^sg-|\/sg-/.test(rule.peer)) return { ...shared, securityGroups: [rule.peer] };
    return rule.peer.includes(":")
      ? { ...shared, ipv6CidrBlocks: [rule.peer] }
      : { ...shared, cidrBlocks: [rule.peer] };
  };
  const rules = rulesOf(world, group);
  return {
    ingress: rules.filter((rule) => rule.direction === "ingress").map(form),
    egress: rules.filter((rule) => rule.direction === "egress").map(form),
  };
}

/**
 * A group that another one of its VPC names stays; a rule of a peered VPC that names it becomes stale.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
 */
function groupRemovable(group: Held, world: World): void {
  const names = world
    .at(group, ...securityGroupTypes)
    .filter((other) => other !== group && other.outputs.vpcId === group.outputs.vpcId)
    .find((other) => rulesOf(world, other).some((rule) => rule.peer === group.id));
  const user = names ?? ownerOfInterfaceWith(world, group);
  refuse(
    user !== undefined,
    "DependencyViolation",
    `resource ${group.id} has a dependent object (${user?.id ?? ""})`,
  );
}

const peerNames = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/**
 * A rule's ports, protocol and peer change in place, the kind of its peer does not:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
 */
function separateRule(direction: "ingress" | "egress"): Behaviour {
  const kindOfPeer = (p: Properties): string | undefined =>
    peerNames.find((name) => text(p[name]) !== undefined);
  return {
    required: ["securityGroupId", "ipProtocol"],
    replaceOn: ["securityGroupId"],
    replaceIf: (before, after) => kindOfPeer(before) !== kindOfPeer(after),
    id: (s) => s.ec2Id("sgr"),
    computed: (s, id) => ({
      arn: s.arn("ec2", `security-group-rule/${id}`),
      securityGroupRuleId: id,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      checkDescription(s.inputs.description);
      oneOf(s.inputs, peerNames, true);
      const group = mustHaveSecurityGroup(s, s.inputs.securityGroupId);
      const protocol = protocolName(s.inputs.ipProtocol);
      const ports = [s.inputs.fromPort, s.inputs.toPort].filter((port) => port !== undefined);
      // The provider sends what it is given; of the other forms' rules for all protocols it leaves the ports out.
      refuse(
        protocol === "-1" && ports.length > 0,
        "InvalidParameterValue",
        "When protocol is ALL, you cannot specify from-port.",
      );
      refuse(
        (protocol === "tcp" || protocol === "udp") && ports.length < 2,
        "InvalidParameterValue",
        `fromPort and toPort are required with the protocol ${protocol}`,
      );
      const rule = ruleOfResource({ outputs: s.inputs }, direction);
      checkRules(
        s,
        group,
        [rule],
        rulesOf(s.world, group).filter((other) => other.owner !== s.previous),
      );
    },
    notFound: (id) =>
      new AwsError(
        "InvalidSecurityGroupRuleId.NotFound",
        `The security group rule ID '${id}' does not exist`,
      ),
  };
}

/** Security groups and their rules in all three forms. The provider removes EC2's allow-all outbound rule. */
export const securityGroupBehaviours: Behaviours = {
  "aws:ec2/securityGroup:SecurityGroup": {
    autoName: { property: "name", maxLength: 255 },
    replaceOn: ["name", "namePrefix", "description", "vpcId"],
    id: (s) => s.ec2Id("sg"),
    defaults: (s) => ({
      description: "Managed by Pulumi",
      revokeRulesOnDelete: false,
      ...inlineRules(s),
    }),
    computed: (s, id) => ({
      arn: s.arn("ec2", `security-group/${id}`),
      ownerId: s.account,
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      refuse(s.inputs.vpcId === undefined, "VPCIdNotSpecified", "No default VPC for this user");
      const vpc = mustHaveVpc(s, s.inputs.vpcId);
      const name = s.physicalName();
      checkDescription(s.inputs.description);
      refuse(
        !describable.test(name) || name.startsWith("sg-"),
        "InvalidParameterValue",
        `Value (${name}) for parameter GroupName is invalid`,
      );
      const other = s
        .others(...securityGroupTypes)
        .find((held) => held.outputs.vpcId === vpc.id && held.outputs.name === name);
      refuse(
        other !== undefined,
        "InvalidGroup.Duplicate",
        `The security group '${name}' already exists for VPC '${vpc.id}' (${other?.id ?? ""})`,
      );
      checkInline(s, s.previous?.id ?? s.ec2Id("sg"), vpc.id);
    },
    refresh: refreshGroup,
    removable: groupRemovable,
    notFound,
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    replaceOn: ["vpcId"],
    // AWS made it with the VPC, and it is taken over.
    identity: ({ outputs }) => text(outputs.vpcId),
    id: (s) => String(s.find(text(s.inputs.vpcId), ...vpcTypes)?.outputs.defaultSecurityGroupId),
    defaults: (s) => ({ revokeRulesOnDelete: false, ...inlineRules(s) }),
    computed: (s, id) => ({
      arn: s.arn("ec2", `security-group/${id}`),
      ...{ ownerId: s.account, name: "default", description: "default VPC security group" },
      tagsAll: object(s.inputs.tags),
    }),
    check: (s) => {
      refuse(s.inputs.vpcId === undefined, "VPCIdNotSpecified", "No default VPC for this user");
      const vpc = mustHaveVpc(s, s.inputs.vpcId);
      checkInline(s, String(vpc.outputs.defaultSecurityGroupId), vpc.id);
    },
    refresh: refreshGroup,
    notFound,
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": separateRule("ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": separateRule("egress"),
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    required: ["fromPort", "protocol", "securityGroupId", "toPort", "type"],
    replaceOn: [
      ...["type", "protocol", "fromPort", "toPort", "securityGroupId", "cidrBlocks", "ipv6CidrBlocks"],
      ...["prefixListIds", "sourceSecurityGroupId", "self"],
    ],
    // https://github.com/pulumi/pulumi-aws/pull/2097
    deletedFirst: true,
    id: (s) => `sgrule-${s.token(9, "digits")}`,
    defaults: () => ({ self: false }),
    computed: (s) => ({ securityGroupRuleId: s.ec2Id("sgr") }),
    check: (s) => {
      const type = s.inputs.type;
      refuse(
        type !== "ingress" && type !== "egress",
        "InvalidParameterValue",
        `expected type to be one of ["egress" "ingress"], got ${String(type)}`,
      );
      const group = mustHaveSecurityGroup(s, s.inputs.securityGroupId);
      const rules = rulesOfBlock(group, group.id, type as "ingress" | "egress", s.inputs);
      const peers = { ...s.inputs, self: s.inputs.self === true || undefined };
      oneOf(peers, ["sourceSecurityGroupId", "self", "cidrBlocks"], false);
      oneOf(peers, ["sourceSecurityGroupId", "self", "ipv6CidrBlocks"], false);
      refuse(
        rules.length === 0,
        "MissingParameter",
        "One of ['cidrBlocks', 'ipv6CidrBlocks', 'self', 'sourceSecurityGroupId', 'prefixListIds'] must be set to create an AWS Security Group Rule",
      );
      checkRules(
        s,
        group,
        rules,
        rulesOf(s.world, group).filter((other) => other.owner !== s.previous),
      );
    },
  },
};
