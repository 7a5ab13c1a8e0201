import assert from "node:assert/strict";
import { AwsError } from "../../rehearsal/aws/aws-error";
import { ControlPlane, patience, type Throttling } from "../../simulator/control-plane";

const link = {
  ...{ type: "aws:apigatewayv2/vpcLink:VpcLink", account: "111111111111", region: "us-east-1" },
  inputs: {},
};
const createLink = "apigatewayv2:CreateVpcLink";

/** Time that passes only in pauses. */
function clock(): Required<Pick<Throttling, "now" | "pause">> {
  let time = 0;
  return {
    now: () => time,
    pause: (milliseconds) => {
      time += milliseconds;
      return Promise.resolve();
    },
  };
}

describe("the simulated control plane", () => {
  it("Counts calls and lets none wait unless it is asked to throttle", async () => {
    const plane = new ControlPlane();
    for (let index = 0; index < 5; index += 1) await plane.admit("create", link);
    assert.deepEqual(plane.counts.get(createLink), {
      ...{ calls: 5, throttled: 0, failed: 0, waitedMilliseconds: 0 },
    });
    assert.equal(plane.total.calls, 15);
  });

  it("Makes the second and third link wait for 15 seconds each", async () => {
    const time = clock();
    const plane = new ControlPlane(time);
    for (let index = 0; index < 3; index += 1) await plane.admit("create", link);
    assert.equal(Math.round(time.now()), 30_000);
    assert.equal(plane.counts.get(createLink)?.throttled, 2);
    assert.equal(plane.total.throttled, 2);
    assert.equal(Math.round(plane.total.waitedMilliseconds), 30_000);
  });

  it("Has buckets of its own for each account and region", async () => {
    const time = clock();
    const plane = new ControlPlane(time);
    await plane.admit("create", link);
    await plane.admit("create", { ...link, account: "222222222222" });
    await plane.admit("create", { ...link, region: "eu-west-1" });
    await plane.admit("create", { ...link, inputs: { region: "eu-north-1" } });
    assert.equal(time.now(), 0);
  });

  it("Refuses a call that would wait longer than the provider tries, with the service's code", async () => {
    // Two attempts have one pause of a second between them, and the second link would have to wait for 15.
    const plane = new ControlPlane({ ...clock(), attempts: 2 });
    await plane.admit("create", link);
    await assert.rejects(plane.admit("create", link), (error: unknown) => {
      assert.ok(error instanceof AwsError);
      assert.equal(error.code, "TooManyRequestsException");
      return true;
    });
    assert.deepEqual([plane.total.throttled, plane.total.failed], [1, 1]);
  });

  it("Goes on for 411 seconds with the provider's defaults", () => {
    // 24 pauses: 1, 2, 4, 8 and 16 seconds, then 19 of 20.
    assert.equal(patience({}), 411_000);
  });

  it("Does not limit what AWS documents no rate for", async () => {
    const time = clock();
    const plane = new ControlPlane(time);
    for (let index = 0; index < 200; index += 1)
      await plane.admit("create", { ...link, type: "aws:iam/role:Role" });
    assert.equal(time.now(), 0);
  });

  it("Really waits when no other clock is given", async () => {
    // Tags of log groups are listed 5 times a second, so a sixth read waits for a fifth of one.
    const plane = new ControlPlane({});
    const start = performance.now();
    const group = { ...link, type: "aws:cloudwatch/logGroup:LogGroup" };
    for (let index = 0; index < 6; index += 1) await plane.admit("read", group);
    assert.ok(performance.now() - start > 150);
    assert.equal(plane.counts.get("logs:ListTagsForResource")?.throttled, 1);
  });
});
