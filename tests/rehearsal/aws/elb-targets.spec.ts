import assert from "node:assert/strict";
import { Bench, provider } from "./bench";

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

const tcp = { port: 443, protocol: "TCP", targetType: "ip" };

describe("simulated targets", () => {
  function group(inputs: Record<string, unknown> = tcp): Network & { arn: string } {
    const net = network();
    return { ...net, arn: net.bench.id("targets", "web", { vpcId: net.vpcId, ...inputs }) };
  }

  for (const targetId of ["10.9.0.10", "172.16.0.10", "192.168.0.10", "100.64.0.10"])
    it(`registers ${targetId} outside the VPC with zone all, and not without`, () => {
      const { bench, arn } = group();
      bench.refuses("ValidationError", "attachment", "t", { targetGroupArn: arn, targetId }, /must be 'all'/);
      bench.refuses("ValidationError", "attachment", "t", {
        targetGroupArn: arn,
        targetId,
        availabilityZone: "us-east-1a",
      });
      assert.equal(
        bench.put("attachment", "t", { targetGroupArn: arn, targetId, availabilityZone: "all" }).change,
        "create",
      );
    });

  for (const targetId of ["8.8.8.8", "172.32.0.1", "100.128.0.1", "169.254.1.1"])
    it(`refuses ${targetId}, which is in no allowed range`, () => {
      const { bench, arn } = group();
      bench.refuses("InvalidTarget", "attachment", "t", {
        targetGroupArn: arn,
        targetId,
        availabilityZone: "all",
      });
    });

  it("refuses zone all, and another zone, for an address inside the VPC", () => {
    const { bench, arn } = group();
    const target = { targetGroupArn: arn, targetId: "10.0.0.20" };
    bench.refuses("ValidationError", "attachment", "t", { ...target, availabilityZone: "all" });
    bench.refuses("ValidationError", "attachment", "t", { ...target, availabilityZone: "us-east-1b" });
    bench.put("attachment", "t", { ...target, availabilityZone: "us-east-1a" });
    bench.put("attachment", "u", { ...target, targetId: "10.0.0.21" });
  });

  it("counts a second block of the VPC as inside", () => {
    const { bench, vpcId, arn } = group();
    bench.put("block", "b", { vpcId, cidrBlock: "10.7.0.0/16" });
    bench.refuses("ValidationError", "attachment", "t", {
      targetGroupArn: arn,
      targetId: "10.7.0.9",
      availabilityZone: "all",
    });
  });

  it("needs an instance of the account for a target of type instance", () => {
    const { bench, a, arn } = group({ port: 80, protocol: "TCP" });
    bench.refuses("ValidationError", "attachment", "t", { targetGroupArn: arn, targetId: "10.0.0.20" });
    bench.refuses("InvalidTarget", "attachment", "t", {
      targetGroupArn: arn,
      targetId: "i-0123456789abcdef0",
    });
    const targetId = bench.id("instance", "i", {
      ami: "ami-0123456789abcdef0",
      instanceType: "t3.micro",
      subnetId: a,
    });
    bench.put("attachment", "t", { targetGroupArn: arn, targetId });
    const far = bench.subnet("far", bench.vpc("other", "10.5.0.0/16"), "10.5.0.0/24");
    const foreign = bench.id("instance", "far", {
      ami: "ami-0123456789abcdef0",
      instanceType: "t3.micro",
      subnetId: far,
    });
    bench.refuses(
      "InvalidTarget",
      "attachment",
      "u",
      { targetGroupArn: arn, targetId: foreign },
      /not in the target group VPC/,
    );
  });

  it("refuses unknown groups, other accounts' groups, ports out of range and text that is no address", () => {
    const { bench, arn } = group();
    const target = { targetGroupArn: arn, targetId: "10.9.0.10", availabilityZone: "all" };
    bench.refuses("TargetGroupNotFound", "attachment", "t", { ...target, targetGroupArn: `${arn}0` });
    bench.refuses("TargetGroupNotFound", "attachment", "t", target, undefined, provider);
    bench.refuses("ValidationError", "attachment", "t", { ...target, port: 70000 });
    bench.refuses("ValidationError", "attachment", "t", { ...target, targetId: "host.internal" });
  });

  it("replaces a target for another port", () => {
    const { bench, arn } = group();
    const target = { targetGroupArn: arn, targetId: "10.9.0.10", availabilityZone: "all" };
    bench.put("attachment", "t", target);
    assert.equal(bench.put("attachment", "t", { ...target, port: 8443 }).change, "replace");
  });
});

describe("simulated Auto Scaling groups", () => {
  it("refuses unknown templates and subnets, bounds in the wrong order and groups of addresses", () => {
    const { bench, vpcId, a } = network();
    const id = bench.id("template", "t", { imageId: "ami-0123456789abcdef0", instanceType: "t3.micro" });
    const inputs = { minSize: 1, maxSize: 2, launchTemplate: { id, version: "1" }, vpcZoneIdentifiers: [a] };
    assert.match(bench.put("scaling", "g", inputs).id, /^g-[0-9a-f]{7}$/);
    bench.refuses("InvalidLaunchTemplateId.NotFound", "scaling", "x", {
      ...inputs,
      launchTemplate: { id: "lt-0" },
    });
    bench.refuses("InvalidLaunchTemplateId.VersionNotFound", "scaling", "x", {
      ...inputs,
      launchTemplate: { id, version: "2" },
    });
    bench.refuses("InvalidSubnetID.NotFound", "scaling", "x", {
      ...inputs,
      vpcZoneIdentifiers: ["subnet-0"],
    });
    bench.refuses("ValidationError", "scaling", "x", { ...inputs, minSize: 3 });
    bench.refuses("ValidationError", "scaling", "x", { ...inputs, desiredCapacity: 5 });
    bench.refuses("MissingParameter", "scaling", "x", { minSize: 1, launchTemplate: { id } });
    const targets = bench.id("targets", "ip", { ...tcp, vpcId });
    bench.refuses(
      "ValidationError",
      "scaling",
      "x",
      { ...inputs, targetGroupArns: [targets] },
      /target type/,
    );
  });

  it("counts a template's versions", () => {
    const bench = new Bench();
    assert.equal(bench.put("template", "t", { imageId: "ami-0123456789abcdef0" }).outputs.latestVersion, 1);
    const next = bench.put("template", "t", { imageId: "ami-0123456789abcdef1" });
    assert.deepEqual(
      [next.change, next.outputs.latestVersion, next.outputs.defaultVersion],
      ["update", 2, 1],
    );
    const tagged = bench.put("template", "t", { imageId: "ami-0123456789abcdef1", tags: { a: "b" } });
    assert.deepEqual([tagged.change, tagged.outputs.latestVersion], ["update", 2]);
  });
});
