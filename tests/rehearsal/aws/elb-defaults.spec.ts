import assert from "node:assert/strict";
import { Bench } from "./bench";

type Json = Record<string, unknown>;

function withVpc(): { bench: Bench; vpcId: string } {
  const bench = new Bench();
  return { bench, vpcId: bench.vpc("net", "10.0.0.0/16") };
}

describe("simulated target groups without a health check block", () => {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  const aws = {
    enabled: true,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
    interval: 30,
    port: "traffic-port",
  };
  const cases: [protocol: string, check: Json][] = [
    ["TCP", { ...aws, protocol: "TCP", timeout: 10 }],
    ["TLS", { ...aws, protocol: "TCP", timeout: 10 }],
    ["HTTP", { ...aws, protocol: "HTTP", timeout: 5, path: "/", matcher: "200" }],
  ];
  for (const [protocol, check] of cases)
    it(`are checked as AWS does by itself for ${protocol}, and stay so when something else changes`, () => {
      const { bench, vpcId } = withVpc();
      const inputs = { port: 443, protocol, targetType: "ip", vpcId };
      assert.deepEqual(bench.put("targets", "t", inputs).outputs.healthCheck, check);
      assert.deepEqual(bench.put("targets", "t", { ...inputs, tags: { a: "b" } }).outputs.healthCheck, check);
    });

  it("keep a check that is no longer given", () => {
    const { bench, vpcId } = withVpc();
    const inputs = { port: 443, protocol: "TCP", targetType: "ip", vpcId };
    const { outputs } = bench.put("targets", "t", { ...inputs, healthCheck: { path: "/live" } });
    assert.equal((outputs.healthCheck as Json).protocol, "HTTP");
    assert.deepEqual(bench.put("targets", "t", inputs).outputs.healthCheck, outputs.healthCheck);
  });

  it("cannot switch client IP preservation off for UDP, nor wait more than an hour for connections to end", () => {
    const { bench, vpcId } = withVpc();
    const inputs = { port: 53, targetType: "ip", vpcId };
    for (const protocol of ["UDP", "TCP_UDP"])
      bench.refuses("InvalidConfigurationRequest", "targets", "t", {
        ...inputs,
        protocol,
        preserveClientIp: "false",
      });
    bench.refuses("ValidationError", "targets", "t", {
      ...inputs,
      protocol: "TCP",
      deregistrationDelay: 3601,
    });
    bench.put("targets", "t", {
      ...inputs,
      protocol: "TCP",
      preserveClientIp: "false",
      deregistrationDelay: 0,
    });
  });
});

describe("simulated listeners and rules", () => {
  function application(): { bench: Bench; balancer: string; target: (name: string) => string } {
    const { bench, vpcId } = withVpc();
    const subnets = [
      bench.subnet("a", vpcId, "10.0.0.0/24", "us-east-1a"),
      bench.subnet("b", vpcId, "10.0.1.0/24", "us-east-1b"),
    ];
    const balancer = bench.id("balancer", "web", { internal: true, subnets });
    const target = (name: string): string =>
      bench.id("targets", name, { port: 80, protocol: "HTTP", targetType: "ip", vpcId });
    return { bench, balancer, target };
  }

  const listener = (loadBalancerArn: string, port: number, arn: string, more: Json = {}): Json => ({
    ...{ loadBalancerArn, port, defaultActions: [{ type: "forward", targetGroupArn: arn }], ...more },
  });

  it("take an idle time-out of 60 to 6,000 seconds for TCP on a Network Load Balancer only", () => {
    const { bench, vpcId } = withVpc();
    const subnets = [bench.subnet("a", vpcId, "10.0.0.0/24")];
    const nlb = bench.id("balancer", "front", { loadBalancerType: "network", internal: true, subnets });
    const tcp = bench.id("targets", "tcp", { port: 443, protocol: "TCP", targetType: "ip", vpcId });
    const idle = (tcpIdleTimeoutSeconds: number, protocol = "TCP"): Json =>
      listener(nlb, 443, tcp, {
        protocol,
        tcpIdleTimeoutSeconds,
        ...(protocol === "TLS" && { certificateArn: "arn" }),
      });
    bench.refuses("ValidationError", "listener", "l", idle(59));
    bench.refuses("ValidationError", "listener", "l", idle(6001));
    bench.refuses("InvalidConfigurationRequest", "listener", "l", idle(350, "TLS"));
    bench.put("listener", "l", idle(6000));
    const web = application();
    const onAlb = listener(web.balancer, 80, web.target("a"), {
      protocol: "HTTP",
      tcpIdleTimeoutSeconds: 350,
    });
    web.bench.refuses("InvalidConfigurationRequest", "listener", "l", onAlb);
  });

  it("give a rule the next priority, and refuse one in use or out of range, and a target group of another balancer", () => {
    const { bench, balancer, target } = application();
    const listenerArn = bench.id(
      "listener",
      "l",
      listener(balancer, 80, target("main"), { protocol: "HTTP" }),
    );
    const type = "aws:lb/listenerRule:ListenerRule";
    const rule = (name: string, inputs: Json): Json =>
      bench.aws.put({
        ...{ account: "111111111111", region: "us-east-1", type, name, urn: `urn:pulumi:s::p::t::${name}` },
        inputs: {
          ...{ listenerArn, conditions: [{ pathPattern: { values: ["/a"] } }] },
          ...{ actions: [{ type: "forward", targetGroupArn: target(name) }], ...inputs },
        },
      }).outputs;
    assert.equal(rule("first", { priority: 10 }).priority, 10);
    assert.equal(rule("next", {}).priority, 11);
    assert.equal(rule("next", { tags: { a: "b" } }).priority, 11);
    assert.throws(() => rule("twin", { priority: 10 }), /PriorityInUse/);
    assert.throws(() => rule("zero", { priority: 0 }), /ValidationError/);
    const other = bench.id("balancer", "other", {
      internal: true,
      subnets: bench.read("balancer", balancer).subnets,
    });
    const actions = [{ type: "forward", targetGroupArn: target("main") }];
    const second = bench.id("listener", "m", listener(other, 80, target("second"), { protocol: "HTTP" }));
    assert.throws(() => rule("shared", { listenerArn: second, actions }), /TargetGroupAssociationLimit/);
  });
});
