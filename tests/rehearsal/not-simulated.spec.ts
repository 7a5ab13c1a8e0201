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
});
