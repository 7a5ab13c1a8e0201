import type { Cidr } from "../../common/ipv4";
import type { Resource } from "../../resources/resource";
import type { Graph } from "../graph/graph";
import type { Direction, GroupRules, RuleSet, SecurityGroup } from "../graph/security-groups";
import { known } from "../graph/values";
import { rangeText, type Interface } from "./interface";
import { isTaken } from "./place";
import { GIVE_FILE, type Check } from "./trail";

type Answer =
  { kind: "admitted"; rule: Resource } | { kind: "maybe"; rule?: Resource; why: string } | { kind: "denied" };

interface Question {
  direction: Direction;
  port: number;
  peers: Cidr;
  /** Groups of the peer that a rule may refer to. */
  peerGroups: string[];
  /** False when the peer may have groups that the files do not tell. */
  peerGroupsKnown: boolean;
}

function ruleSets(rules: GroupRules, port: number): RuleSet[] {
  const exact = rules.byPort.get(port);
  const ranges = rules.ranges.filter(({ from, to }) => from <= port && port <= to).map(({ set }) => set);
  return exact === undefined ? ranges : [exact, ...ranges];
}

/** True when the blocks together hold the whole range. */
function covers(blocks: Cidr[], range: Cidr): boolean {
  let next = range.start;
  for (const block of [...blocks].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    if (block.start > next) return false;
    if (block.end >= next) next = block.end + 1n;
  }
  return next > range.end;
}

interface Asked {
  answer: Answer;
  /** Blocks that rules admit and that hold a part of the peers' addresses. */
  partial: { block: Cidr; rule: Resource }[];
}

/** What the group's rules say; rules that only an earlier read shows leave it open. */
function ask(group: SecurityGroup, question: Question): Asked {
  const told = askRules(group, group.rules[question.direction], question);
  if (told.answer.kind !== "denied") return told;
  const read = askRules(group, group.asRead[question.direction], question);
  if (read.answer.kind === "denied" && read.partial.length === 0) return told;
  const why = "a rule that admits it was read, but no file declares it, so that it may be gone since";
  return { answer: { kind: "maybe", rule: group.resource, why }, partial: told.partial };
}

function askRules(group: SecurityGroup, rules: GroupRules, question: Question): Asked {
  const partial: { block: Cidr; rule: Resource }[] = [];
  let maybe: Answer | undefined;
  for (const set of ruleSets(rules, question.port)) {
    for (const { values } of set.blocks.covering(question.peers)) {
      const [rule] = values;
      if (rule !== undefined) return { answer: { kind: "admitted", rule }, partial };
    }
    for (const peer of question.peerGroups) {
      const rule = set.groups.get(peer);
      if (rule !== undefined) return { answer: { kind: "admitted", rule }, partial };
    }
    if (question.peers.prefix < 32) {
      for (const { block, values } of set.blocks.inside(question.peers)) {
        const [rule] = values;
        if (rule !== undefined) partial.push({ block, rule });
      }
    }
    if (!question.peerGroupsKnown && set.groups.size > 0) {
      maybe ??= {
        kind: "maybe",
        rule: [...set.groups.values()][0],
        why: "a rule refers to a security group, and the peer's are not known",
      };
    }
    const [untold] = set.untold;
    if (untold !== undefined)
      maybe ??= { kind: "maybe", rule: untold, why: "a rule whose peers the files do not tell may admit it" };
  }
  if (rules.incomplete) {
    maybe ??= { kind: "maybe", rule: group.resource, why: "not all rules of the group are in the file" };
  }
  return { answer: maybe ?? { kind: "denied" }, partial };
}

const GROUP_TYPES = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
];

/**
 * A group filters interfaces of its own VPC, and of VPCs that it is associated with.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html
 */
function isForeign(graph: Graph, group: SecurityGroup, vpcId: string | undefined): boolean {
  if (group.vpcId === undefined || vpcId === undefined || group.vpcId === vpcId) return false;
  return !graph.inventory
    .of("aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation")
    .some(
      ({ resource }) =>
        (known(resource, "securityGroupId") ?? group.id) === group.id &&
        (known(resource, "vpcId") ?? vpcId) === vpcId,
    );
}

/**
 * Which of the peer's groups a rule of `own` may refer to: a reference holds within one VPC, and across a peering
 * only within one region.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
 */
function referable(graph: Graph, own: Interface, peer: Interface[]): string[] {
  const found: string[] = [];
  for (const end of peer) {
    if (end.groups.length === 0) continue;
    const sameVpc = end.vpcId === own.vpcId;
    const regions = [own.subnet?.region, end.subnet?.region];
    const crossRegion = regions[0] !== undefined && regions[1] !== undefined && regions[0] !== regions[1];
    if (crossRegion && !sameVpc) continue;
    for (const id of end.groups) if (sameVpc || graph.groups.has(id)) found.push(id);
  }
  return found;
}

