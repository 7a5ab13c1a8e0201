import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { Verdict } from "../../proof/proof";
import { Unknown } from "../../resources/resource";
import { GATEWAY, PAYMENTS, groupArn } from "./building-blocks";
import type { Change } from "./changes";
import { declare } from "./declare";
import { find, landscape, set } from "./landscape";

const ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment";

/** Gives the cards' listener and target group their protocols. */
function protocols(listener: string, group: string): Change {
  return (stacks) => {
    set(stacks, "Listener", "cards", { protocol: listener });
    set(stacks, "TargetGroup", "cards", { protocol: group, preserveClientIp: undefined });
    // Client addresses are preserved for every protocol beside plain TCP.
    for (const name of ["cards-0", "cards-1"])
      set(stacks, "SecurityGroupIngressRule", name, { cidrIpv4: "10.0.0.0/16" });
  };
}

function container(loadBalancers: unknown): Change {
  return (stacks) => {
    set(stacks, "Group", "service", { targetGroupArns: [] });
    set(stacks, "TargetGroup", "service", { targetType: "ip" });
    declare(stacks, 1, "aws:ecs/service:Service", "ecs-1", { loadBalancers });
  };
}

// prettier-ignore
const ROWS: [title: string, change: Change, target: string, verdict: Verdict, code?: string][] = [
  ["a TCP listener forwards to a group for TCP and UDP", protocols("TCP", "TCP_UDP"), "cards", "reachable"],
  ["a listener for TCP and UDP forwards to such a group", protocols("TCP_UDP", "TCP_UDP"), "cards", "reachable"],
  ["a listener for TCP and QUIC forwards to such a group", protocols("TCP_QUIC", "TCP_QUIC"), "cards", "reachable"],
  ["a listener for TCP and UDP forwards to a TCP group", protocols("TCP_UDP", "TCP"), "cards", "blocked", "PROTOCOL_MISMATCH"],
  ["a TCP listener forwards to a TLS group", protocols("TCP", "TLS"), "cards", "blocked", "PROTOCOL_MISMATCH"],
  ["a TLS listener forwards to a TLS group", protocols("TLS", "TLS"), "cards", "unknown"],
  ["a V1 link's balancer is in another account", (s) => void (find(s, "LoadBalancer", "legacy").account = PAYMENTS), "legacy", "blocked", "LINK_TARGET_REFUSED"],
  ["a V1 link's balancer is in another region", (s) => void (find(s, "LoadBalancer", "legacy").region = "us-west-2"), "legacy", "blocked", "LINK_TARGET_REFUSED"],
  ["a V2 link's balancer is in another account that shares the VPC", (s) => void (find(s, "LoadBalancer", "shared").account = PAYMENTS), "cards", "blocked", "LINK_TARGET_REFUSED"],
  ["a node is pinned outside of its subnet", (s) => set(s, "LoadBalancer", "legacy", { subnetMappings: [{ subnetId: "subnet-g1", privateIpv4Address: "10.0.2.30" }] }), "legacy", "blocked", "NODE_REFUSED"],
  ["an address is registered with a group of instances", (s) => {
    set(s, "Group", "service", { targetGroupArns: [] });
    declare(s, 1, ATTACHMENT, "tga-1", { targetGroupArn: groupArn(PAYMENTS, "service"), targetId: "10.1.1.77", port: 8080 });
  }, "payments", "blocked", "TARGET_REFUSED"],
  ["an auto scaling group is attached to a group of addresses", (s) => set(s, "TargetGroup", "service", { targetType: "ip" }), "payments", "blocked", "TARGET_REFUSED"],
  ["a container service registers its tasks", container([{ targetGroupArn: groupArn(PAYMENTS, "service"), containerName: "app", containerPort: 8080 }]), "payments", "unknown", "NOT_MODELLED"],
  ["a container service does not tell its target groups", container(new Unknown("computed")), "payments", "unknown", "NOT_MODELLED"],
  ["a container service registers its tasks elsewhere", container([{ targetGroupArn: groupArn(GATEWAY, "other") }]), "payments", "blocked", "TARGET_GROUP_EMPTY"],
];

describe("the proof on the rules of balancers and targets", () => {
  for (const [title, change, name, verdict, code] of ROWS) {
    it(`finds ${name} ${verdict} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      const target = prove(stacks).targets.find((entry) => entry.name === name);
      assert.equal(target?.verdict, verdict);
      if (code !== undefined) assert.ok(target.findings.some((finding) => finding.code === code));
    });
  }
});
