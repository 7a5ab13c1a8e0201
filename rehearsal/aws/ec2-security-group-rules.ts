import { AwsError } from "./aws-error";
import type { Behaviour, Behaviours, Situation } from "./behaviour";
import { oneOf, refuse } from "./behaviour";
import type { GroupRule } from "./ec2-rules";
import { connections } from "./ec2-connections";
import { checkNetwork, mustHaveSecurityGroup, securityGroupTypes } from "./ec2-facts";
import { protocolName, ruleOfResource, rulesOf, rulesOfBlock } from "./ec2-rules";
import type { Properties } from "./properties";
import { object, text } from "./properties";
import type { Held } from "./world";

/** EC2's refusal of an unknown group. */
export const groupNotFound = (id: string): AwsError =>
  new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);

/**
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups (default). Rules for IPv4
 * and for IPv6 count apart; a rule that names a group or a prefix list counts in both (and a list as one, not by its size).
 */
const rulesPerDirection = 60;

function countsIn(rule: GroupRule, family: "IPv4" | "IPv6"): boolean {
  const isBlock = rule.peer.includes("/") && !/^\d{12}\/sg-/.test(rule.peer);
  return !isBlock || rule.peer.includes(":") === (family === "IPv6");
}

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
  if (other === undefined) throw groupNotFound(id);
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
export function checkRules(
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
export const describable = /^[\w .\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

/** Refuses a description with other characters. */
export function checkDescription(description: unknown): void {
  refuse(
    !describable.test(text(description) ?? ""),
    "InvalidParameterValue",
    `Invalid security group description "${text(description) ?? ""}". Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
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

/** Rules of security groups as resources of their own, in both forms. */
export const securityGroupRuleBehaviours: Behaviours = {
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