/**
 * Whether the security groups of `own` let a TCP packet to `port` pass, inbound from or outbound to `peer`. The groups'
 * rules add up, and nothing that no rule admits passes. A peer of which only a range of addresses is known is admitted
 * when the whole range is; when only a part of it is, the answer is unknown. Groups are stateful: answers need no rule.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 * @param alsoFrom further interfaces whose groups count as the peer's, such as a balancer that preserves the client.
 */
export function admits(
  graph: Graph,
  own: Interface,
  direction: Direction,
  peer: Interface,
  port: number,
  alsoFrom: Interface[] = [],
): Check {
  const arrow = direction === "inbound" ? "from" : "to";
  const from = alsoFrom[0] ?? peer;
  const packet = `tcp ${port} ${arrow} ${rangeText(peer.range)}`;
  const step = "security-group";
  if (own.groups.length === 0 && own.groupsKnown) {
    return {
      step,
      verdict: "reachable",
      text: `${own.label} has no security group: ${packet} passes`,
      at: own.resource,
    };
  }
  const question: Question = {
    direction,
    port,
    peers: peer.range,
    peerGroups: referable(graph, own, [peer, ...alsoFrom]),
    peerGroupsKnown: [peer, ...alsoFrom].every((end) => end.groupsKnown),
  };
  const pieces: { block: Cidr; rule: Resource }[] = [];
  let gone: Pick<Check, "text" | "at" | "fix"> | undefined;
  let maybe: Extract<Answer, { kind: "maybe" }> | undefined;
  for (const id of own.groups) {
    const group = graph.groups.get(id);
    if (group === undefined && graph.inventory.removed(own.resource, ...GROUP_TYPES)) {
      gone ??= {
        text: `security group ${id} of ${own.label} has been removed`,
        at: own.resource,
        fix: `restore security group ${id}, or name another`,
      };
      continue;
    }
    if (group === undefined) {
      maybe ??= { kind: "maybe", why: `security group ${id} is in no file` };
      continue;
    }
    if (isForeign(graph, group, own.vpcId)) {
      gone ??= {
        text: `security group ${id} of ${own.label} belongs to ${group.vpcId}, not to ${own.vpcId}`,
        at: group.resource,
        fix: `give ${own.label} a security group of ${own.vpcId}`,
      };
      continue;
    }
    const { answer, partial } = ask(group, question);
    if (answer.kind === "admitted") {
      return { step, verdict: "reachable", text: `${id} of ${own.label} admits ${packet}`, at: answer.rule };
    }
    if (answer.kind === "maybe") maybe ??= answer;
    // An address that another interface has is not one of the peer's.
    pieces.push(
      ...partial.filter(({ block }) => peer.subnet === undefined || !isTaken(graph, peer.subnet.id, block)),
    );
  }
  if (gone !== undefined)
    return { step, verdict: "blocked", id: own.groups[0], code: "ENI_SG_RULES_MISMATCH", ...gone };
  const groups = own.groups.join(", ") || "the groups";
  const [piece] = pieces;
  if (
    piece !== undefined &&
    covers(
      pieces.map(({ block }) => block),
      peer.range,
    )
  ) {
    return { step, verdict: "reachable", text: `${groups} of ${own.label} admit ${packet}`, at: piece.rule };
  }
  if (!own.groupsKnown) maybe ??= { kind: "maybe", why: "the files do not tell which groups it has" };
  if (piece !== undefined)
    maybe ??= {
      kind: "maybe",
      rule: piece.rule,
      why: "rules admit only a part of these addresses, and the exact one is not known",
    };
  const at = graph.groups.get(own.groups[0] ?? "")?.resource;
  // Within one VPC a rule that names the peer's group mends all of the peer's addresses at once.
  const reference = from.vpcId === own.vpcId ? from.groups.find((id) => graph.groups.has(id)) : undefined;
  const wanted = `tcp ${port} ${arrow} ${reference ?? rangeText(peer.range)}`;
  const fix = `add to ${own.groups[0] ?? "the group"} an ${direction} rule for ${wanted}`;
  if (maybe !== undefined) {
    const text = `whether ${groups} of ${own.label} admit ${packet} is not known: ${maybe.why}`;
    const missing = maybe.rule === undefined;
    return {
      step,
      verdict: "unknown",
      text,
      at: maybe.rule ?? at ?? own.resource,
      id: own.groups[0],
      code: "ENI_SG_RULES_UNKNOWN",
      fix: missing ? GIVE_FILE : piece !== undefined ? `pin the addresses, or ${fix}` : fix,
    };
  }
  return {
    step,
    verdict: "blocked",
    text: `${groups} of ${own.label} admits no ${packet}`,
    at: at ?? own.resource,
    id: own.groups[0],
    code: "ENI_SG_RULES_MISMATCH",
    fix,
  };
}
