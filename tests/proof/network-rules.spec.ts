import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { TargetProof, Verdict } from "../../proof/proof";
import { Unknown, type StackResources } from "../../resources/resource";
import { GATEWAY } from "./building-blocks";
import type { Change } from "./changes";
import { declare } from "./declare";
import { all, find, landscape, remove, set } from "./landscape";

const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

function target(stacks: StackResources[], name: string): TargetProof {
  const found = prove(stacks).targets.find((entry) => entry.name === name);
  assert.ok(found, `no target ${name}`);
  return found;
}

/** What a refresh writes into a resource's state without the program having declared it. */
function refreshed(
  stacks: StackResources[],
  type: string,
  name: string,
  values: Record<string, unknown>,
): void {
  Object.assign(find(stacks, type, name).outputs, values);
}

const ADMIT_ALL = [{ protocol: "tcp", fromPort: 8443, toPort: 8443, cidrBlocks: ["10.0.0.0/16"] }];
const TO_GATEWAY = { cidrBlock: "10.0.0.0/16", vpcPeeringConnectionId: "pcx-cards" };

/** Replaces the rules of the existing service's group by one of the older kind. */
function onlyRule(stacks: StackResources[], rule: Record<string, unknown>): void {
  remove(stacks, "SecurityGroupIngressRule", "cards-0");
  remove(stacks, "SecurityGroupIngressRule", "cards-1");
  declare(stacks, 2, RULE, "sgrule-only", {
    securityGroupId: "sg-cards",
    type: "ingress",
    protocol: "tcp",
    fromPort: 8443,
    toPort: 8443,
    ...rule,
  });
}

/** Puts the cards VPC into the gateway's account, so that its connection may accept itself. */
function sameAccount(stacks: StackResources[], requester: Record<string, unknown>): void {
  const [, , cards] = stacks;
  assert.ok(cards);
  cards.resources = cards.resources.filter(({ type }) => !type.endsWith("Accepter"));
  for (const resource of cards.resources) resource.account = GATEWAY;
  set(stacks, "VpcPeeringConnection", "cards", {
    peerOwnerId: GATEWAY,
    acceptStatus: undefined,
    ...requester,
  });
}

type Row = [title: string, change: Change, target: string, verdict: Verdict];

