import type { Behaviours, Situation } from "./behaviour";
import { refuse } from "./behaviour";
import type { GroupRule } from "./ec2-rules";
import {
  checkDescription,
  checkRules,
  describable,
  groupNotFound,
  securityGroupRuleBehaviours,
} from "./ec2-security-group-rules";
import { mustHaveVpc, refuseDefault, securityGroupTypes, vpcTypes } from "./ec2-facts";
import { ownerOfInterfaceWith } from "./ec2-interfaces";
import { protocolName, rulesOf, rulesOfBlock } from "./ec2-rules";
import type { Properties } from "./properties";
import { number, object, objects, text } from "./properties";
import type { Held, World } from "./world";

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
  refuseDefault(
    ...([world, group, "defaultSecurityGroupId", "CannotDelete"] as const),
    `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
  );
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
    notFound: groupNotFound,
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
    notFound: groupNotFound,
  },
  ...securityGroupRuleBehaviours,
};
