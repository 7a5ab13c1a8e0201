import assert from "node:assert/strict";
import { Bench } from "./bench";

interface Network {
  bench: Bench;
  vpcId: string;
  a: string;
  b: string;
}

function network(): Network {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  const a = bench.subnet("a", vpcId, "10.0.0.0/24", "us-east-1a");
  const b = bench.subnet("b", vpcId, "10.0.1.0/24", "us-east-1b");
  return { bench, vpcId, a, b };
}

function nlb(
  subnets: [id: string, address?: string][],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const subnetMappings = subnets.map(([subnetId, privateIpv4Address]) => ({ subnetId, privateIpv4Address }));
  return { loadBalancerType: "network", internal: true, subnetMappings, ...more };
}

const tcp = { port: 443, protocol: "TCP", targetType: "ip" };

describe("simulated load balancers", () => {
  it("gives a Network Load Balancer the outputs that programs read", () => {
    const { bench, vpcId, a } = network();
    const { id, outputs } = bench.put("balancer", "front", nlb([[a, "10.0.0.10"]]));
    assert.match(
      id,
      /^arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer\/net\/front-[0-9a-f]{7}\/[0-9a-f]{16}$/,
    );
    assert.equal(outputs.arn, id);
    assert.equal(outputs.arnSuffix, id.split(":loadbalancer/")[1]);
    assert.match(String(outputs.dnsName), /^front-[0-9a-f]{7}-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/);
    assert.equal(outputs.vpcId, vpcId);
    assert.equal(outputs.zoneId, "Z26RNL4JYFTOTI");
    assert.deepEqual(outputs.subnets, [a]);
    assert.equal(outputs.enableCrossZoneLoadBalancing, false);
  });

  it("enforces security groups on PrivateLink traffic unless that is switched off", () => {
    const { bench, vpcId, a } = network();
    const securityGroups = [bench.id("group", "g", { vpcId })];
    const key = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
    assert.equal(bench.put("balancer", "x", nlb([[a]], { securityGroups })).outputs[key], "on");
    assert.equal(
      bench.put("balancer", "y", nlb([[a]], { securityGroups, [key]: "off" })).outputs[key],
      "off",
    );
    bench.refuses("InvalidConfigurationRequest", "balancer", "z", nlb([[a]], { [key]: "off" }));
  });

  it("refuses pinned addresses outside the subnet, reserved by AWS, or in use while the other interface lives", () => {
    const { bench, a } = network();
    bench.refuses("InvalidParameterValue", "balancer", "x", nlb([[a, "10.0.1.10"]]), /does not fall within/);
    for (const address of ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.255"])
      bench.refuses("InvalidParameterValue", "balancer", "x", nlb([[a, address]]), /reserved/);
    bench.put("balancer", "first", nlb([[a, "10.0.0.10"]]));
    bench.refuses("InvalidIPAddress.InUse", "balancer", "second", nlb([[a, "10.0.0.10"]]));
    const instance = {
      ami: "ami-0123456789abcdef0",
      instanceType: "t3.micro",
      subnetId: a,
      privateIp: "10.0.0.10",
    };
    bench.refuses("InvalidIPAddress.InUse", "instance", "i", instance);
    bench.remove("balancer", "first");
    bench.put("balancer", "second", nlb([[a, "10.0.0.10"]]));
  });

  it("refuses pinned addresses of a balancer that is not internal", () => {
    const { bench, a } = network();
    bench.refuses(
      "InvalidConfigurationRequest",
      "balancer",
      "x",
      nlb([[a, "10.0.0.10"]], { internal: false }),
    );
  });

  it("refuses an internet-facing balancer in a VPC that has no internet gateway", () => {
    const { bench, vpcId, a, b } = network();
    bench.refuses("InvalidSubnet", "balancer", "x", nlb([[a]], { internal: false }), /no internet gateway/);
    bench.refuses("InvalidSubnet", "balancer", "web", { subnets: [a, b] });
    const internetGatewayId = bench.id("internetGateway", "igw", {});
    const type = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment";
    const place = {
      account: "111111111111",
      region: "us-east-1",
      type,
      name: "at",
      urn: "urn:pulumi:s::p::t::at",
    };
    bench.aws.put({ ...place, inputs: { internetGatewayId, vpcId } });
    bench.put("balancer", "x", nlb([[a]], { internal: false }));
    bench.put("balancer", "web", { subnets: [a, b], idleTimeout: 4000 });
    bench.refuses("ValidationError", "balancer", "web", { subnets: [a, b], idleTimeout: 4001 });
  });

  it("refuses two subnets in one zone, subnets of two VPCs, unknown ones and none", () => {
    const { bench, vpcId, a } = network();
    const twin = bench.subnet("twin", vpcId, "10.0.2.0/24", "us-east-1a");
    const far = bench.subnet("far", bench.vpc("other", "10.5.0.0/16"), "10.5.0.0/24", "us-east-1c");
    bench.refuses(
      "InvalidConfigurationRequest",
      "balancer",
      "x",
      nlb([[a], [twin]]),
      /same Availability Zone/,
    );
    bench.refuses("InvalidConfigurationRequest", "balancer", "x", nlb([[a], [far]]), /same VPC/);
    bench.refuses("InvalidSubnetID.NotFound", "balancer", "x", nlb([["subnet-0"]]));
    bench.refuses("MissingParameter", "balancer", "x", { loadBalancerType: "network" });
    bench.refuses("ValidationError", "balancer", "x", { subnets: [a] }, /two different Availability Zones/);
  });

  it("refuses a security group of another VPC on its interfaces", () => {
    const { bench, a } = network();
    const other = bench.id("group", "g", { vpcId: bench.vpc("other", "10.5.0.0/16") });
    bench.refuses(
      "InvalidParameter",
      "balancer",
      "x",
      nlb([[a]], { securityGroups: [other] }),
      /different networks/,
    );
  });

  for (const name of ["a".repeat(33), "under_score", "-front", "front-", "internal-front"])
    it(`refuses the name ${name}`, () => {
      const { bench, a } = network();
      bench.refuses("ValidationError", "balancer", "x", nlb([[a]], { name }));
    });

  it("refuses a logical name that leaves no room for Pulumi's suffix in 32 characters", () => {
    const { bench, vpcId, a } = network();
    bench.put("balancer", "n".repeat(24), nlb([[a]]));
    bench.refuses("InvalidName", "balancer", "n".repeat(25), nlb([[a]]), /maximum length 32/);
    bench.refuses("InvalidName", "targets", "n".repeat(25), { ...tcp, vpcId });
  });

  it("adds a zone in place, and replaces the balancer for a changed or removed mapping", () => {
    const { bench, a, b } = network();
    const first = bench.put("balancer", "x", nlb([[a, "10.0.0.10"]]));
    const added = bench.put(
      "balancer",
      "x",
      nlb([
        [a, "10.0.0.10"],
        [b, "10.0.1.10"],
      ]),
    );
    assert.deepEqual([added.change, added.id], ["update", first.id]);
    assert.equal(
      bench.put(
        "balancer",
        "x",
        nlb([
          [a, "10.0.0.11"],
          [b, "10.0.1.11"],
        ]),
      ).change,
      "replace",
    );
    bench.aws.finishReplacements([bench.urn("balancer", "x")]);
    assert.equal(bench.put("balancer", "x", nlb([[b, "10.0.1.12"]])).change, "replace");
  });

  it("refuses the replacement that would keep a pinned address of the one it replaces", () => {
    const { bench, a, b } = network();
    bench.put(
      "balancer",
      "x",
      nlb([
        [a, "10.0.0.10"],
        [b, "10.0.1.10"],
      ]),
    );
    bench.refuses(
      "InvalidIPAddress.InUse",
      "balancer",
      "x",
      nlb([
        [a, "10.0.0.10"],
        [b, "10.0.1.11"],
      ]),
    );
  });

  it("replaces the balancer for its first security group and for its last, not for those between", () => {
    const { bench, vpcId, a } = network();
    const [g, h] = [bench.id("group", "g", { vpcId }), bench.id("group", "h", { vpcId })];
    bench.put("balancer", "x", nlb([[a]]));
    assert.equal(bench.put("balancer", "x", nlb([[a]], { securityGroups: [g] })).change, "replace");
    assert.equal(bench.put("balancer", "x", nlb([[a]], { securityGroups: [g, h] })).change, "update");
    assert.equal(bench.put("balancer", "x", nlb([[a]])).change, "replace");
    bench.put("internetGateway", "igw", { vpcId });
    assert.equal(bench.put("balancer", "x", nlb([[a]], { internal: false })).change, "replace");
  });
});
