import assert from "node:assert/strict";
import fc from "fast-check";
import { callsOf } from "../../../../rehearsal/aws/control-plane/calls";
import { limitsOf } from "../../../../rehearsal/aws/control-plane/rates";
import { deploymentCost, type Planned } from "../../../../rehearsal/aws/control-plane/shortest-deployment";
import { TokenBucket } from "../../../../simulator/token-bucket";

const types = {
  link: "aws:apigatewayv2/vpcLink:VpcLink",
  api: "aws:apigateway/restApi:RestApi",
  deployment: "aws:apigateway/deployment:Deployment",
  group: "aws:lb/targetGroup:TargetGroup",
  balancer: "aws:lb/loadBalancer:LoadBalancer",
  role: "aws:iam/role:Role",
};

function planned(type: string, urn: string, dependencies: string[] = [], account = "111111111111"): Planned {
  const inputs = { endpointConfiguration: { types: "PRIVATE" } };
  return { urn, type, dependencies, propertyDependencies: {}, account, region: "us-east-1", inputs };
}

function several(count: number, type: string, dependencies: string[] = []): Planned[] {
  return Array.from({ length: count }, (_, index) => planned(type, `${type}-${index}`, dependencies));
}

describe("the shortest deployment", () => {
  it("Nothing takes no time", () => {
    const { seconds, changes, reads, heldUpBy } = deploymentCost([]);
    assert.deepEqual([seconds, changes, reads, heldUpBy], [0, 0, 0, ""]);
  });

  it("Three links wait twice for 15 seconds", () => {
    // Three calls, the bucket holds one, one comes back every 15 s: (3 - 1) * 15.
    const { seconds, heldUpBy, changes, reads } = deploymentCost(several(3, types.link));
    assert.deepEqual([seconds, heldUpBy], [30, "apigatewayv2:CreateVpcLink"]);
    assert.deepEqual([changes, reads], [3, 6]);
  });

  it("Accounts do not wait for one another", () => {
    const accounts = ["111111111111", "222222222222", "333333333333"];
    const links = accounts.map((account) => planned(types.link, account, [], account));
    assert.equal(deploymentCost(links).seconds, 0);
  });

  it("A dependent resource starts when all that it needs is there", () => {
    // Links end at 30 s; then two deployments, one every 5 s: 30 + (2 - 1) * 5.
    const links = several(3, types.link);
    const urns = links.map(({ urn }) => urn);
    const { seconds, heldUpBy } = deploymentCost([...several(2, types.deployment, urns), ...links]);
    assert.deepEqual([seconds, heldUpBy], [35, "apigateway:CreateDeployment"]);
  });

  it("Independent resources use the same time", () => {
    // Links need 30 s, deployments (3 - 1) * 5 = 10 s at the same time.
    assert.equal(deploymentCost([...several(3, types.link), ...several(3, types.deployment)]).seconds, 30);
  });

  it("Fifty target groups are held up by the rate of all load balancing actions", () => {
    // 7 calls each: all of them (350 - 40) / 10 = 31 s; those that change something (100 - 20) / 3 = 26.7 s.
    const { seconds, heldUpBy } = deploymentCost(several(50, types.group));
    assert.deepEqual([seconds, heldUpBy], [31, "elasticloadbalancing: all actions"]);
  });

  it("Twelve balancers are held up by the rate of their creation", () => {
    // (12 - 10) / 0.2 = 10 s; all actions (12 * 9 - 40) / 10 = 6.8 s.
    const { seconds, heldUpBy } = deploymentCost(several(12, types.balancer));
    assert.deepEqual([seconds, heldUpBy], [10, "elasticloadbalancing: resource-intensive actions"]);
  });

  it("A dependency on what is not in the list counts as there", () => {
    assert.equal(deploymentCost([planned(types.role, "a", ["elsewhere"])]).seconds, 0);
  });

  it("A dependency of a single input is one, too", () => {
    const [first, second, third] = several(3, types.deployment);
    assert.ok(first && second && third);
    const last = {
      ...planned(types.link, "link"),
      propertyDependencies: { a: [first.urn, second.urn, third.urn] },
    };
    assert.equal(
      deploymentCost([last, first, second, third, planned(types.link, "other", ["link"])]).seconds,
      25,
    );
  });

  it("Only the rates that are asked for are looked at", () => {
    const resources = [...several(3, types.link), ...several(50, types.group)];
    assert.equal(deploymentCost(resources, (call) => call.startsWith("apigateway")).seconds, 30);
    assert.equal(deploymentCost(resources).seconds, 31);
  });

  it("Types whose calls are not known are named once each", () => {
    const buckets = several(2, "aws:s3/bucket:Bucket");
    const { uncounted, changes, resources } = deploymentCost(buckets);
    assert.deepEqual([uncounted, changes, resources], [["aws:s3/bucket:Bucket"], 0, 2]);
  });

  it("Resources that depend on each other are no deployment", () => {
    const circle = [planned(types.role, "a", ["b"]), planned(types.role, "b", ["a"])];
    assert.throws(() => deploymentCost(circle), /depends on itself/);
  });

  it("No deployment that starts every call as early as it may is shorter", () => {
    const resource = fc.record({
      type: fc.constantFrom(...Object.values(types)),
      needs: fc.array(fc.nat(30), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 30 }), (list) => {
        const resources = list.map(({ type, needs }, index) =>
          planned(
            type,
            `r${index}`,
            needs.filter((need) => need < index).map((need) => `r${need}`),
          ),
        );
        assert.ok(deploymentCost(resources).seconds <= eagerSeconds(resources) + 1e-6);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

/** How long a deployment takes that makes every call as soon as it can, in the order in which calls can be made. */
function eagerSeconds(resources: readonly Planned[]): number {
  const buckets = new Map<string, TokenBucket>();
  const done = new Map<string, number>();
  const waiting = resources.map((resource) => ({
    ...resource,
    calls: [...(callsOf("create", resource.type, resource.inputs) ?? [])],
    ready: 0,
  }));
  for (;;) {
    const possible = waiting.filter(
      ({ urn, dependencies }) => !done.has(urn) && dependencies.every((needed) => done.has(needed)),
    );
    for (const one of possible)
      one.ready = Math.max(one.ready, ...one.dependencies.map((needed) => done.get(needed) ?? 0));
    possible.sort((a, b) => a.ready - b.ready);
    const [next] = possible;
    if (next === undefined) return Math.max(0, ...done.values()) / 1000;
    const call = next.calls.shift();
    if (call !== undefined) {
      const taken = limitsOf(call).map((limit) => {
        const bucket = buckets.get(limit.bucket) ?? new TokenBucket(limit, 0);
        buckets.set(limit.bucket, bucket);
        return bucket;
      });
      const at = next.ready;
      next.ready = at + Math.max(0, ...taken.map((bucket) => bucket.wait(at)));
      for (const bucket of taken) bucket.take(at);
    }
    if (next.calls.length === 0) done.set(next.urn, next.ready);
  }
}
