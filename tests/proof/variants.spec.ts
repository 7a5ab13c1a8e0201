import assert from "node:assert/strict";
import type { StackResources } from "../../resources/resource";
import { prove } from "../../proof/prove";
import { CARDS, groupArn } from "./building-blocks";
import { all, find, landscape, remove, set } from "./landscape";

function verdicts(stacks: StackResources[]): Record<string, string> {
  return Object.fromEntries(prove(stacks).targets.map((target) => [target.name, target.verdict]));
}

describe("the proof of other ways to declare the same, and of near misses", () => {
  it("stays reachable when the requester's copy of the connection is stale", () => {
    const stacks = landscape();
    set(stacks, "VpcPeeringConnection", "cards", { acceptStatus: "pending-acceptance" });
    assert.equal(verdicts(stacks).cards, "reachable");
  });

  it("stays reachable when cross-zone balancing makes up for instances in one zone", () => {
    const stacks = landscape();
    set(stacks, "Group", "service", { vpcZoneIdentifiers: ["subnet-p1"] });
    set(stacks, "LoadBalancer", "service", { enableCrossZoneLoadBalancing: true });
    assert.equal(verdicts(stacks).payments, "reachable");
  });

  it("reaches instances that see the preserved client when they admit it", () => {
    const stacks = landscape();
    set(stacks, "TargetGroup", "service", { preserveClientIp: undefined });
    assert.equal(verdicts(stacks).payments, "reachable");
  });

  it("blocks instances that see the preserved client when their subnet has no way back to it", () => {
    const stacks = landscape();
    set(stacks, "TargetGroup", "service", { preserveClientIp: "true" });
    set(stacks, "SecurityGroupIngressRule", "app-nlb", {
      referencedSecurityGroupId: undefined,
      cidrIpv4: "10.1.0.0/16",
    });
    assert.equal(verdicts(stacks).payments, "blocked");
  });

  it("does not decide when a node's address is not pinned and only one address is admitted", () => {
    const stacks = landscape();
    set(stacks, "LoadBalancer", "shared", { subnetMappings: [], subnets: ["subnet-g1", "subnet-g2"] });
    assert.equal(verdicts(stacks).cards, "unknown");
  });

  it("reaches services from nodes without pinned addresses when whole subnets are admitted", () => {
    const stacks = landscape();
    set(stacks, "LoadBalancer", "shared", { subnetMappings: [], subnets: ["subnet-g1", "subnet-g2"] });
    set(stacks, "SecurityGroupIngressRule", "cards-0", { cidrIpv4: "10.0.1.0/24" });
    set(stacks, "SecurityGroupIngressRule", "cards-1", { cidrIpv4: "10.0.2.0/24" });
    assert.equal(verdicts(stacks).cards, "reachable");
  });

  it("names the part that fails when only some addresses work", () => {
    const stacks = landscape();
    remove(stacks, "SecurityGroupEgressRule", "to-payments-2");
    const target = prove(stacks).targets.find(({ name }) => name === "payments");
    const partly =
      target?.findings.filter(({ code }) => code === "PARTLY_REACHABLE").map(({ message }) => message) ?? [];
    assert.equal(target?.verdict, "blocked");
    assert.ok(
      partly.some((message) => message.includes("only 1 of 2 targets") && message.includes("10.1.2.10:8080")),
    );
  });

  it("reads weighted forward actions", () => {
    const stacks = landscape();
    const forward = { targetGroups: [{ arn: groupArn("111111111111", "cards"), weight: 1 }] };
    set(stacks, "Listener", "cards", { defaultActions: [{ type: "forward", forward }] });
    assert.equal(verdicts(stacks).cards, "reachable");
    remove(stacks, "TargetGroupAttachment", "cards-10.2.1.20");
    assert.equal(verdicts(stacks).cards, "blocked");
  });

  it("reads inline routes like separate ones", () => {
    const stacks = landscape();
    remove(stacks, "Route", "rtb-subnet-p3-10.0.0.0/16");
    assert.equal(verdicts(stacks).ledger, "blocked");
    set(stacks, "RouteTable", "rtb-subnet-p3", {
      routes: [{ cidrBlock: "10.0.0.0/16", vpcPeeringConnectionId: "pcx-payments" }],
    });
    assert.equal(verdicts(stacks).ledger, "reachable");
  });

  it("reads inline rules and the older rule resources like the newer ones", () => {
    const stacks = landscape();
    remove(stacks, "SecurityGroupIngressRule", "ledger-0");
    assert.equal(verdicts(stacks).ledger, "blocked");
    set(stacks, "SecurityGroup", "sg-ledger", {
      ingress: [{ protocol: "tcp", fromPort: 8000, toPort: 9000, cidrBlocks: ["10.0.1.0/24"] }],
    });
    assert.equal(verdicts(stacks).ledger, "reachable");
    set(stacks, "SecurityGroup", "sg-ledger", { ingress: [] });
    assert.equal(verdicts(stacks).ledger, "blocked");
    const old = find(stacks, "SecurityGroupIngressRule", "ledger-1");
    const legacy = {
      securityGroupId: "sg-ledger",
      type: "ingress",
      protocol: "-1",
      fromPort: 0,
      toPort: 0,
      cidrBlocks: ["10.0.1.0/24"],
    };
    stacks[1]?.resources.push({
      ...old,
      type: "aws:ec2/securityGroupRule:SecurityGroupRule",
      urn: "urn:old",
      id: "sgrule-1",
      outputs: legacy,
      inputs: legacy,
    });
    assert.equal(verdicts(stacks).ledger, "reachable");
  });

  it("takes the more specific route", () => {
    const stacks = landscape();
    const route = find(stacks, "Route", "rtb-subnet-g1-10.2.0.0/16");
    const values = {
      ...route.outputs,
      destinationCidrBlock: "10.2.1.0/24",
      vpcPeeringConnectionId: "pcx-payments",
    };
    stacks[0]?.resources.push({
      ...route,
      urn: `${route.urn}-more`,
      id: "r-more",
      outputs: values,
      inputs: values,
    });
    assert.equal(verdicts(stacks).cards, "blocked");
  });

  it("finds the account of a link that is in another account wrong", () => {
    const stacks = landscape();
    find(stacks, "VpcLink", "link").account = CARDS;
    assert.equal(verdicts(stacks).cards, "blocked");
  });

  it("keeps the fixture's ids apart, so that a removal removes one thing", () => {
    const ids = all(landscape())
      .filter(({ type }) => !/Accepter|VpcPeeringConnection/.test(type))
      .map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});
