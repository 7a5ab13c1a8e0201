import assert from "node:assert/strict";
import { gateway, type Kind, provider, refused } from "../rehearsal/aws/bench";
import { CloudBench } from "./cloud-bench";

const managed = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy";
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
};
const body = {
  openapi: "3.0.1",
  info: { title: "t", version: "1" },
  paths: { "/a": { get: { responses: {}, "x-amazon-apigateway-integration": { type: "MOCK" } } } },
};

type Made = [kind: Kind, inputs: Record<string, unknown>, account?: string];

/** For each kind, what a bench needs before and what is asked for twice. */
const repetitions: Record<string, (bench: CloudBench) => Made> = {
  "a target that is registered with its port": (bench) => {
    const vpcId = bench.vpc("net");
    const group = { vpcId, port: 80, protocol: "TCP", targetType: "ip" };
    const targetGroupArn = bench.id("targets", "t", group);
    return ["attachment", { targetGroupArn, targetId: "10.0.0.9" }];
  },
  "a policy that is attached to a role": (bench) => {
    const role = bench.id("role", "r", { assumeRolePolicy: JSON.stringify(trust) });
    return ["policyAttachment", { role, policyArn: managed }];
  },
  "an account's settings of API Gateway": () => [
    "account",
    { cloudwatchRoleArn: `arn:aws:iam::${gateway}:role/r` },
  ],
  "a stage's settings of a method": (bench) => {
    const restApi = bench.id("api", "a", { body: JSON.stringify(body) });
    const deployment = bench.id("deployment", "d", { restApi });
    bench.create("stage", "s", { restApi, deployment, stageName: "live" });
    return [
      "methodSettings",
      { restApi, stageName: "live", methodPath: "*/*", settings: { metricsEnabled: true } },
    ];
  },
  "an API's policy": (bench) => {
    const restApiId = bench.id("api", "a", { body: JSON.stringify(body) });
    const policy = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*", Principal: "*" }] };
    return ["apiPolicy", { restApiId, policy: JSON.stringify(policy) }];
  },
  "a connection that is accepted": (bench) => {
    const vpcPeeringConnectionId = connection(bench);
    return ["accepter", { vpcPeeringConnectionId, autoAccept: true }, provider];
  },
  "the options of a connection": (bench) => {
    const vpcPeeringConnectionId = connection(bench);
    bench.create("accepter", "x", { vpcPeeringConnectionId, autoAccept: true }, provider);
    return ["options", { vpcPeeringConnectionId, requester: { allowRemoteVpcDnsResolution: true } }];
  },
  "a default security group that is adopted": (bench) => ["defaultGroup", { vpcId: bench.vpc("net") }],
};

function connection(bench: CloudBench): string {
  const vpcId = bench.vpc("net");
  const peerVpcId = bench.vpc("net", "10.1.0.0/16", provider);
  return bench.id("peering", "p", { vpcId, peerVpcId, peerOwnerId: provider });
}

describe("what AWS has once, however often it is asked for", () => {
  for (const [what, prepare] of Object.entries(repetitions)) {
    it(`is ${what}, whichever stack resource asks`, () => {
      const bench = new CloudBench();
      const [kind, inputs, account] = prepare(bench);
      const first = bench.create(kind, "one", inputs, account);
      const again = bench.create(kind, "one", inputs, account);
      const other = bench.create(kind, "two", inputs, account);
      assert.deepEqual([again.id, other.id], [first.id, first.id]);
      assert.equal(bench.count(kind), 1);
      bench.delete(kind, first.id, account);
      assert.equal(bench.count(kind), 0);
      bench.delete(kind, first.id, account);
    });
  }

  it("is the connection of two VPCs when the same stack resource asks; of another one it is refused", () => {
    const bench = new CloudBench();
    const id = connection(bench);
    const { inputs } = bench.read("peering", id) ?? assert.fail();
    assert.equal(bench.id("peering", "p", inputs), id);
    assert.equal(bench.count("peering"), 1);
    refused("VpcPeeringConnectionAlreadyExists", () => bench.create("peering", "other", inputs));
  });

  it("takes over what the second request gives", () => {
    const bench = new CloudBench();
    bench.create("account", "one", { cloudwatchRoleArn: `arn:aws:iam::${gateway}:role/a` });
    const role = `arn:aws:iam::${gateway}:role/b`;
    const { id, outputs } = bench.create("account", "one", { cloudwatchRoleArn: role });
    assert.equal(outputs.cloudwatchRoleArn, role);
    assert.equal(bench.read("account", id)?.outputs.cloudwatchRoleArn, role);
  });

  it("is not a target with another port, nor a policy of another role", () => {
    const bench = new CloudBench();
    const group = { vpcId: bench.vpc("net"), port: 80, protocol: "TCP", targetType: "ip" };
    const target = { targetGroupArn: bench.id("targets", "t", group), targetId: "10.0.0.9" };
    bench.create("attachment", "default", target);
    bench.create("attachment", "same port", { ...target, port: 80 });
    assert.equal(bench.count("attachment"), 1);
    bench.create("attachment", "other port", { ...target, port: 81 });
    assert.equal(bench.count("attachment"), 2);
    for (const name of ["a", "b"]) {
      const role = bench.id("role", name, { assumeRolePolicy: JSON.stringify(trust) });
      bench.create("policyAttachment", name, { role, policyArn: managed });
    }
    assert.equal(bench.count("policyAttachment"), 2);
  });
});

describe("what AWS refuses to make twice", () => {
  const allowed = { cidrIpv4: "10.1.0.0/16", ipProtocol: "tcp", fromPort: 443, toPort: 443 };

  // Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  for (const [code, prepare] of [
    [
      "RouteAlreadyExists",
      (bench: CloudBench): Made => {
        const vpcId = bench.vpc("net");
        const gatewayId = bench.id("internetGateway", "i", { vpcId });
        const routeTableId = bench.id("table", "t", { vpcId });
        return ["route", { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId }];
      },
    ],
    [
      "Resource.AlreadyAssociated",
      (bench: CloudBench): Made => {
        const vpcId = bench.vpc("net");
        const routeTableId = bench.id("table", "t", { vpcId });
        return ["association", { routeTableId, subnetId: bench.subnet("s", vpcId) }];
      },
    ],
    [
      "InvalidPermission.Duplicate",
      (bench: CloudBench): Made => {
        const securityGroupId = bench.id("group", "g", { vpcId: bench.vpc("net") });
        return ["ingress", { securityGroupId, ...allowed }];
      },
    ],
    [
      "InvalidVpc.Range",
      (bench: CloudBench): Made => ["block", { vpcId: bench.vpc("net"), cidrBlock: "10.7.0.0/16" }],
    ],
  ] as const)
    it(`is told by ${code}, also to the stack resource that asked before`, () => {
      const bench = new CloudBench();
      const [kind, inputs] = prepare(bench);
      bench.create(kind, "one", inputs);
      refused(code, () => bench.create(kind, "one", inputs));
      assert.equal(bench.count(kind), 1);
    });
});
