import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import { SimulatedAws } from "../../rehearsal/aws/simulated-aws";
import { type Program, runProgram } from "../../rehearsal/run-program";
import { type StackState } from "../../rehearsal/stack-state";

async function up(program: Program) {
  const stack: StackState = {
    organization: "organization",
    project: "p",
    stack: "dev",
    config: { "aws:region": "us-east-1", "aws:allowedAccountIds": '["111111111111"]' },
    configurationFolder: __dirname,
    resources: [],
    outputs: {},
  };
  const result = await runProgram(stack, program, new SimulatedAws(), new Map());
  return { stack, result };
}

describe("what simulated AWS does not know", () => {
  it("passes a type through with an id and the inputs that it was given, and names it", async () => {
    const { stack, result } = await up(() => {
      const queue = new aws.sqs.Queue("jobs", { visibilityTimeoutSeconds: 60 });
      return Promise.resolve({ queue: queue.id, timeout: queue.visibilityTimeoutSeconds });
    });
    assert.deepEqual(result.refusals, []);
    assert.equal(result.stopped, undefined);
    assert.deepEqual(result.notSimulated, [
      {
        resource: "urn:pulumi:dev::p::aws:sqs/queue:Queue::jobs",
        type: "aws:sqs/queue:Queue",
        reason: "the type is not simulated",
      },
    ]);
    assert.equal(typeof stack.outputs.queue, "string");
    assert.equal(stack.outputs.timeout, 60);
  });

  it("passes a form of awsx's VPC through that is not reproduced, without children, and names the argument", async () => {
    const { stack, result } = await up(() => {
      new awsx.ec2.Vpc("net", { numberOfAvailabilityZones: 2, natGateways: { strategy: "None" } });
      return Promise.resolve({});
    });
    assert.deepEqual(result.refusals, []);
    const [named, ...others] = result.notSimulated;
    assert.deepEqual(others, []);
    assert.equal(named?.resource, "urn:pulumi:dev::p::awsx:ec2:Vpc::net");
    assert.equal(named.type, "awsx:ec2:Vpc");
    assert.match(named.reason, /subnetSpecs is not given/);
    assert.deepEqual(
      stack.resources.filter(({ type }) => type.startsWith("aws:")),
      [],
    );
  });

  it("gives such a VPC's outputs ids of as many children as it would have, and what uses them passes through, too", async () => {
    const { stack, result } = await up(() => {
      const vpc = new awsx.ec2.Vpc("net", { numberOfAvailabilityZones: 2 });
      new aws.ec2.SecurityGroup("group", { vpcId: vpc.vpcId });
      return Promise.resolve({
        vpc: vpc.vpc.id,
        publics: vpc.publicSubnetIds,
        isolated: vpc.isolatedSubnetIds,
        tables: vpc.routeTables.apply((tables) => tables.map(({ id }) => id)),
        arns: vpc.subnets.apply((subnets) => subnets.map(({ arn }) => arn)),
      });
    });
    assert.deepEqual(result.refusals, []);
    assert.equal(result.stopped, undefined);
    assert.deepEqual(
      result.notSimulated.map(({ reason }) => reason),
      [
        "subnetSpecs is not given: computed subnets are not reproduced",
        "it depends on what is not simulated",
      ],
    );
    const { vpc, publics, isolated, tables, arns } = stack.outputs as Record<string, string[]>;
    assert.deepEqual([publics?.length, isolated?.length, tables?.length, arns?.length], [2, 0, 4, 4]);
    const all = [vpc, ...(publics ?? []), ...(tables ?? []), ...(arns ?? [])].map(String);
    for (const text of all) assert.match(text, /^not-simulated-/);
    assert.equal(new Set(all.slice(0, 7)).size, 7);
    const group = stack.resources.find(({ name }) => name === "group");
    assert.equal(group?.inputs.vpcId, vpc);
    assert.deepEqual(group?.propertyDependencies.vpcId, ["urn:pulumi:dev::p::awsx:ec2:Vpc::net"]);
  });

  it("gives other components and types outputs that are told from what AWS gives", async () => {
    const { stack, result } = await up(() => {
      const repository = new awsx.ecr.Repository("images", { forceDelete: true });
      const hub = new aws.ec2transitgateway.TransitGateway("hub", { description: "hub" });
      return Promise.resolve({
        url: repository.url,
        hub: hub.id,
        arn: hub.arn,
        description: hub.description,
      });
    });
    assert.deepEqual(result.refusals, []);
    const { url, hub, arn, description } = stack.outputs;
    for (const text of [url, hub, arn]) assert.match(String(text), /^not-simulated-/);
    assert.equal(description, "hub");
    assert.deepEqual(
      result.notSimulated.map(({ type, reason }) => [type, reason]),
      [
        ["awsx:ecr:Repository", "the component is not simulated"],
        ["aws:ec2transitgateway/transitGateway:TransitGateway", "the type is not simulated"],
      ],
    );
  });
});
