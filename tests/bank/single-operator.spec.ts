import assert from "node:assert/strict";
import * as path from "node:path";
import { rehearseCommand } from "../../cli/rehearse";
import { type Report } from "../../cli/report";

const rehearsed = async (file: string): Promise<Report> => {
  const landscape = path.resolve(__dirname, "../../examples/bank", file);
  return (await rehearseCommand({ landscape }, () => undefined)).report;
};

describe("the bank as one stack", function () {
  this.timeout(60_000);

  it("comes to rest after one deployment, with the same targets as the bank of five stacks", async () => {
    const one = await rehearsed("single-operator.yaml");
    const five = await rehearsed("landscape.yaml");
    assert.equal(one.converged, true);
    assert.equal(one.passes, 2);
    const seen = ({ targets }: Report) =>
      targets.map(({ name, provider, path: url, verdict, hops }) => ({
        ...{ name, provider, url, verdict },
        steps: hops
          .map(({ leg, step, account, verdict: at }) => `${leg} ${step} ${account ?? ""} ${at}`)
          .sort(),
      }));
    assert.equal(one.targets.length, 6);
    assert.deepEqual(seen(one), seen(five));
  });
});
