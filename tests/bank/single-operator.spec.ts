import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { rehearseCommand } from "../../cli/rehearse";
import { type Report } from "../../cli/report";
import { refused } from "../landscape/refused";
import { BankCopy } from "./bank-copy";

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

  for (const [title, value] of [
    ["that is left out", undefined],
    ["of another provider", ["awsx"]],
    ["that is no list", "aws"],
  ] as const) {
    it(`is refused with a list of disabled default providers ${title}`, async () => {
      const copy = new BankCopy();
      try {
        const file = copy.path("single-operator.bank.yaml");
        const document = parseDocument(readFileSync(file, "utf8"));
        document.deleteIn(["config", "pulumi:disable-default-providers"]);
        if (value !== undefined) document.setIn(["config", "pulumi:disable-default-providers"], value);
        copy.write("single-operator.bank.yaml", document.toString());
        const { problems, ran } = await refused({ landscape: copy.path("single-operator.yaml") });
        assert.equal(ran, false);
        assert.equal(problems.length, 1, JSON.stringify(problems));
        assert.equal(problems[0]?.where, `${file}, pulumi:disable-default-providers`);
        assert.match(problems[0].change, /write pulumi:disable-default-providers: \["aws"\]/);
      } finally {
        copy.remove();
      }
    });
  }
});
