import assert from "node:assert/strict";
import { Bench } from "./bench";

const ami = { ami: "ami-0123456789abcdef0", instanceType: "t3.micro" };

function network(): { bench: Bench; vpcId: string; subnetId: string } {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  return { bench, vpcId, subnetId: bench.subnet("a", vpcId, "10.0.0.0/24") };
}

describe("simulated network interfaces", () => {
  it("have an address of their subnet and the VPC's default group unless others are given", () => {
    const { bench, vpcId, subnetId } = network();
    const { id, outputs } = bench.put("networkInterface", "eni", { subnetId });
    assert.match(id, /^eni-[0-9a-f]{17}$/);
    assert.match(String(outputs.privateIp), /^10\.0\.0\.\d+$/);
    assert.deepEqual(outputs.privateIps, [outputs.privateIp]);
    assert.deepEqual(outputs.securityGroups, [bench.read("vpc", vpcId).defaultSecurityGroupId]);
    const pinned = bench.put("networkInterface", "pinned", {
      subnetId,
      privateIps: ["10.0.0.9", "10.0.0.8"],
    });
    assert.equal(pinned.outputs.privateIp, "10.0.0.9");
  });

  it("refuse addresses outside the subnet, reserved or in use, and groups of another VPC", () => {
    const { bench, subnetId } = network();
    bench.put("networkInterface", "eni", { subnetId, privateIps: ["10.0.0.9"] });
    for (const [code, address] of [
      ["InvalidParameterValue", "10.0.1.9"],
      ["InvalidParameterValue", "10.0.0.3"],
      ["InvalidIPAddress.InUse", "10.0.0.9"],
    ] as const)
      bench.refuses(code, "networkInterface", "x", { subnetId, privateIps: [address] });
    const subnetMappings = [{ subnetId, privateIpv4Address: "10.0.0.9" }];
    const nlb = { loadBalancerType: "network", internal: true, subnetMappings };
    bench.refuses("InvalidIPAddress.InUse", "balancer", "front", nlb);
    const securityGroups = [bench.id("group", "g", { vpcId: bench.vpc("other", "10.5.0.0/16") })];
    bench.refuses("InvalidParameter", "networkInterface", "x", { subnetId, securityGroups });
    bench.refuses("InvalidSubnetID.NotFound", "networkInterface", "x", { subnetId: "subnet-0" });
  });

  it("gain and lose secondary addresses in place, and are replaced for another primary one", () => {
    const { bench, subnetId } = network();
    const put = (...privateIps: string[]): string =>
      bench.put("networkInterface", "eni", { subnetId, privateIps }).change;
    put("10.0.0.9");
    assert.equal(put("10.0.0.9", "10.0.0.10"), "update");
    assert.equal(put("10.0.0.11"), "replace");
  });

  it("carry an instance that is given one, and a route", () => {
    const { bench, vpcId, subnetId } = network();
    const networkInterfaceId = bench.id("networkInterface", "eni", { subnetId, privateIps: ["10.0.0.9"] });
    const { outputs } = bench.put("instance", "i", {
      ...ami,
      networkInterfaces: [{ networkInterfaceId, deviceIndex: 0 }],
    });
    assert.deepEqual(
      [outputs.privateIp, outputs.subnetId, outputs.primaryNetworkInterfaceId, outputs.privateDns],
      ["10.0.0.9", subnetId, networkInterfaceId, "ip-10-0-0-9.ec2.internal"],
    );
    bench.put("networkInterface", "eni", { subnetId, privateIps: ["10.0.0.9"], tags: { a: "b" } });
    const routeTableId = bench.id("table", "t", { vpcId });
    const route = { routeTableId, destinationCidrBlock: "10.9.0.0/16" };
    bench.refuses("InvalidNetworkInterfaceID.NotFound", "route", "r", {
      ...route,
      networkInterfaceId: "eni-0",
    });
    bench.put("route", "r", { ...route, networkInterfaceId });
    const foreign = bench.id("table", "f", { vpcId: bench.vpc("other", "10.5.0.0/16") });
    bench.refuses("InvalidParameterValue", "route", "s", {
      ...route,
      routeTableId: foreign,
      networkInterfaceId,
    });
  });
});

describe("simulated instances", () => {
  it("need an image, a type and a subnet: there is no default VPC", () => {
    const { bench, subnetId } = network();
    bench.refuses("MissingParameter", "instance", "i", { ami: ami.ami, subnetId }, /instanceType/);
    bench.refuses("MissingParameter", "instance", "i", { instanceType: "t3.micro", subnetId }, /ImageId/);
    bench.refuses("VPCIdNotSpecified", "instance", "i", ami);
    const id = bench.id("template", "t", { imageId: ami.ami, instanceType: "t3.micro" });
    bench.put("instance", "i", { subnetId, launchTemplate: { id } });
  });
});

describe("simulated routes to other targets", () => {
  it("cannot create a local route, nor one into the range that AWS keeps for its services", () => {
    const { bench, vpcId } = network();
    const gatewayId = bench.id("internetGateway", "igw", { vpcId });
    const routeTableId = bench.id("table", "t", { vpcId });
    const local = { routeTableId, destinationCidrBlock: "10.0.0.0/16", gatewayId: "local" };
    bench.refuses("InvalidGatewayID.NotFound", "route", "r", local);
    for (const destinationCidrBlock of ["169.254.168.0/22", "169.254.169.254/32"])
      bench.refuses("InvalidParameterValue", "route", "r", { routeTableId, destinationCidrBlock, gatewayId });
    bench.put("table", "u", { vpcId, routes: [{ cidrBlock: "10.0.0.0/16", gatewayId: "local" }] });
  });

  it("refuse an endpoint that does not exist", () => {
    const { bench, vpcId } = network();
    const route = { routeTableId: bench.id("table", "t", { vpcId }), destinationCidrBlock: "10.9.0.0/16" };
    bench.refuses("InvalidVpcEndpointId.NotFound", "route", "r", { ...route, vpcEndpointId: "vpce-0" });
  });
});
