import assert from "node:assert/strict";
import * as path from "node:path";
import { reportRehearsal } from "../../cli/report";
import { type Landscape, readLandscape } from "../../landscape/landscape";
import { prove } from "../../proof/prove";
import { type Rehearsal, rehearse } from "../../rehearsal/rehearse";
import { parseDeployment } from "../../resources/deployment-file";
import { toDeployment } from "../../resources/deployment-writer";

const file = path.resolve(__dirname, "../../examples/bank/landscape.yaml");

/** The bank, in which some stacks run a program of `./programs` in place of their own. */
async function bankWith(program: string, ...stacks: string[]): Promise<Landscape> {
  const { landscape } = await readLandscape(file);
  assert.ok(landscape);
  const main = path.join("tests", "rehearsal", "programs", program);
  return {
    ...landscape,
    stacks: landscape.stacks.map((stack) =>
      stacks.includes(stack.stack) ? { ...stack, project: { ...stack.project, main } } : stack,
    ),
  };
}

/** The targets that are not reachable, each with its verdict. */
function others({ stacks }: Rehearsal): Record<string, string> {
  const { targets } = prove(stacks);
  assert.equal(targets.length, 6);
  const found = targets.filter(({ verdict }) => verdict !== "reachable");
  return Object.fromEntries(found.map(({ name, verdict }) => [name, verdict]));
}

function cameToRest({ converged, passes }: Rehearsal): void {
  for (const { refusals, stopped } of passes.flatMap(({ runs }) => runs)) {
    assert.deepEqual(refusals, []);
    assert.equal(stopped, undefined);
  }
  assert.equal(converged, true);
}

describe("a landscape with something that simulated AWS does not know", function () {
  this.timeout(60_000);

  for (const { title, program, stacks, unknown, first } of [
    {
      title: "a VPC of a form that is not reproduced",
      program: "endpoints-in-vpc.ts",
      stacks: ["accounts-dev"],
      unknown: { accounts: "unknown" },
      first: /^vpcEndpointSpecs/,
    },
    {
      title: "such a VPC with a second block, and one with two services",
      program: "endpoints-in-vpc.ts",
      stacks: ["investments-dev", "payments-dev"],
      unknown: { investments: "unknown", payments: "unknown", refunds: "unknown" },
      first: /^vpcEndpointSpecs/,
    },
    {
      title: "a route through a type that is not in the table",
      program: "hub-in-routes.ts",
      stacks: ["payments-dev"],
      unknown: { payments: "unknown", refunds: "unknown" },
      first: /^the type is not simulated/,
    },
  ]) {
    it(`comes to rest, and only the paths that need it are unknown: ${title}`, async () => {
      const landscape = await bankWith(program, ...stacks);
      const rehearsal = await rehearse(landscape);
      cameToRest(rehearsal);
      assert.deepEqual(others(rehearsal), unknown);
      const [cause, ...dependants] = rehearsal.notSimulated;
      assert.match(cause?.reason ?? "", first);
      assert.ok(dependants.length > 0);
      assert.ok(
        dependants.every(
          ({ reason }) => reason === "it depends on what is not simulated" || first.test(reason),
        ),
      );

      // Written, read and rehearsed again, it is what it was.
      const written = rehearsal.stacks.map((stack) => {
        const parsed = parseDeployment(JSON.stringify(toDeployment(stack)), stack.stack);
        assert.ok("stack" in parsed);
        return parsed.stack;
      });
      const again = await rehearse(landscape, written);
      cameToRest(again);
      assert.deepEqual(again.changed, []);
      assert.deepEqual(others(again), unknown);
    });
  }

  it("keeps what is deployed when a VPC takes such a form, and says that the path is no longer known", async () => {
    const before = await rehearse(await bankWith("endpoints-in-vpc.ts"));
    assert.deepEqual(others(before), {});
    const after = await rehearse(await bankWith("endpoints-in-vpc.ts", "accounts-dev"), before.stacks);
    cameToRest(after);
    assert.deepEqual(others(after), { accounts: "unknown" });
    assert.deepEqual(
      after.changed.filter(({ change }) => change === "delete" || change === "replace"),
      [],
    );
  });

  it("is told what to do about it in words that fit a rehearsal", async () => {
    const rehearsal = await rehearse(await bankWith("endpoints-in-vpc.ts", "accounts-dev"));
    const { targets } = reportRehearsal("bank", rehearsal, prove(rehearsal.stacks), false);
    const findings = targets.flatMap((target) => target.findings);
    assert.ok(findings.length > 0);
    for (const { fix } of findings) assert.match(fix, /^check by hand what is not simulated/);
  });
});