// prettier-ignore
const ROWS: Row[] = [
  ["a separate rule is gone, and only a refreshed copy of the group still shows it", (s) => {
    remove(s, "SecurityGroupIngressRule", "app-nlb");
    refreshed(s, "SecurityGroup", "sg-app", { ingress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: ["sg-nlb"] }] });
  }, "payments", "unknown"],
  ["one of the rules in a group that is only read is gone, and the read still shows it", (s) => {
    remove(s, "SecurityGroupIngressRule", "cards-0");
    refreshed(s, "SecurityGroup", "sg-cards", { ingress: ADMIT_ALL });
  }, "cards", "unknown"],
  ["a group that is only read shows rules, none of which is any file's", (s) => {
    remove(s, "SecurityGroupIngressRule", "cards-0");
    remove(s, "SecurityGroupIngressRule", "cards-1");
    refreshed(s, "SecurityGroup", "sg-cards", { ingress: ADMIT_ALL });
  }, "cards", "reachable"],
  ["a route is gone, and only a refreshed copy of its table still shows it", (s) => {
    remove(s, "Route", "rtb-subnet-p3-10.0.0.0/16");
    refreshed(s, "RouteTable", "rtb-subnet-p3", { routes: [{ ...TO_GATEWAY, vpcPeeringConnectionId: "pcx-payments" }] });
  }, "ledger", "unknown"],
  ["a route to the stack's own connection is gone, and the read of the table still shows it", (s) => {
    remove(s, "Route", "rtb-c1-10.0.0.0/16");
    refreshed(s, "RouteTable", "rtb-c1", { routes: [TO_GATEWAY] });
  }, "cards", "unknown"],
  ["an old copy of a table shows another target for a route that a program declares", (s) =>
    refreshed(s, "RouteTable", "rtb-c1", { routes: [{ ...TO_GATEWAY, vpcPeeringConnectionId: "pcx-old" }] }), "cards", "reachable"],
  ["one of two zones has no way back", (s) => remove(s, "Route", "rtb-subnet-p2-10.0.0.0/16"), "payments", "blocked"],
  ["a route for the one address leads to a connection of other VPCs", (s) => {
    declare(s, 0, "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "pcx-foreign", { vpcId: "vpc-a", peerVpcId: "vpc-b", acceptStatus: "active" });
    declare(s, 0, "aws:ec2/route:Route", "r-32", { routeTableId: "rtb-subnet-g1", destinationCidrBlock: "10.2.1.20/32", vpcPeeringConnectionId: "pcx-foreign" });
  }, "cards", "blocked"],
  ["a route for an unrelated address leads elsewhere", (s) => {
    declare(s, 0, "aws:ec2/route:Route", "r-32", { routeTableId: "rtb-subnet-g1", destinationCidrBlock: "10.2.1.21/32", gatewayId: "igw-1" });
  }, "cards", "reachable"],
  ["a subnet has the route table of another VPC", (s) => set(s, "RouteTableAssociation", "subnet-p3", { routeTableId: "rtb-subnet-g1" }), "ledger", "blocked"],
  ["a subnet uses its VPC's main table, which another table has been made", (s) => {
    remove(s, "RouteTableAssociation", "subnet-g1");
    declare(s, 0, "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", { vpcId: "vpc-gateway", routeTableId: "rtb-subnet-g2" });
  }, "cards", "reachable"],
  ["a subnet uses its VPC's main table, which the program manages as the default one", (s) => {
    remove(s, "RouteTableAssociation", "subnet-p3");
    declare(s, 1, "aws:ec2/defaultRouteTable:DefaultRouteTable", "rtb-main-vpc-payments", { vpcId: "vpc-payments",
      routes: [{ cidrBlock: "10.0.0.0/16", vpcPeeringConnectionId: "pcx-payments" }] });
  }, "ledger", "reachable"],
  ["a provider's VPC is removed", (s) => remove(s, "Vpc", "vpc-payments"), "payments", "blocked"],
  ["a VPC's second block is not declared", (s) => remove(s, "VpcIpv4CidrBlockAssociation", "second"), "ledger", "unknown"],
  ["a VPC's second block is not told", (s) => set(s, "VpcIpv4CidrBlockAssociation", "second", { cidrBlock: new Unknown("computed") }), "ledger", "reachable"],
  ["an interface has a group of another VPC", (s) => set(s, "SecurityGroup", "sg-ledger", { vpcId: "vpc-cards" }), "ledger", "blocked"],
  ["an interface has a group of another VPC that is associated with its own", (s) => {
    set(s, "SecurityGroup", "sg-ledger", { vpcId: "vpc-other" });
    declare(s, 1, "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation", "sga-1", { securityGroupId: "sg-ledger", vpcId: "vpc-payments" });
  }, "ledger", "reachable"],
  ["a balancer's security group is removed", (s) => remove(s, "SecurityGroup", "sg-nlb"), "payments", "blocked"],
  ["the balancer has no group, and the link's rules refer to one", (s) => set(s, "LoadBalancer", "shared", { securityGroups: [] }), "cards", "blocked"],
  ["the balancer has no group, and the link's rules name its addresses", (s) => {
    set(s, "LoadBalancer", "shared", { securityGroups: [] });
    set(s, "SecurityGroupEgressRule", "link-cards", { referencedSecurityGroupId: undefined, cidrIpv4: "10.0.0.0/16" });
  }, "cards", "reachable"],
  ["a rule holds for all protocols", (s) => onlyRule(s, { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.0.0.0/16"] }), "cards", "reachable"],
  ["a rule holds for a range that ends before the port", (s) => onlyRule(s, { fromPort: 8000, toPort: 8442, cidrBlocks: ["10.0.0.0/16"] }), "cards", "blocked"],
  ["a rule holds for UDP", (s) => onlyRule(s, { protocol: "udp", cidrBlocks: ["10.0.0.0/16"] }), "cards", "blocked"],
  ["a rule holds for IPv6 alone", (s) => onlyRule(s, { ipv6CidrBlocks: ["::/0"] }), "cards", "blocked"],
  ["a rule names a prefix list with the nodes", (s) => {
    declare(s, 2, "aws:ec2/managedPrefixList:ManagedPrefixList", "pl-1", { entries: [{ cidr: "10.0.1.10/32" }, { cidr: "10.0.2.10/32" }] });
    onlyRule(s, { prefixListIds: ["pl-1"] });
  }, "cards", "reachable"],
  ["a rule names a prefix list that no file holds", (s) => onlyRule(s, { prefixListIds: ["pl-1"] }), "cards", "unknown"],
  ["a rule does not tell whether it is inbound", (s) => onlyRule(s, { type: new Unknown("computed"), cidrBlocks: ["10.0.0.0/16"] }), "cards", "unknown"],
  ["a rule names the balancer's group across the connection", (s) => onlyRule(s, { sourceSecurityGroupId: `${GATEWAY}/sg-shared` }), "cards", "reachable"],
  ["a rule names the balancer's group across regions", (s) => {
    onlyRule(s, { sourceSecurityGroupId: `${GATEWAY}/sg-shared` });
    for (const resource of s[2]?.resources ?? []) resource.region = "us-west-2";
  }, "cards", "blocked"],
  ["a connection within one account accepts itself", (s) => sameAccount(s, { autoAccept: true }), "cards", "reachable"],
  ["a connection within one account is to accept itself and is still pending", (s) => sameAccount(s, { autoAccept: true, acceptStatus: "pending-acceptance" }), "cards", "blocked"],
  ["a connection to another region is to accept itself", (s) => sameAccount(s, { autoAccept: true, peerRegion: "us-west-2" }), "cards", "blocked"],
  ["a connection within one account is not accepted", (s) => sameAccount(s, {}), "cards", "blocked"],
  ["a connection is requested of another account than the one that accepts", (s) => set(s, "VpcPeeringConnection", "cards", { peerOwnerId: "999999999999" }), "cards", "unknown"],
  ["a connection is requested in another region than the one that accepts", (s) => set(s, "VpcPeeringConnection", "cards", { peerRegion: "us-west-2" }), "cards", "unknown"],
  ["the accepter names a VPC that the request does not", (s) => {
    const accepter = all(s).find(({ type, id }) => /Accepter$/.test(type) && id === "pcx-cards");
    Object.assign(accepter?.outputs ?? {}, { vpcId: "vpc-other", peerVpcId: "vpc-gateway" });
  }, "cards", "unknown"],
  ["the accepter names another account as the one that asked", (s) => {
    const accepter = all(s).find(({ type, id }) => /Accepter$/.test(type) && id === "pcx-cards");
    Object.assign(accepter?.outputs ?? {}, { peerOwnerId: "999999999999" });
  }, "cards", "unknown"],
];

describe("the proof on the network's rules", () => {
  for (const [title, change, name, verdict] of ROWS) {
    it(`finds ${name} ${verdict} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      assert.equal(target(stacks, name).verdict, verdict);
    });
  }

  it("names the zone without a way back", () => {
    const stacks = landscape();
    remove(stacks, "Route", "rtb-subnet-p2-10.0.0.0/16");
    const found = target(stacks, "payments").findings.filter(({ code }) => code === "CANNOT_ROUTE");
    assert.match(
      found[0]?.message ?? "",
      /no route for 10\.0\.[12]\.10 in rtb-subnet-p2 \(subnet subnet-p2, us-east-1b\)/,
    );
    assert.deepEqual(
      found.map(({ fix }) => fix),
      ["add a route for 10.0.0.0/16 through pcx-payments to rtb-subnet-p2"],
    );
  });

  it("gives the same verdicts when a stack is given twice, and when another stack reads the network", () => {
    const once = landscape();
    const twice = [...landscape(), ...landscape().slice(0, 2)];
    assert.deepEqual(prove(twice), prove(once));
    const reader = landscape();
    for (const resource of [...(reader[1]?.resources ?? [])]) {
      if (!/:(Vpc|Subnet|RouteTable|SecurityGroup|TargetGroupAttachment)$/.test(resource.type)) continue;
      declare(reader, 2, resource.type, resource.id, resource.outputs, true);
    }
    for (const { verdict } of prove(reader).targets) assert.equal(verdict, "reachable");
  });
});
