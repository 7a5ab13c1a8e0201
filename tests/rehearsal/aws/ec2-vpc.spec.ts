import assert from "node:assert/strict";
import { Bench, provider } from "./bench";

describe("simulated VPCs and subnets", () => {
  it("gives a VPC the outputs that the provider records", () => {
    const bench = new Bench();
    const { id, outputs } = bench.put("vpc", "net", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    assert.match(id, /^vpc-[0-9a-f]{17}$/);
    assert.equal(outputs.arn, `arn:aws:ec2:us-east-1:111111111111:vpc/${id}`);
    assert.equal(outputs.ownerId, "111111111111");
    assert.equal(outputs.region, "us-east-1");
    assert.equal(outputs.enableDnsSupport, true);
    assert.equal(outputs.enableDnsHostnames, false);
    assert.deepEqual(outputs.tagsAll, { a: "b" });
    assert.match(String(outputs.mainRouteTableId), /^rtb-[0-9a-f]{17}$/);
    assert.equal(outputs.defaultRouteTableId, outputs.mainRouteTableId);
    assert.match(String(outputs.defaultSecurityGroupId), /^sg-[0-9a-f]{17}$/);
    assert.match(String(outputs.defaultNetworkAclId), /^acl-[0-9a-f]{17}$/);
  });

  it("makes the main route table, default group and default network ACL along with a VPC", () => {
    const bench = new Bench();
    const { id, outputs } = bench.put("vpc", "net", { cidrBlock: "10.0.0.0/16" });
    assert.equal(bench.read("table", String(outputs.mainRouteTableId)).vpcId, id);
    assert.equal(bench.read("group", String(outputs.defaultSecurityGroupId)).name, "default");
    assert.equal(bench.read("acl", String(outputs.defaultNetworkAclId)).vpcId, id);
  });

  for (const cidrBlock of ["10.0.0.0/15", "10.0.0.0/29"])
    it(`refuses a VPC of ${cidrBlock}`, () =>
      new Bench().refuses("InvalidVpc.Range", "vpc", "net", { cidrBlock }));

  it("refuses a VPC whose block has host bits, naming the block that was meant", () => {
    new Bench().refuses(
      "InvalidParameterValue",
      "vpc",
      "net",
      { cidrBlock: "10.0.1.0/16" },
      /did you mean "10\.0\.0\.0\/16"/,
    );
  });

  it("refuses a VPC without block, and with text that is none", () => {
    new Bench().refuses("MissingParameter", "vpc", "net", {});
    new Bench().refuses("InvalidParameterValue", "vpc", "net", { cidrBlock: "ten/16" });
  });

  it("refuses subnets smaller than /28, with host bits, or outside the VPC's blocks", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    bench.refuses("InvalidSubnet.Range", "subnet", "a", { vpcId, cidrBlock: "10.0.0.0/29" }, /\/28/);
    bench.refuses("InvalidParameterValue", "subnet", "a", { vpcId, cidrBlock: "10.0.0.1/24" });
    bench.refuses("InvalidSubnet.Range", "subnet", "a", { vpcId, cidrBlock: "10.1.0.0/24" });
  });

  it("accepts a subnet in a second block, and keeps the block while the subnet lives", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    bench.put("block", "second", { vpcId, cidrBlock: "10.9.0.0/24" });
    bench.subnet("a", vpcId, "10.9.0.0/26");
    assert.throws(() => bench.remove("block", "second"), /InvalidCidrBlock.InUse/);
  });

  it("refuses a subnet that overlaps another one, and not one beside it", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    bench.subnet("a", vpcId, "10.0.0.0/24");
    bench.refuses("InvalidSubnet.Conflict", "subnet", "b", { vpcId, cidrBlock: "10.0.0.128/25" });
    bench.subnet("b", vpcId, "10.0.1.0/24");
  });

  it("refuses zones that the region does not have", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    for (const availabilityZone of ["us-east-1z", "us-west-2a", "us-east-1", "a"])
      bench.refuses("InvalidParameterValue", "subnet", "a", {
        vpcId,
        cidrBlock: "10.0.0.0/24",
        availabilityZone,
      });
  });

  it("refuses a subnet in a VPC that does not exist, or that another account owns", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    bench.refuses("InvalidVpcID.NotFound", "subnet", "a", { vpcId: "vpc-0", cidrBlock: "10.0.0.0/24" });
    bench.refuses(
      "InvalidVpcID.NotFound",
      "subnet",
      "a",
      { vpcId, cidrBlock: "10.0.0.0/24" },
      undefined,
      provider,
    );
  });

  const allowed: [primary: string, further: string][] = [
    ["10.1.0.0/16", "10.2.0.0/16"],
    ["10.0.0.0/16", "100.64.0.0/16"],
    ["172.16.0.0/16", "172.20.0.0/16"],
    ["192.168.0.0/24", "192.168.1.0/24"],
    ["100.64.0.0/16", "100.65.0.0/16"],
  ];
  for (const [primary, further] of allowed)
    it(`lets a VPC of ${primary} have ${further} too`, () => {
      const bench = new Bench();
      assert.equal(
        bench.put("block", "b", { vpcId: bench.vpc("net", primary), cidrBlock: further }).change,
        "create",
      );
    });

  const restricted: [primary: string, further: string][] = [
    ["10.1.0.0/16", "10.0.0.0/16"],
    ["10.2.0.0/16", "172.16.0.0/16"],
    ["10.2.0.0/16", "192.168.0.0/16"],
    ["172.16.0.0/16", "10.0.0.0/16"],
    ["172.16.0.0/16", "172.31.0.0/16"],
    ["192.168.0.0/24", "172.16.0.0/16"],
    ["100.64.0.0/16", "10.0.0.0/16"],
    ["10.2.0.0/16", "198.19.0.0/16"],
    ["10.2.0.0/16", "10.2.128.0/17"],
  ];
  for (const [primary, further] of restricted)
    it(`refuses ${further} for a VPC of ${primary}`, () => {
      const bench = new Bench();
      bench.refuses("InvalidVpc.Range", "block", "b", {
        vpcId: bench.vpc("net", primary),
        cidrBlock: further,
      });
    });

  it("refuses link-local blocks, first and further, and 10.0.0.0/16 beside any block of 10.0.0.0/15", () => {
    const bench = new Bench();
    bench.refuses("InvalidVpc.Range", "vpc", "net", { cidrBlock: "169.254.0.0/24" });
    const vpcId = bench.vpc("net", "10.5.0.0/16");
    bench.refuses("InvalidVpc.Range", "block", "b", { vpcId, cidrBlock: "169.254.1.0/24" });
    bench.put("block", "b", { vpcId, cidrBlock: "10.1.0.0/16" });
    bench.refuses("InvalidVpc.Range", "block", "c", { vpcId, cidrBlock: "10.0.1.0/24" });
  });

  it("refuses a further block that swallows a route's destination", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.2.0.0/16");
    const peerVpcId = bench.vpc("peer", "10.8.0.0/16");
    const pcx = bench.id("peering", "p", { vpcId, peerVpcId, autoAccept: true });
    const table = bench.id("table", "t", { vpcId });
    bench.put("route", "r", {
      routeTableId: table,
      destinationCidrBlock: "10.7.1.0/24",
      vpcPeeringConnectionId: pcx,
    });
    bench.refuses("InvalidCidrBlock.InUse", "block", "b", { vpcId, cidrBlock: "10.7.0.0/16" });
  });

  it("keeps a VPC that has subnets and a subnet that has interfaces", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const subnetId = bench.subnet("a", vpcId, "10.0.0.0/24");
    bench.put("instance", "i", { ami: "ami-0123456789abcdef0", instanceType: "t3.micro", subnetId });
    assert.throws(() => bench.remove("vpc", "net"), /DependencyViolation/);
    assert.throws(() => bench.remove("subnet", "a"), /DependencyViolation/);
    bench.remove("instance", "i");
    bench.remove("subnet", "a");
    bench.remove("vpc", "net");
    assert.throws(() => bench.read("vpc", vpcId), /InvalidVpcID.NotFound/);
  });
});
