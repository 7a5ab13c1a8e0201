import assert from "node:assert/strict";
import * as path from "node:path";
import { rehearseCommand } from "../../cli/rehearse";
import { BankCopy } from "../bank/bank-copy";

describe("a zone that is added to balancers in use", function () {
  this.timeout(60_000);
  let bank: BankCopy;
  beforeEach(() => {
    bank = new BankCopy();
  });
  afterEach(() => bank.remove());

  it("gets no node before the providers admit it, and then each balancer's own address", async () => {
    const { landscape } = bank;
    const deployed = path.join(bank.folder, "deployed");
    await rehearseCommand({ landscape, export: deployed }, () => undefined);
    bank.set("gateway", "network.zones", ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]);
    const { report } = await rehearseCommand({ landscape, from: deployed }, () => undefined);
    const runs = report.handshake.flatMap((pass) => pass.runs);
    assert.deepEqual(
      runs.flatMap(({ refusals }) => refusals),
      [],
    );
    const [first] = runs.filter(({ project }) => project === "shared-services");
    assert.match(
      first?.waitsFor[0] ?? "",
      /admits 10\.0\.6\.10: .* balancer "main" gets its node in us-east-1d/,
    );
    assert.match(first?.waitsFor[1] ?? "", /admits 10\.0\.6\.20: .* balancer "refunds" gets its node/);
    assert.equal(report.converged, true);
    for (const { name, verdict } of report.targets) assert.equal(verdict, "reachable", name);
  });
});
