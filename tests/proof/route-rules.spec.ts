import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { Verdict } from "../../proof/proof";
import { Unknown } from "../../resources/resource";
import type { Change } from "./changes";
import { declare } from "./declare";
import { find, landscape, remove, set } from "./landscape";

const MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation";
const ROUTE = "aws:ec2/route:Route";
const PROPAGATION = "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation";

/** Lets each node of the provider's balancer use the instances of both zones, and routes one subnet to a firewall. */
const byFirewall: Change = (stacks) => {
  set(stacks, "LoadBalancer", "service", { enableCrossZoneLoadBalancing: true });
  const route = { routeTableId: "rtb-subnet-p1", destinationCidrBlock: "10.1.2.0/24" };
  declare(stacks, 1, ROUTE, "r-subnet", { ...route, vpcEndpointId: "vpce-firewall" });
};

/** Leaves the ledger's subnet to its VPC's main table, which an association says to be the given one. */
function mainTable(table: unknown): Change {
  return (stacks) => {
    remove(stacks, "RouteTableAssociation", "subnet-p3");
    declare(stacks, 1, MAIN, "main", { vpcId: "vpc-payments", routeTableId: table });
  };
}

// prettier-ignore
const ROWS: [title: string, change: Change, target: string, verdict: Verdict][] = [
  ["the local route's target is replaced by an interface", (s) => {
    set(s, "LoadBalancer", "service", { enableCrossZoneLoadBalancing: true });
    declare(s, 1, ROUTE, "r-local", { routeTableId: "rtb-subnet-p1", destinationCidrBlock: "10.1.0.0/16", networkInterfaceId: "eni-firewall" });
  }, "payments", "unknown"],
  ["a subnet's own block is routed to an endpoint", byFirewall, "payments", "unknown"],
  ["a subnet's own block is routed to an endpoint, and the VPC is in no file", (s) => {
    const [, payments] = s;
    const rest = payments?.resources.filter(({ type }) => !/:(Vpc|VpcIpv4CidrBlockAssociation)$/.test(type)) ?? [];
    payments?.resources.splice(0, Infinity, ...rest.map((entry) => ({ ...entry, dependencies: [], propertyDependencies: {} })));
    byFirewall(s);
  }, "payments", "unknown"],
  ["a virtual private gateway propagates routes into a table", (s) => set(s, "RouteTable", "rtb-subnet-p3", { propagatingVgws: ["vgw-1"] }), "ledger", "unknown"],
  ["a virtual private gateway is declared to propagate routes into a table", (s) => void declare(s, 1, PROPAGATION, "vgw-1_rtb", { routeTableId: "rtb-subnet-p3", vpnGatewayId: "vgw-1" }), "ledger", "unknown"],
  ["propagated routes cannot be longer than the static ones", (s) => {
    set(s, "RouteTable", "rtb-subnet-p3", { propagatingVgws: ["vgw-1"] });
    for (const node of ["10.0.1.10/32", "10.0.2.10/32"]) declare(s, 1, ROUTE, `r-${node}`, { routeTableId: "rtb-subnet-p3", destinationCidrBlock: node, vpcPeeringConnectionId: "pcx-payments" });
  }, "ledger", "reachable"],
  ["the main table is in no file", mainTable("rtb-elsewhere"), "ledger", "unknown"],
  ["the main table is not told", mainTable(new Unknown("computed")), "ledger", "unknown"],
  ["the main table belongs to another VPC", mainTable("rtb-subnet-g1"), "ledger", "blocked"],
  ["a copy of the VPC names a main table that no file associates", (s) => {
    remove(s, "RouteTableAssociation", "subnet-p3");
    set(s, "Vpc", "vpc-payments", { mainRouteTableId: "rtb-subnet-p3", defaultRouteTableId: "rtb-main-vpc-payments" });
  }, "ledger", "unknown"],
  ["the VPC is removed, and the subnet is declared to depend on its block alone", (s) => {
    const subnet = find(s, "Subnet", "subnet-p3");
    const block = find(s, "VpcIpv4CidrBlockAssociation", "second");
    Object.assign(subnet, { dependencies: [block.urn], propertyDependencies: {} });
    remove(s, "Vpc", "vpc-payments");
  }, "ledger", "blocked"],
  ["a route that may lead the packets elsewhere does not tell its table", (s) => void declare(s, 1, ROUTE, "r-any", { routeTableId: new Unknown("computed"), destinationCidrBlock: "10.0.1.10/32", gatewayId: "igw-1" }), "ledger", "unknown"],
  ["a route for other addresses does not tell its table", (s) => void declare(s, 1, ROUTE, "r-any", { routeTableId: new Unknown("computed"), destinationCidrBlock: "10.99.0.0/16", gatewayId: "igw-1" }), "ledger", "reachable"],
];

describe("the proof on the rules of routing", () => {
  for (const [title, change, name, verdict] of ROWS) {
    it(`finds ${name} ${verdict} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      assert.equal(prove(stacks).targets.find((target) => target.name === name)?.verdict, verdict);
    });
  }
});
