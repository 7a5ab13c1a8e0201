import Table from "cli-table3";
import { type Outcome } from "../../deploy/run";
import { type StackResult } from "../../deploy/events";
import { renderChanges } from "./driver-events";
import { colors } from "./style";
import { renderChangedResources, renderFinding, renderTarget } from "./text-report";

/** The end of a command on deployed stacks, for people. */
export function renderOutcome(command: string, outcome: Outcome & { simulated: boolean }): string {
  const { results, proof, lost, changed, url, simulated } = outcome;
  const troubled = proof.targets.filter(({ verdict }) => verdict !== "reachable");
  const waiting = lastWaits(results);
  return [
    ...(simulated ? ["", colors.dim("Simulated AWS: no account was touched.")] : []),
    ...(results.length === 0 ? [] : ["", renderResults(results)]),
    ...(changed === undefined
      ? []
      : ["", "What all passes together would change", ...renderChangedResources(changed)]),
    ...(waiting.length === 0 ? [] : ["", "What stacks wait for", ...waiting.map((line) => `- ${line}`)]),
    ...(troubled.length === 0 ? [] : ["", ...troubled.flatMap(renderTarget)]),
    ...proof.findings.flatMap(renderFinding),
    ...(url === undefined || command === "destroy" ? [] : ["", `API  ${url}`]),
    ...(lost.length === 0
      ? []
      : ["", colors.red(`${command === "preview" ? "would be lost" : "lost"}: ${lost.join(", ")}`)]),
    "",
    renderSummary(command, outcome),
  ].join("\n");
}

function renderResults(results: readonly StackResult[]): string {
  const table = new Table({
    head: ["stack", "operation", "outcome", "changes", "seconds"],
    style: { head: [], border: [] },
  });
  for (const { stack, operation, outcome, changes, seconds } of results)
    table.push([stack, operation, outcome, renderChanges(changes), seconds.toFixed(1)]);
  return table.toString();
}

function lastWaits(results: readonly StackResult[]): string[] {
  const last = new Map(results.map((result) => [result.stack, result]));
  return [...last.values()].flatMap(({ stack, waitsFor }) => waitsFor.map((reason) => `${stack}: ${reason}`));
}

function renderSummary(
  command: string,
  { complete, passes, proof, simulated }: Outcome & { simulated: boolean },
): string {
  const count = (verdict: string): number =>
    proof.targets.filter((target) => target.verdict === verdict).length;
  const paths = `${proof.targets.length} targets: ${count("reachable")} reachable, ${count("blocked")} blocked, ${count("unknown")} unknown`;
  const end = complete ? `${command} complete after ${passes} passes` : `${command} not complete`;
  const line = `${command === "destroy" ? "" : `${paths}; `}${end}${simulated ? " (simulated AWS)" : ""}`;
  return complete ? colors.green(line) : colors.red(line);
}
