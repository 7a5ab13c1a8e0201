import assert from "node:assert/strict";
import { checkAccounts } from "../../landscape/check-contracts";
import { readLandscape } from "../../landscape/landscape";
import { BankCopy } from "../bank/bank-copy";

describe("files of deployed stacks", () => {
  it("are refused where the configuration names another account than theirs", async () => {
    const bank = new BankCopy();
    try {
      bank.set("gateway", "aws:allowedAccountIds", ["999999999999"]);
      const { landscape } = await readLandscape(bank.landscape);
      assert.ok(landscape);
      const deployed = [
        { project: "shared-services", stack: "dev", account: "111111111111" },
        { project: "provider-account", stack: "accounts-dev", account: "222222222222" },
        { project: "provider-account", stack: "cards-dev" },
      ].map((stack) => ({ ...stack, resources: [], outputs: {} }));
      const problems = checkAccounts(landscape, deployed);
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.where ?? "", /shared-services\.dev\.yaml, aws:allowedAccountIds$/);
      assert.deepEqual([problems[0]?.value, problems[0]?.allowed], ["999999999999", "111111111111"]);
    } finally {
      bank.remove();
    }
  });
});
