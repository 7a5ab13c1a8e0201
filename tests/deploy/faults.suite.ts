import assert from "node:assert/strict";
import { BankCopy } from "../bank/bank-copy";
import { SimulatedLandscape } from "./simulated-landscape";

const targets = ["accounts", "card-limits", "cards", "investments", "payments", "refunds"];

describe("a deployment that AWS interrupts", function () {
  this.timeout(300_000);
  let landscape: SimulatedLandscape;
  afterEach(() => landscape.close());

  for (const [what, type, afterEffect] of [
    ["a VPC that was made and whose answer was lost", "aws:ec2/vpc:Vpc", true],
    ["a listener that AWS did not make", "aws:lb/listener:Listener", false],
  ] as const)
    it(`comes to its end the next time, with nothing twice and nothing left behind: ${what}`, async () => {
      landscape = await SimulatedLandscape.open(new BankCopy().landscape);
      landscape.cloud.faults.add({ type, operation: "create", afterEffect });
      const first = await landscape.run("up");
      assert.equal(first.complete, false);
      const second = await landscape.run("up");
      assert.deepEqual(
        second.events.filter(({ event }) => event === "trouble"),
        [],
      );
      assert.equal(second.complete, true);
      assert.deepEqual(await landscape.reachable(), targets);
      assert.deepEqual(await landscape.orphans(), []);
      assert.deepEqual(await landscape.ghosts(), []);
    });
});
