import assert from "node:assert/strict";
import { opaqueText } from "../../../rehearsal/aws/opaque";
import { Bench, gateway, region, types } from "./bench";

describe("what depends on something that simulated AWS does not know", () => {
  it("passes through unchecked, and keeps apart from the rest", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const type = "aws:ec2transitgateway/transitGateway:TransitGateway";
    const common = { name: "hub", account: gateway, region };
    const hub = bench.aws.put({ ...common, urn: `urn:pulumi:s::p::${type}::hub`, type, inputs: {} });
    const table = bench.id("table", "t", { vpcId });
    const destinationCidrBlock = "10.99.0.0/16";
    const onward = { routeTableId: table, destinationCidrBlock, transitGatewayId: hub.id };
    const route = bench.put("route", "r", onward);
    assert.equal(route.unchecked, true);
    assert.equal(route.change, "create");
    // Nothing is checked against it, and what follows from it is unchecked as well.
    assert.equal(bench.put("route", "r", { ...onward, destinationCidrBlock: "10.0.0.0/8" }).change, "update");
    assert.equal(bench.put("subnet", "s", { vpcId: hub.id, cidrBlock: "300.0.0.0/8" }).unchecked, true);
    assert.equal(bench.put("subnet", "real", { vpcId, cidrBlock: "10.0.0.0/24" }).unchecked, false);
    // A label decides nothing.
    assert.throws(
      () => bench.put("subnet", "out", { vpcId, cidrBlock: "10.9.0.0/24", tags: { Name: hub.id } }),
      /InvalidSubnet.Range/,
    );
    assert.deepEqual(bench.aws.read({ ...common, urn: "u", type: types.subnet, id: hub.id }).outputs, {});
    assert.deepEqual(bench.aws.invoke("aws:ec2/getVpc:getVpc", { id: hub.id }, gateway, region).id, hub.id);
  });

  it("is made anew when what it depended on is simulated after all", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const opaque = bench.put("subnet", "s", { vpcId: opaqueText("some VPC"), cidrBlock: "10.0.0.0/24" });
    const known = bench.put("subnet", "s", { vpcId, cidrBlock: "10.0.0.0/24" });
    assert.equal(known.change, "replace");
    assert.notEqual(known.id, opaque.id);
    // The other way round it stays what it is.
    const again = bench.put("subnet", "s", { vpcId: opaqueText("some VPC"), cidrBlock: "10.0.0.0/24" });
    assert.deepEqual([again.change, again.id, again.unchecked], ["update", known.id, true]);
    bench.aws.remove(bench.urn("subnet", "s"));
  });

  it("is known by the ids that a deployment file has for resources of such types", () => {
    const bench = new Bench();
    const type = "aws:ec2transitgateway/transitGateway:TransitGateway";
    const id = "tgw-0123456789abcdef0";
    const place = { account: gateway, region };
    bench.aws.restore({ urn: `urn:pulumi:s::p::${type}::hub`, type, id, ...place, inputs: {}, outputs: {} });
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const routeTableId = bench.id("table", "t", { vpcId });
    const inputs = { routeTableId, destinationCidrBlock: "10.99.0.0/16", transitGatewayId: id };
    assert.equal(bench.put("route", "r", inputs).unchecked, true);
  });
});
