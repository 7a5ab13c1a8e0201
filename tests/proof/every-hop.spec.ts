import assert from "node:assert/strict";
import type { StackResources } from "../../resources/resource";
import type { Verdict } from "../../proof/proof";
import { prove } from "../../proof/prove";
import { BLOCKED, NAMES, UNDECIDED, type Change } from "./changes";
import { landscape } from "./landscape";

function verdicts(stacks: StackResources[]): Record<string, Verdict> {
  return Object.fromEntries(prove(stacks).targets.map((target) => [target.name, target.verdict]));
}

/** Expects the named targets to get the verdict with the code, and all others to stay reachable. */
function expectOnly(change: Change, affected: string[], code: string, verdict: Verdict = "blocked"): void {
  const stacks = landscape();
  change(stacks);
  const proof = prove(stacks);
  const expected = Object.fromEntries(
    NAMES.map((name) => [name, affected.includes(name) ? verdict : "reachable"]),
  );
  assert.deepEqual(
    Object.fromEntries(proof.targets.map((target) => [target.name, target.verdict])),
    expected,
  );
  for (const target of proof.targets.filter(({ name }) => affected.includes(name))) {
    const severity = verdict === "blocked" ? "blocks" : "unknown";
    const codes = target.findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => finding.code);
    assert.ok(codes.includes(code), `${target.name} has ${codes.join(", ")}, not ${code}`);
    assert.ok(target.hops.some((hop) => hop.verdict === verdict));
    assert.ok(target.findings.every((finding) => finding.fix !== "" && finding.message !== ""));
  }
}

describe("the proof of a landscape with V1, V2, a provider's own balancer, an existing service and a second block", () => {
  it("finds every target reachable when nothing is missing", () => {
    assert.deepEqual(verdicts(landscape()), {
      cards: "reachable",
      ledger: "reachable",
      legacy: "reachable",
      payments: "reachable",
    });
  });

  it("names path and provider of every target", () => {
    const labels = prove(landscape()).targets.map(({ name, path, provider }) => [name, path, provider]);
    assert.deepEqual(labels, [
      ["cards", "/prod/cards", "cards"],
      ["ledger", "/prod/ledger", "payments"],
      ["legacy", "/v1/legacy", "payments"],
      ["payments", "/prod/payments", "payments"],
    ]);
  });

  it("says what it takes for granted about an existing service", () => {
    const notes = prove(landscape()).notes.join("\n");
    assert.match(notes, /10\.2\.1\.20 is taken to stand behind sg-cards/);
  });

  for (const [title, change, affected, code] of BLOCKED) {
    it(`blocks ${affected.join(", ")} and nothing else when ${title}`, () =>
      expectOnly(change, affected, code));
  }

  for (const [title, change, affected, code] of UNDECIDED) {
    it(`does not decide about ${affected.join(", ")} when ${title}`, () =>
      expectOnly(change, affected, code, "unknown"));
  }
});
