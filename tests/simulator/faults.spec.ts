import assert from "node:assert/strict";
import { type Fault } from "../../simulator/faults";
import { refused, types } from "../rehearsal/aws/bench";
import { CloudBench } from "./cloud-bench";

const blocks = ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"];

/** What becomes of four creations: the code of the failure, or "made". */
function outcomes(...faults: Fault[]): { codes: string[]; made: number; bench: CloudBench } {
  const bench = new CloudBench();
  for (const fault of faults) bench.cloud.faults.add(fault);
  const codes = blocks.map((cidrBlock, index) => {
    try {
      bench.create("vpc", `net${index}`, { cidrBlock });
      return "made";
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
  return { codes, made: bench.count("vpc"), bench };
}

describe("failures on demand", () => {
  it("come at the call that is named, once", () => {
    assert.deepEqual(outcomes({ index: 3 }).codes, ["made", "made", "InternalFailure", "made"]);
    assert.equal(outcomes({ index: 3 }).made, 3);
  });

  it("come at a type, as often as is said, with the code that is given", () => {
    const code = "RequestLimitExceeded";
    assert.deepEqual(outcomes({ type: types.vpc, times: 2, code }).codes, [code, code, "made", "made"]);
    assert.deepEqual(outcomes({ type: types.subnet }).codes, ["made", "made", "made", "made"]);
  });

  it("come after the effect when told to: the thing exists, and the answer is lost", () => {
    const { codes, made, bench } = outcomes({ index: 1, afterEffect: true });
    assert.deepEqual([codes[0], made], ["InternalFailure", 4]);
    assert.equal(bench.cloud.owned().length, 4);
  });

  it("come one after the other, and not at all when cleared", () => {
    const { codes, bench } = outcomes({ index: 1 }, { index: 2 }, { index: 9 });
    assert.deepEqual(codes, ["InternalFailure", "InternalFailure", "made", "made"]);
    bench.cloud.faults.clear();
    for (let index = 5; index <= 9; index++)
      bench.create("group", `g${index}`, { vpcId: bench.vpc(`v${index}`) });
  });

  it("leave calls that only look alone, unless these are meant", () => {
    const bench = new CloudBench();
    const id = bench.vpc("net");
    bench.cloud.faults.add({ type: types.vpc });
    assert.equal(bench.read("vpc", id)?.id, id);
    bench.cloud.faults.clear();
    bench.cloud.faults.add({ operation: "read" });
    refused("InternalFailure", () => bench.read("vpc", id));
    bench.cloud.faults.add({ operation: "delete" });
    refused("InternalFailure", () => bench.delete("vpc", id));
    bench.delete("vpc", id);
  });

  it("are told of with every other call and what came of it", () => {
    const bench = new CloudBench();
    const told: string[] = [];
    bench.cloud.onCall = ({ index, operation }, failure) =>
      told.push(`${index} ${operation} ${failure ?? ""}`);
    bench.cloud.faults.add({ index: 2 });
    const id = bench.vpc("net");
    refused("InternalFailure", () => bench.delete("vpc", id));
    refused("InvalidVpc.Range", () => bench.vpc("small", "10.0.0.0/30"));
    assert.deepEqual(
      told.map((line) => line.replace(/:.*/, "")),
      ["1 create ", "2 delete InternalFailure", "3 create InvalidVpc.Range"],
    );
    assert.equal(bench.cloud.changes, 3);
  });
});
