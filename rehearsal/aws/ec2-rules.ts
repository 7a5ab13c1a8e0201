import { number, objects, text, texts } from "./properties";
import type { Held, World } from "./world";

/** A rule of a security group. */
export interface GroupRule {
  owner: Held;
  groupId: string;
  direction: "ingress" | "egress";
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` or a number. */
  protocol: string;
  fromPort: number;
  toPort: number;
  /** A CIDR block, prefix list id or security group id. */
  peer: string;
}

const protocolNames: Record<string, string> = {
  "6": "tcp",
  "17": "udp",
  "1": "icmp",
  "58": "icmpv6",
  all: "-1",
};

/** One spelling for a protocol. */
export function protocolName(value: unknown): string {
  const given = (typeof value === "number" ? String(value) : (text(value) ?? "-1")).toLowerCase();
  return protocolNames[given] ?? given;
}

/** The rules that an inline block, or a legacy rule resource, makes: one for each peer. */
export function rulesOfBlock(
  owner: Held,
  groupId: string,
  direction: "ingress" | "egress",
  block: Record<string, unknown>,
): GroupRule[] {
  const self = block.self === true ? [groupId] : [];
  const peers = [
    ...texts(block.cidrBlocks),
    ...texts(block.ipv6CidrBlocks),
    ...texts(block.prefixListIds),
    ...texts(block.securityGroups),
    ...texts(block.sourceSecurityGroupId),
    ...self,
  ];
  const protocol = protocolName(block.protocol);
  const [fromPort, toPort] =
    protocol === "-1" ? [-1, -1] : [number(block.fromPort) ?? 0, number(block.toPort) ?? 0];
  return peers.map((peer) => ({ owner, groupId, direction, protocol, fromPort, toPort, peer }));
}

/** All rules of a security group, whichever resource made them. */
export function rulesOf(world: World, group: Held): GroupRule[] {
  const rules: GroupRule[] = [];
  for (const direction of ["ingress", "egress"] as const) {
    for (const block of objects(group.outputs[direction]))
      rules.push(...rulesOfBlock(group, group.id, direction, block));
    const suffix = direction === "ingress" ? "Ingress" : "Egress";
    for (const held of world.at(group, `aws:vpc/securityGroup${suffix}Rule:SecurityGroup${suffix}Rule`))
      if (held.outputs.securityGroupId === group.id) rules.push(ruleOfResource(held, direction));
  }
  for (const held of world.at(group, "aws:ec2/securityGroupRule:SecurityGroupRule"))
    if (held.outputs.securityGroupId === group.id)
      rules.push(
        ...rulesOfBlock(held, group.id, held.outputs.type === "egress" ? "egress" : "ingress", held.outputs),
      );
  return rules;
}

/** The rule of a `vpc.SecurityGroupIngressRule` or `EgressRule`. */
export function ruleOfResource(held: Pick<Held, "outputs">, direction: "ingress" | "egress"): GroupRule {
  const p = held.outputs;
  const protocol = protocolName(p.ipProtocol);
  const [fromPort, toPort] =
    protocol === "-1" ? [-1, -1] : [number(p.fromPort) ?? -1, number(p.toPort) ?? -1];
  const peer =
    text(p.cidrIpv4) ?? text(p.cidrIpv6) ?? text(p.prefixListId) ?? text(p.referencedSecurityGroupId) ?? "";
  return {
    owner: held as Held,
    groupId: String(p.securityGroupId),
    direction,
    protocol,
    fromPort,
    toPort,
    peer,
  };
}
