import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { Verdict } from "../../proof/proof";
import { Unknown, type StackResources } from "../../resources/resource";
import { GATEWAY, PAYMENTS } from "./building-blocks";
import type { Change } from "./changes";
import { declare } from "./declare";
import { landscape, remove, set } from "./landscape";

const ACL = "aws:ec2/networkAcl:NetworkAcl";
const ACL_ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation";
const ADDED = "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment";
const ASSOCIATION = "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation";
const SECRET = new Unknown("secret");

/** Lets the existing service admit the members of one group only. */
function admitGroup(stacks: StackResources[], reference: string): void {
  for (const name of ["cards-0", "cards-1"])
    set(stacks, "SecurityGroupIngressRule", name, {
      cidrIpv4: undefined,
      referencedSecurityGroupId: reference,
    });
}

/** Gives the ledger's interface a group without rules, and adds the right one by a resource of its own. */
function addGroup(group: unknown): Change {
  return (stacks) => {
    set(stacks, "NetworkInterface", "ledger", { securityGroups: ["sg-app"] });
    declare(stacks, 1, ADDED, "added", { securityGroupId: group, networkInterfaceId: "eni-ledger" });
  };
}

// prettier-ignore
const ROWS: [title: string, change: Change, target: string, verdict: Verdict][] = [
  ["a rule names the balancer's group with its account", (s) => admitGroup(s, `${GATEWAY}/sg-shared`), "cards", "reachable"],
  ["a rule names the balancer's group with another account", (s) => admitGroup(s, `${PAYMENTS}/sg-shared`), "cards", "blocked"],
  ["a rule names the balancer's group in a region that only the zone's name tells", (s) => {
    admitGroup(s, `${GATEWAY}/sg-shared`);
    for (const resource of s[2]?.resources ?? []) delete resource.region;
    set(s, "Subnet", "subnet-c1", { availabilityZone: "us-west-2-lax-1a" });
  }, "cards", "blocked"],
  ["an interface has a group of another VPC that is associated with a third one", (s) => {
    set(s, "SecurityGroup", "sg-ledger", { vpcId: "vpc-other" });
    declare(s, 1, ASSOCIATION, "sga-1", { securityGroupId: "sg-ledger", vpcId: "vpc-third" });
  }, "ledger", "blocked"],
  ["a resource of its own adds the admitting group to the interface", addGroup("sg-ledger"), "ledger", "reachable"],
  ["a resource adds a group that the file does not tell", addGroup(SECRET), "ledger", "unknown"],
  ["the address is a second one of an instance", (s) => {
    remove(s, "NetworkInterface", "legacy");
    declare(s, 1, "aws:ec2/instance:Instance", "i-2", { subnetId: "subnet-p1", privateIp: "10.1.1.99", secondaryPrivateIps: ["10.1.1.50"], vpcSecurityGroupIds: ["sg-legacy"] });
  }, "legacy", "reachable"],
  ["a network ACL does not tell its subnets", (s) => void declare(s, 1, ACL, "acl-1", { vpcId: "vpc-payments", subnetIds: SECRET }), "ledger", "unknown"],
  ["a network ACL of another VPC does not tell its subnets", (s) => void declare(s, 1, ACL, "acl-1", { vpcId: "vpc-other", subnetIds: SECRET }), "ledger", "reachable"],
  ["a network ACL is associated with a subnet that the file does not tell", (s) => {
    declare(s, 1, ACL, "acl-1", { vpcId: "vpc-payments" });
    declare(s, 1, ACL_ASSOCIATION, "acla-1", { networkAclId: "acl-1", subnetId: SECRET });
  }, "ledger", "unknown"],
  ["a rule belongs to a network ACL that the file does not tell", (s) => void declare(s, 1, "aws:ec2/networkAclRule:NetworkAclRule", "aclr-1", { networkAclId: SECRET }), "ledger", "unknown"],
];

describe("the proof on the rules of filters", () => {
  for (const [title, change, name, verdict] of ROWS) {
    it(`finds ${name} ${verdict} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      assert.equal(prove(stacks).targets.find((target) => target.name === name)?.verdict, verdict);
    });
  }
});
