import assert from "node:assert/strict";
import { limitsOf } from "../../rehearsal/aws/control-plane/rates";
import { TokenBucket } from "../../simulator/token-bucket";

/** The example of EC2's page: 100 tokens, 20 a second. */
function describeHosts(): TokenBucket {
  const [limit] = limitsOf("ec2:DescribeHosts");
  assert.ok(limit);
  return new TokenBucket(limit, 0);
}

/** How many calls at one moment do not wait. */
function drain(bucket: TokenBucket, now: number): number {
  let count = 0;
  for (; bucket.wait(now) === 0; count += 1) bucket.take(now);
  return count;
}

describe("a token bucket", () => {
  it("Lets as many calls through at once as it holds", () => {
    assert.equal(drain(describeHosts(), 0), 100);
  });

  it("Lets 20 calls a second through when it is empty", () => {
    const bucket = describeHosts();
    drain(bucket, 0);
    assert.equal(drain(bucket, 1000), 20);
    assert.equal(drain(bucket, 2000), 20);
  });

  it("Is full again after 5 seconds, and does not get fuller", () => {
    const bucket = describeHosts();
    drain(bucket, 0);
    assert.equal(drain(bucket, 5000), 100);
    assert.equal(drain(bucket, 60_000), 100);
  });

  it("Makes each call wait behind those that came before", () => {
    const bucket = describeHosts();
    drain(bucket, 0);
    assert.equal(bucket.wait(0), 50);
    bucket.take(0);
    assert.equal(bucket.wait(0), 100);
    assert.equal(Math.round(bucket.wait(30)), 70);
  });
});
