import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ProblemsError } from "../../common/problems";
import { Cloud } from "../../simulator/cloud";
import { gateway, provider, region, types } from "../rehearsal/aws/bench";
import { CloudBench } from "./cloud-bench";

describe("the state of simulated AWS", () => {
  let folder: string;
  let stateFile: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "state "));
    stateFile = path.join(folder, "state.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the same after a restart, and goes on from there", () => {
    const before = new CloudBench({ stateFile });
    const vpcId = before.vpc("net");
    const peerVpcId = before.vpc("net", "10.1.0.0/16", provider);
    const connection = before.id("peering", "p", { vpcId, peerVpcId, peerOwnerId: provider });
    before.create("accepter", "p", { vpcPeeringConnectionId: connection, autoAccept: true }, provider);
    const group = String(before.read("vpc", vpcId)?.outputs.defaultSecurityGroupId);

    const after = new CloudBench({ stateFile });
    assert.deepEqual(after.cloud.world.save(), before.cloud.world.save());
    assert.equal(after.cloud.changes, 4);
    assert.equal(after.read("peering", connection)?.outputs.acceptStatus, "active");
    after.delete("accepter", connection, provider);
    after.delete("peering", connection);
    after.delete("vpc", vpcId);
    assert.equal(after.read("group", group), undefined);
    assert.notEqual(after.vpc("net"), vpcId);
  });

  it("is written after each change, so that nothing is lost with the process", () => {
    const bench = new CloudBench({ stateFile });
    bench.cloud.faults.add({ index: 2, afterEffect: true });
    bench.vpc("one");
    assert.throws(() => bench.vpc("two", "10.1.0.0/16"), /InternalFailure/);
    assert.equal(new Cloud({ stateFile }).owned().length, 2);
    assert.deepEqual(readdirSync(folder), ["state.json"]);
  });

  it("does not come from a file that was left half written beside it", () => {
    new CloudBench({ stateFile }).vpc("net");
    writeFileSync(`${stateFile}.part`, '{"format":1,"held":[');
    assert.equal(new Cloud({ stateFile }).owned().length, 1);
  });

  it("goes before what the landscape says exists", () => {
    const existing = (id: string) => [
      { account: gateway, region, type: types.vpc, id, properties: { cidrBlock: "10.0.0.0/16" } },
    ];
    const found = (cloud: Cloud): string[] => cloud.world.all(types.vpc).map(({ id }) => id);
    assert.deepEqual(found(new Cloud({ stateFile, existing: existing("vpc-0a") })), ["vpc-0a"]);
    assert.deepEqual(found(new Cloud({ stateFile, existing: existing("vpc-0b") })), ["vpc-0a"]);
  });

  for (const [what, content] of [
    ["half a file", '{"format":1,"held":['],
    ["a deployment file", '{"version":3,"deployment":{}}'],
    ["a newer form", '{"format":2,"held":[],"history":{},"calls":0}'],
    ["things without a place", '{"format":1,"held":[{"type":"t","id":"i"}],"history":{},"calls":0}'],
    ["nothing", ""],
    ["null", "null"],
  ] as const)
    it(`is not read from ${what}, which is left as it is`, () => {
      writeFileSync(stateFile, content);
      assert.throws(
        () => new Cloud({ stateFile }),
        (error: unknown) => error instanceof ProblemsError && error.problems[0]?.where === stateFile,
      );
      assert.equal(readFileSync(stateFile, "utf8"), content);
    });
});
