import assert from "node:assert/strict";
import { Bench, provider } from "./bench";

function withGroup(): { bench: Bench; vpcId: string; group: string } {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  return { bench, vpcId, group: bench.id("group", "web", { vpcId }) };
}

const cidrIpv4 = "10.1.0.0/32";
const open = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
const https = { ...open, cidrIpv4 };

describe("simulated security groups", () => {
  it("has no outbound rule unless one is given, and a generated name", () => {
    const bench = new Bench();
    const { id, outputs } = bench.put("group", "web", { vpcId: bench.vpc("net", "10.0.0.0/16") });
    assert.match(id, /^sg-[0-9a-f]{17}$/);
    assert.deepEqual(outputs.egress, []);
    assert.match(String(outputs.name), /^web-[0-9a-f]{7}$/);
    assert.equal(outputs.description, "Managed by Pulumi");
  });

  it("shows the rules of all resources when the group is read", () => {
    const { bench, group } = withGroup();
    bench.put("ingress", "r", { securityGroupId: group, ...https });
    bench.put("groupRule", "e", {
      type: "egress",
      securityGroupId: group,
      protocol: "tcp",
      fromPort: 1,
      toPort: 2,
      cidrBlocks: ["10.2.0.0/24"],
    });
    const read = bench.read("group", group);
    assert.deepEqual(read.ingress, [
      { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.1.0.0/32"] },
    ]);
    assert.deepEqual(read.egress, [{ protocol: "tcp", fromPort: 1, toPort: 2, cidrBlocks: ["10.2.0.0/24"] }]);
  });

  it("refuses a rule twice, however it is spelt, but not for another port, peer or direction", () => {
    const { bench, group } = withGroup();
    bench.put("ingress", "r", { securityGroupId: group, ...https });
    bench.refuses("InvalidPermission.Duplicate", "ingress", "s", { securityGroupId: group, ...https });
    bench.refuses("InvalidPermission.Duplicate", "ingress", "s", {
      securityGroupId: group,
      ...https,
      ipProtocol: "6",
    });
    const legacy = { type: "ingress", securityGroupId: group, protocol: "tcp", fromPort: 443, toPort: 443 };
    bench.refuses("InvalidPermission.Duplicate", "groupRule", "s", {
      ...legacy,
      cidrBlocks: ["10.1.0.0/32"],
    });
    bench.put("egress", "t", { securityGroupId: group, ...https });
    bench.put("ingress", "u", { securityGroupId: group, ...https, cidrIpv4: "10.1.0.1/32" });
    bench.put("ingress", "v", { securityGroupId: group, ...https, fromPort: 442 });
  });

  it("refuses descriptions with characters that EC2 does not take, of groups and of rules", () => {
    const { bench, vpcId, group } = withGroup();
    const description = "the gateway's balancer";
    bench.refuses("InvalidParameterValue", "group", "odd", { vpcId, description });
    bench.refuses("InvalidParameterValue", "group", "odd", {
      vpcId,
      ingress: [{ protocol: "tcp", fromPort: 1, toPort: 1, cidrBlocks: [cidrIpv4], description }],
    });
    bench.refuses("InvalidParameterValue", "ingress", "odd", {
      securityGroupId: group,
      ...https,
      description,
    });
    bench.put("ingress", "even", {
      securityGroupId: group,
      ...https,
      description: "the balancer of (a) gateway",
    });
  });

  it("refuses an inline rule twice", () => {
    const { bench, vpcId } = withGroup();
    const rule = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.1.0.0/16"] };
    bench.refuses("InvalidPermission.Duplicate", "group", "x", { vpcId, ingress: [rule, rule] });
  });

  it("refuses ports out of range or in the wrong order, and missing ones", () => {
    const { bench, group } = withGroup();
    for (const [fromPort, toPort] of [
      [-1, 80],
      [80, 65536],
      [443, 80],
    ])
      bench.refuses("InvalidParameterValue", "ingress", "r", {
        securityGroupId: group,
        ...https,
        fromPort,
        toPort,
      });
    bench.refuses("InvalidParameterValue", "ingress", "r", {
      securityGroupId: group,
      ipProtocol: "tcp",
      cidrIpv4: "10.0.0.0/8",
    });
    bench.refuses("InvalidParameterValue", "ingress", "r", {
      securityGroupId: group,
      ...https,
      ipProtocol: "tpc",
    });
  });

  it("refuses a rule without peer, with two, and with host bits in its block", () => {
    const { bench, group } = withGroup();

    bench.refuses("MissingParameter", "ingress", "r", { securityGroupId: group, ...open });
    bench.refuses("InvalidParameterCombination", "ingress", "r", {
      securityGroupId: group,
      ...open,
      cidrIpv4,
      referencedSecurityGroupId: group,
    });
    bench.refuses("InvalidParameterValue", "ingress", "r", {
      securityGroupId: group,
      ...open,
      cidrIpv4: "10.1.0.1/16",
    });
    const legacy = { type: "ingress", securityGroupId: group, protocol: "tcp", fromPort: 1, toPort: 1 };
    bench.refuses("MissingParameter", "groupRule", "r", legacy);
    bench.refuses("InvalidParameterValue", "ingress", "r", {
      securityGroupId: group,
      ...https,
      ipProtocol: "-1",
    });
    bench.refuses("InvalidParameterValue", "groupRule", "r", {
      ...legacy,
      type: "inbound",
      cidrBlocks: ["10.0.0.0/8"],
    });
  });

  it("refuses the 61st rule of a direction and not the first of the other one", () => {
    const { bench, group } = withGroup();
    for (let n = 0; n < 60; n++)
      bench.put("egress", `r${n}`, { securityGroupId: group, ...https, cidrIpv4: `10.1.0.${n}/32` });
    bench.refuses("RulesPerSecurityGroupLimitExceeded", "egress", "r60", {
      securityGroupId: group,
      ...https,
      cidrIpv4: "10.1.0.60/32",
    });
    bench.put("ingress", "first", { securityGroupId: group, ...https });
  });

  it("refuses groups that do not exist, are another account's or another network's", () => {
    const { bench, group } = withGroup();

    bench.refuses("InvalidGroup.NotFound", "ingress", "r", { securityGroupId: "sg-0", ...https });
    bench.refuses(
      "InvalidGroup.NotFound",
      "ingress",
      "r",
      { securityGroupId: group, ...https },
      undefined,
      provider,
    );
    const other = bench.id("group", "other", { vpcId: bench.vpc("other", "10.9.0.0/16") });
    bench.refuses(
      "InvalidGroup.NotFound",
      "ingress",
      "r",
      { securityGroupId: group, ...open, referencedSecurityGroupId: other },
      /different networks/,
    );
  });

  it("accepts a group of a peered VPC once the connection is active", () => {
    const { bench, vpcId, group } = withGroup();

    const peerVpcId = bench.vpc("peer", "10.1.0.0/16", provider);
    const far = bench.id("group", "far", { vpcId: peerVpcId }, provider);
    const pcx = bench.id("peering", "p", { vpcId, peerVpcId, peerOwnerId: provider });
    const rule = { securityGroupId: group, ...open, referencedSecurityGroupId: `${provider}/${far}` };
    bench.refuses("InvalidGroup.NotFound", "ingress", "r", rule);
    bench.put("accepter", "a", { vpcPeeringConnectionId: pcx, autoAccept: true }, provider);
    assert.equal(bench.put("ingress", "r", rule).change, "create");
  });

  it("changes a rule in place, and replaces it for another group", () => {
    const { bench, vpcId, group } = withGroup();
    bench.put("ingress", "r", { securityGroupId: group, ...https });
    assert.equal(
      bench.put("ingress", "r", { securityGroupId: group, ...https, toPort: 444 }).change,
      "update",
    );
    const other = bench.id("group", "other", { vpcId });
    assert.equal(bench.put("ingress", "r", { securityGroupId: other, ...https }).change, "replace");
  });

  it("refuses the name of another group of the VPC, a name like an id, and no VPC", () => {
    const { bench, vpcId } = withGroup();
    bench.put("group", "a", { vpcId, name: "shared" });
    bench.refuses("InvalidGroup.Duplicate", "group", "b", { vpcId, name: "shared" });
    bench.refuses("InvalidParameterValue", "group", "b", { vpcId, name: "sg-web" });
    bench.refuses("VPCIdNotSpecified", "group", "b", {});
  });

  it("keeps a group that an interface or another group's rule uses", () => {
    const { bench, vpcId, group } = withGroup();

    const other = bench.id("group", "other", { vpcId });
    bench.put("ingress", "r", { securityGroupId: other, ...open, referencedSecurityGroupId: group });
    assert.throws(() => bench.remove("group", "web"), /DependencyViolation/);
    bench.remove("ingress", "r");
    bench.remove("group", "web");
  });
});

describe("simulated network ACLs", () => {
  it("refuses an entry number twice, outside 1 to 32766, and an unknown action", () => {
    const bench = new Bench();
    const networkAclId = bench.id("acl", "acl", { vpcId: bench.vpc("net", "10.0.0.0/16") });
    const entry = {
      networkAclId,
      ruleNumber: 100,
      protocol: "tcp",
      ruleAction: "allow",
      cidrBlock: "10.0.0.0/8",
      fromPort: 1,
      toPort: 2,
    };
    bench.put("aclRule", "a", entry);
    bench.refuses("NetworkAclEntryAlreadyExists", "aclRule", "b", entry);
    bench.put("aclRule", "out", { ...entry, egress: true });
    bench.refuses("InvalidParameterValue", "aclRule", "b", { ...entry, ruleNumber: 32767 });
    bench.refuses("InvalidParameterValue", "aclRule", "b", {
      ...entry,
      ruleNumber: 101,
      ruleAction: "permit",
    });
    bench.refuses("InvalidNetworkAclID.NotFound", "aclRule", "b", { ...entry, networkAclId: "acl-0" });
    const rule = {
      ruleNo: 100,
      action: "allow",
      protocol: "tcp",
      fromPort: 1,
      toPort: 2,
      cidrBlock: "10.0.0.0/8",
    };
    assert.deepEqual(bench.read("acl", networkAclId).ingress, [rule]);
  });
});
