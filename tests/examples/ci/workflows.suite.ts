import assert from "node:assert/strict";
import { BuildFailed } from "../../../engine/build-tools";
import { findActionlint, lint } from "./actionlint";
import { LandscapeRepository } from "./workflow-files";

// Needs Go and its module proxy to build the linter: seconds the first time, nothing afterwards.

/** Mistakes that a platform team might make in its copy, and what the linter says about each. */
const mistakes = [
  {
    what: "an input that the action does not have",
    file: "workflows/gateway-preview.yml",
    old: "role: gateway-preview",
    text: "roll: gateway-preview",
    says: /missing input "role"|input "roll" is not defined/,
  },
  {
    what: "an expression on something that does not exist",
    file: "workflows/gateway-up.yml",
    old: "UNLOCK: ${{ inputs.unlock }}",
    text: "UNLOCK: ${{ input.unlock }}",
    says: /undefined variable "input"/,
  },
  {
    what: "a permission that there is not",
    file: "workflows/gateway-drift.yml",
    old: "id-token: write",
    text: "id-tokens: write",
    says: /unknown permission scope "id-tokens"/,
  },
  {
    what: "a job that needs one that is not there",
    file: "workflows/gateway-drift.yml",
    old: "needs: check",
    text: "needs: chekc",
    says: /needs job "chekc" which does not exist/,
  },
  {
    what: "text of a pull request in a script",
    file: "workflows/gateway-preview.yml",
    old: "losses=()",
    text: "echo ${{ github.event.pull_request.title }}",
    says: /potentially untrusted/,
  },
  {
    what: "a time that never comes",
    file: "workflows/gateway-drift.yml",
    old: "17 3 * * *",
    text: "17 25 * * *",
    says: /invalid CRON format/,
  },
  {
    what: "an input that the called workflow does not have",
    file: "workflows/gateway-up-by-stack.yml",
    old: "stack: shared-services/dev",
    text: "stock: shared-services/dev",
    says: /input "stock" is not defined|input "stack" is required/,
  },
  {
    what: "an unknown input of a pinned action's step in an own action",
    file: "workflows/gateway-credentials-steps.yml",
    old: "inputs.seconds",
    text: "inputs.secs",
    says: /property "secs" is not defined/,
  },
];

describe("the workflows for a landscape's repository", function () {
  this.timeout(600_000);
  let actionlint: string;
  let landscape: LandscapeRepository;

  before(async function () {
    try {
      actionlint = await findActionlint((line) => console.warn(`    ${line}`));
    } catch (error) {
      if (!(error instanceof BuildFailed)) throw error;
      const reason = [error.message, ...error.lines].join("\n    ");
      assert.equal(process.env.CI, undefined, `in CI the linter must be there: ${reason}`);
      console.warn(`    SKIPPED: nobody lints the workflows, because the linter cannot be built: ${reason}`);
      this.skip();
    }
  });
  beforeEach(() => {
    landscape = new LandscapeRepository();
  });
  afterEach(() => landscape.remove());

  it("have no mistakes", () => {
    assert.deepEqual(lint(actionlint, landscape.folder), []);
  });

  for (const { what, file, old, text, says } of mistakes)
    it(`are refused with ${what}`, () => {
      landscape.replace(file, old, text);
      const found = lint(actionlint, landscape.folder);
      assert.ok(
        found.some((line) => line.includes(`.github/${file}:`) && says.test(line)),
        found.join("\n"),
      );
    });
});
