import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type Properties, type StackResources } from "../../resources/resource";
import { BankCopy } from "../bank/bank-copy";
import { SimulatedLandscape } from "./simulated-landscape";

const targets = ["accounts", "card-limits", "cards", "investments", "payments", "refunds"];

describe("the bank under the real engine", function () {
  this.timeout(300_000);
  const bank = new BankCopy();
  let landscape: SimulatedLandscape;
  before(async () => {
    landscape = await SimulatedLandscape.open(bank.landscape);
  });
  after(() => landscape.close());

  it("goes from nothing to all targets reachable, in four passes", async () => {
    const { complete, passes, results, problems } = await landscape.run("up");
    assert.deepEqual(problems, []);
    assert.deepEqual(
      results.filter(({ outcome }) => outcome !== "succeeded"),
      [],
    );
    assert.equal(complete, true);
    assert.equal(passes, 4);
    assert.deepEqual(await landscape.reachable(), targets);
    assert.deepEqual(await landscape.orphans(), []);
    assert.deepEqual(await landscape.ghosts(), []);
  });

  it("changes nothing at a second look, one for each stack", async () => {
    const { complete, results } = await landscape.run("up");
    assert.equal(complete, true);
    assert.equal(results.length, 5);
    for (const { stack, changes } of results) assert.deepEqual(Object.keys(changes), ["same"], stack);
  });

  it("finds at a refresh only what AWS computes from other resources, and then nothing", async () => {
    const before = await landscape.deployed();
    const { complete } = await landscape.run("refresh");
    assert.equal(complete, true);
    const first = await landscape.deployed();
    // Each is stored when its resource is made, and AWS changes it when another resource comes: no input is among them.
    assert.deepEqual(
      [...new Set(differences(before, first).map((line) => line.replace(/ name .*/, "")))],
      [
        "output aws:ec2/route:Route state",
        "output aws:ec2/routeTable:RouteTable routes",
        "output aws:ec2/securityGroup:SecurityGroup egress",
        "output aws:ec2/securityGroup:SecurityGroup ingress",
        "output aws:ec2/vpcPeeringConnection:VpcPeeringConnection acceptStatus",
        "output aws:lb/targetGroup:TargetGroup loadBalancerArns",
      ],
    );
    await landscape.run("refresh");
    assert.deepEqual(differences(first, await landscape.deployed()), []);
    assert.deepEqual(await landscape.reachable(), targets);
  });

  it("changes nothing after a refresh", async () => {
    const { complete, results } = await landscape.run("up");
    assert.equal(complete, true);
    for (const { stack, changes } of results) assert.deepEqual(Object.keys(changes), ["same"], stack);
  });

  it("is destroyed to nothing in every account", async () => {
    const { complete, results } = await landscape.run("destroy");
    assert.deepEqual(
      results.filter(({ outcome }) => outcome !== "succeeded"),
      [],
    );
    assert.equal(complete, true);
    assert.deepEqual(landscape.cloud.owned(), []);
    assert.deepEqual(await landscape.deployed(), []);
  });
});

/** The output properties that differ between two states: name of the resource and of the property. */
function differences(before: readonly StackResources[], after: readonly StackResources[]): string[] {
  const old = new Map(
    before.flatMap(({ resources }) => resources).map((resource) => [resource.urn, resource]),
  );
  return after
    .flatMap(({ resources }) => resources)
    .flatMap(({ urn, name, type, inputs, outputs }) => {
      const earlier = old.get(urn);
      const at = (kind: string, now: Properties, then: Properties = {}): string[] =>
        [...new Set([...Object.keys(now), ...Object.keys(then)])]
          .filter((key) => !isDeepStrictEqual(now[key], then[key]))
          .map((key) => `${kind} ${type} ${key} name ${name}`);
      return [...at("input", inputs, earlier?.inputs), ...at("output", outputs, earlier?.outputs)];
    })
    .sort();
}
