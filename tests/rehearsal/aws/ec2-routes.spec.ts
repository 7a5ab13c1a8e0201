import assert from "node:assert/strict";
import { Bench, provider } from "./bench";

interface Network {
  bench: Bench;
  vpcId: string;
  peerVpcId: string;
  pcx: string;
  table: string;
}

function network(): Network {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  const peerVpcId = bench.vpc("net", "10.1.0.0/16", provider);
  const pcx = bench.id("peering", "p", { vpcId, peerVpcId, peerOwnerId: provider });
  return { bench, vpcId, peerVpcId, pcx, table: bench.id("table", "t", { vpcId }) };
}

describe("simulated routes", () => {
  it("accepts a route to a pending connection, which leads nowhere until the peer accepts", () => {
    const { bench, pcx, table } = network();
    const route = bench.put("route", "r", {
      routeTableId: table,
      destinationCidrBlock: "10.1.0.0/16",
      vpcPeeringConnectionId: pcx,
    });
    assert.equal(route.outputs.state, "blackhole");
    assert.ok(route.id.startsWith(`r-${table}`));
    assert.deepEqual(bench.read("table", table).routes, [
      { cidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: pcx },
    ]);
  });

  it("gives a route the id that the provider computes", () => {
    const existing = { type: "aws:ec2/routeTable:RouteTable", account: provider, region: "us-east-1" };
    const bench = new Bench([
      {
        type: "aws:ec2/vpc:Vpc",
        id: "vpc-0a",
        account: provider,
        region: "us-east-1",
        properties: { cidrBlock: "10.0.0.0/16" },
      },
      { ...existing, id: "rtb-4fbb3ac4", properties: { vpcId: "vpc-0a" } },
    ]);
    const inputs = {
      routeTableId: "rtb-4fbb3ac4",
      destinationCidrBlock: "0.0.0.0/0",
      transitGatewayId: "tgw-0a",
    };
    // The default route's checksum, 1080289494, is the one in the provider's own import examples.
    assert.equal(bench.id("route", "r", inputs, provider), "r-rtb-4fbb3ac41080289494");
  });

  it("refuses a route to an unknown connection and to one whose ends do not include the table's VPC", () => {
    const { bench, pcx, table } = network();
    const destinationCidrBlock = "10.1.0.0/16";
    bench.refuses("InvalidVpcPeeringConnectionID.NotFound", "route", "r", {
      routeTableId: table,
      destinationCidrBlock,
      vpcPeeringConnectionId: "pcx-0",
    });
    const other = bench.id("table", "other", { vpcId: bench.vpc("other", "10.5.0.0/16") });
    bench.refuses(
      "InvalidParameterValue",
      "route",
      "r",
      { routeTableId: other, destinationCidrBlock, vpcPeeringConnectionId: pcx },
      /different networks/,
    );
    const stranger = bench.id(
      "table",
      "s",
      { vpcId: bench.vpc("s", "10.6.0.0/16", "333333333333") },
      "333333333333",
    );
    bench.refuses(
      "InvalidVpcPeeringConnectionID.NotFound",
      "route",
      "r",
      { routeTableId: stranger, destinationCidrBlock, vpcPeeringConnectionId: pcx },
      undefined,
      "333333333333",
    );
  });

  it("refuses two routes for one destination, inline ones included", () => {
    const { bench, vpcId, pcx, table } = network();
    const inputs = { routeTableId: table, destinationCidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: pcx };
    bench.put("route", "r", inputs);
    bench.refuses("RouteAlreadyExists", "route", "again", inputs);
    const routes = [{ cidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: pcx }];
    const inline = bench.id("table", "inline", { vpcId, routes });
    bench.refuses("RouteAlreadyExists", "route", "again", { ...inputs, routeTableId: inline });
    bench.refuses("RouteAlreadyExists", "table", "twice", { vpcId, routes: [...routes, ...routes] });
  });

  it("refuses the local route's destination and anything inside it by way of a peering connection", () => {
    const { bench, pcx, table } = network();
    const route = (destinationCidrBlock: string): Record<string, unknown> => ({
      routeTableId: table,
      destinationCidrBlock,
      vpcPeeringConnectionId: pcx,
    });
    bench.refuses("RouteAlreadyExists", "route", "r", route("10.0.0.0/16"));
    bench.refuses("InvalidParameterValue", "route", "r", route("10.0.1.0/24"), /equal to or more specific/);
  });

  it("refuses a destination with host bits, no destination, no target and two targets", () => {
    const { bench, pcx, table } = network();
    const target = { routeTableId: table, vpcPeeringConnectionId: pcx };
    bench.refuses(
      "InvalidParameterValue",
      "route",
      "r",
      { ...target, destinationCidrBlock: "10.1.0.1/16" },
      /did you mean/,
    );
    bench.refuses("MissingParameter", "route", "r", target);
    bench.refuses("MissingParameter", "route", "r", {
      routeTableId: table,
      destinationCidrBlock: "10.1.0.0/16",
    });
    const two = { ...target, destinationCidrBlock: "10.1.0.0/16", transitGatewayId: "tgw-1" };
    bench.refuses("InvalidParameterCombination", "route", "r", two);
  });

  it("refuses a route in a table that does not exist", () => {
    const { bench, pcx } = network();
    bench.refuses("InvalidRouteTableID.NotFound", "route", "r", {
      routeTableId: "rtb-0",
      destinationCidrBlock: "10.1.0.0/16",
      vpcPeeringConnectionId: pcx,
    });
  });

  it("changes a route's target in place and replaces it for another destination", () => {
    const { bench, pcx, table } = network();
    const inputs = { routeTableId: table, destinationCidrBlock: "10.1.0.0/16", vpcPeeringConnectionId: pcx };
    bench.put("route", "r", inputs);
    const moved = { routeTableId: table, destinationCidrBlock: "10.1.0.0/16", transitGatewayId: "tgw-1" };
    assert.equal(bench.put("route", "r", moved).change, "update");
    assert.equal(
      bench.put("route", "r", { ...moved, destinationCidrBlock: "10.1.0.0/17" }).change,
      "replace",
    );
  });

  it("refuses an internet gateway that is not attached to the table's VPC, and a second one on a VPC", () => {
    const { bench, vpcId, table } = network();
    const route = (gatewayId: string): Record<string, unknown> => ({
      routeTableId: table,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId,
    });
    bench.refuses("InvalidInternetGatewayID.NotFound", "route", "r", route("igw-0"));
    const loose = bench.id("internetGateway", "loose", {});
    bench.refuses("InvalidParameterValue", "route", "r", route(loose), /different networks/);
    const attached = bench.id("internetGateway", "attached", { vpcId });
    assert.equal(bench.put("route", "r", route(attached)).change, "create");
    bench.refuses("Resource.AlreadyAssociated", "internetGateway", "second", { vpcId });
  });

  it("associates a subnet once, with a table of its VPC", () => {
    const { bench, vpcId, table } = network();
    const subnetId = bench.subnet("a", vpcId, "10.0.0.0/24");
    const foreign = bench.id("table", "foreign", { vpcId: bench.vpc("other", "10.5.0.0/16") });
    bench.refuses(
      "InvalidParameterValue",
      "association",
      "x",
      { subnetId, routeTableId: foreign },
      /different networks/,
    );
    const association = bench.put("association", "x", { subnetId, routeTableId: table });
    assert.match(association.id, /^rtbassoc-/);
    bench.refuses("Resource.AlreadyAssociated", "association", "y", { subnetId, routeTableId: table });
    bench.refuses("InvalidSubnetID.NotFound", "association", "y", {
      subnetId: "subnet-0",
      routeTableId: table,
    });
    assert.throws(() => bench.remove("table", "t"), /DependencyViolation/);
  });

  it("reads an association by the importer's id, and not one that does not exist", () => {
    const { bench, vpcId, table } = network();
    const subnetId = bench.subnet("a", vpcId, "10.0.0.0/24");
    const { id } = bench.put("association", "x", { subnetId, routeTableId: table });
    assert.equal(bench.read("association", `${subnetId}/${table}`).subnetId, subnetId);
    assert.equal(bench.read("association", id).routeTableId, table);
    assert.throws(() => bench.read("association", `${subnetId}/rtb-0`), /InvalidAssociationID.NotFound/);
  });

  it("adopts the main route table as the default one", () => {
    const bench = new Bench();
    const { id, outputs } = bench.put("vpc", "net", { cidrBlock: "10.0.0.0/16" });
    const adopted = bench.put("defaultTable", "d", { defaultRouteTableId: outputs.defaultRouteTableId });
    assert.equal(adopted.id, outputs.mainRouteTableId);
    assert.equal(adopted.outputs.vpcId, id);
    const own = bench.id("table", "t", { vpcId: id });
    bench.refuses("InvalidRouteTableID.NotFound", "defaultTable", "e", { defaultRouteTableId: own });
  });
});
