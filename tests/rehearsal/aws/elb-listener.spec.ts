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

function forward(targetGroupArn: string): Record<string, unknown>[] {
  return [{ type: "forward", targetGroupArn }];
}

describe("simulated listeners and target groups", () => {
  function front(): Network & { balancer: string; group: string } {
    const net = network();
    const balancer = net.bench.id("balancer", "front", nlb([[net.a]]));
    return { ...net, balancer, group: net.bench.id("targets", "web", { ...tcp, vpcId: net.vpcId }) };
  }

  it("records what the provider fills in for a target group", () => {
    const { bench, vpcId } = network();
    const { outputs } = bench.put("targets", "web", { ...tcp, vpcId, healthCheck: { protocol: "TCP" } });
    assert.equal(outputs.preserveClientIp, "false");
    assert.equal(outputs.deregistrationDelay, 300);
    assert.deepEqual(outputs.healthCheck, {
      ...{ enabled: true, healthyThreshold: 3, unhealthyThreshold: 3, interval: 30, timeout: 10 },
      ...{ port: "traffic-port", protocol: "TCP" },
    });
    assert.equal(
      bench.put("targets", "i", { port: 80, protocol: "TCP", vpcId }).outputs.preserveClientIp,
      "true",
    );
    assert.match(String(outputs.arnSuffix), /^targetgroup\/web-[0-9a-f]{7}\/[0-9a-f]{16}$/);
  });

  it("refuses a port twice on one balancer, and keeps another port", () => {
    const { bench, vpcId, balancer, group } = front();
    const other = bench.id("targets", "other", { ...tcp, vpcId });
    const listener = {
      loadBalancerArn: balancer,
      port: 443,
      protocol: "TCP",
      defaultActions: forward(group),
    };
    const made = bench.put("listener", "l", listener);
    assert.ok(made.id.startsWith(balancer.replace(":loadbalancer/", ":listener/")));
    bench.refuses("DuplicateListener", "listener", "m", { ...listener, defaultActions: forward(other) });
    bench.put("listener", "m", { ...listener, port: 444 });
    assert.deepEqual(bench.read("targets", group).loadBalancerArns, [balancer]);
  });

  it("refuses the 51st listener", () => {
    const { bench, balancer, group } = front();
    const listener = (port: number): Record<string, unknown> => ({
      loadBalancerArn: balancer,
      port,
      protocol: "TCP",
      defaultActions: forward(group),
    });
    for (let port = 1; port <= 50; port++) bench.put("listener", `l${port}`, listener(port));
    bench.refuses("TooManyListeners", "listener", "l51", listener(51));
    assert.equal(bench.put("listener", "l50", listener(500)).change, "update");
  });

  it("refuses a target group on two balancers until it has left the first", () => {
    const { bench, b, balancer, group } = front();
    const second = bench.id("balancer", "second", nlb([[b]]));
    const listener = { port: 443, protocol: "TCP", defaultActions: forward(group) };
    bench.put("listener", "l", { ...listener, loadBalancerArn: balancer });
    bench.refuses("TargetGroupAssociationLimit", "listener", "m", { ...listener, loadBalancerArn: second });
    bench.refuses("TargetGroupAssociationLimit", "listener", "l", { ...listener, loadBalancerArn: second });
    bench.remove("listener", "l");
    bench.put("listener", "m", { ...listener, loadBalancerArn: second });
  });

  it("refuses unknown balancers and groups, groups of another VPC, wrong protocols and ports", () => {
    const { bench, vpcId, balancer, group } = front();
    const listener = {
      loadBalancerArn: balancer,
      port: 443,
      protocol: "TCP",
      defaultActions: forward(group),
    };
    bench.refuses("LoadBalancerNotFound", "listener", "l", { ...listener, loadBalancerArn: `${balancer}0` });
    bench.refuses("TargetGroupNotFound", "listener", "l", {
      ...listener,
      defaultActions: forward(`${group}0`),
    });
    const far = bench.id("targets", "far", { ...tcp, vpcId: bench.vpc("other", "10.5.0.0/16") });
    bench.refuses("InvalidConfigurationRequest", "listener", "l", {
      ...listener,
      defaultActions: forward(far),
    });
    const tls = bench.id("targets", "tls", { ...tcp, protocol: "TLS", vpcId });
    bench.refuses("InvalidConfigurationRequest", "listener", "l", {
      ...listener,
      defaultActions: forward(tls),
    });
    bench.refuses("ValidationError", "listener", "l", { ...listener, protocol: "HTTP" });
    bench.refuses("ValidationError", "listener", "l", { ...listener, protocol: "TLS" }, /certificate/);
    bench.refuses("ValidationError", "listener", "l", { ...listener, port: 0 });
    bench.refuses("MissingParameter", "listener", "l", { loadBalancerArn: balancer });
    bench.refuses("InvalidLoadBalancerAction", "listener", "l", {
      ...listener,
      defaultActions: [{ type: "fixed-response" }],
    });
  });

  const wrong: [what: string, inputs: Record<string, unknown>][] = [
    ["no port", { protocol: "TCP" }],
    ["port 0", { ...tcp, port: 0 }],
    ["port 65536", { ...tcp, port: 65536 }],
    ["an unknown protocol", { ...tcp, protocol: "SCTP" }],
    ["an unknown target type", { ...tcp, targetType: "node" }],
    ["a name of 33 characters", { ...tcp, name: "n".repeat(33) }],
    ["a name with an underscore", { ...tcp, name: "a_b" }],
    ["a health check every 4 seconds", { ...tcp, healthCheck: { protocol: "TCP", interval: 4 } }],
    [
      "a health check that waits longer than its interval",
      { ...tcp, healthCheck: { protocol: "TCP", interval: 10, timeout: 20 } },
    ],
    ["a health check path without slash", { ...tcp, healthCheck: { protocol: "HTTP", path: "health" } }],
    ["11 healthy checks", { ...tcp, healthCheck: { protocol: "TCP", healthyThreshold: 11 } }],
    ["a UDP health check", { ...tcp, healthCheck: { protocol: "UDP" } }],
  ];
  for (const [what, inputs] of wrong)
    it(`refuses a target group with ${what}`, () => {
      const { bench, vpcId } = network();
      bench.refuses("ValidationError", "targets", "t", { vpcId, ...inputs });
    });

  it("refuses a path in a TCP health check, and a VPC that does not exist", () => {
    const { bench, vpcId } = network();
    bench.refuses("InvalidConfigurationRequest", "targets", "t", {
      ...tcp,
      vpcId,
      healthCheck: { protocol: "TCP", path: "/" },
    });
    bench.refuses("InvalidVpcID.NotFound", "targets", "t", { ...tcp, vpcId: "vpc-0" });
  });

  it("replaces a target group for another port and keeps the used predecessor until the listener has moved", () => {
    const { bench, vpcId, balancer, group } = front();
    const listener = { loadBalancerArn: balancer, port: 443, protocol: "TCP" };
    bench.put("listener", "l", { ...listener, defaultActions: forward(group) });
    const next = bench.put("targets", "web", { ...tcp, port: 8443, vpcId });
    assert.equal(next.change, "replace");
    assert.throws(() => bench.aws.finishReplacements([bench.urn("targets", "web")]), /ResourceInUse/);
    bench.put("listener", "l", { ...listener, defaultActions: forward(next.id) });
    bench.aws.finishReplacements([bench.urn("targets", "web")]);
    assert.throws(() => bench.read("targets", group), /TargetGroupNotFound/);
  });

  it("refuses to replace a target group in use that keeps a given name", () => {
    const { bench, vpcId, balancer } = front();
    const group = bench.id("targets", "fixed", { ...tcp, name: "fixed", vpcId });
    bench.put("listener", "l", {
      loadBalancerArn: balancer,
      port: 1,
      protocol: "TCP",
      defaultActions: forward(group),
    });
    bench.refuses("ResourceInUse", "targets", "fixed", { ...tcp, name: "fixed", port: 8443, vpcId });
    assert.equal(bench.read("targets", group).port, 443);
    bench.refuses("DuplicateTargetGroupName", "targets", "other", { ...tcp, name: "fixed", vpcId });
  });
});
