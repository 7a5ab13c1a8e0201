import Table from "cli-table3";
import { type Finding, type Hop, type Leg, type TargetProof, type Verdict } from "../../proof/proof";
import { type Pass, type PassRun } from "../../rehearsal/rehearse";
import { isGood, type Report } from "../report";
import { colors, showMark, showVerdict } from "./style";

/** The report for people; `picture` are the lines of the landscape's picture. */
export function renderReport(report: Report, picture: readonly string[]): string {
  return [
    ...(report.simulated ? [colors.dim("Simulated AWS: no account was touched."), ""] : []),
    ...(picture.length === 0 ? [] : [heading("Landscape"), ...picture, ""]),
    ...(report.handshake.length === 0
      ? []
      : [heading("Handshake"), ...report.handshake.flatMap(renderPass), ""]),
    heading("Stacks"),
    renderStacks(report),
    "",
    ...(report.changed === undefined
      ? []
      : [heading("Changes against the files"), ...renderChangedResources(report.changed), ""]),
    heading("Request paths"),
    ...(report.targets.length === 0 ? ["no target", ""] : report.targets.flatMap(renderTarget)),
    ...report.findings.flatMap(renderFinding),
    ...report.notSimulated.map(
      (item) => `${colors.yellow("not simulated")} ${item.type} (${item.resource}): ${item.reason}`,
    ),
    heading("What this does not prove"),
    ...report.notes.map((note) => `- ${note}`),
    "",
    renderSummary(report),
  ].join("\n");
}

function heading(text: string): string {
  return colors.bold(colors.underline(text));
}

function renderPass(pass: Pass): string[] {
  return [`Pass ${pass.number}`, ...pass.runs.flatMap(renderRun)];
}

function renderRun(run: PassRun): string[] {
  const { create, update, replace, delete: removed } = run.changes;
  const parts = [
    [create, "created"],
    [update, "updated"],
    [replace, "replaced"],
    [removed, "deleted"],
  ] as const;
  const changes = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return [
    `  ${run.project}/${run.stack} (${run.reason}): ${changes.length === 0 ? "no change" : changes.join(", ")}`,
    ...run.waitsFor.map((reason) => colors.dim(`      waits: ${reason}`)),
    ...run.warnings.map((warning) => colors.yellow(`      warning: ${warning}`)),
    ...run.refusals.map(({ resource, code, message }) =>
      // Messages of simulated AWS begin with their code.
      colors.red(
        `      refused: ${resource}: ${message.startsWith(`${code}: `) ? message : `${code}: ${message}`}`,
      ),
    ),
    ...(run.stopped === undefined ? [] : [colors.red(`      stopped: ${run.stopped}`)]),
  ];
}

function renderStacks(report: Report): string {
  const table = new Table({
    head: ["project", "stack", "account", "region", "resources"],
    style: { head: [], border: [] },
  });
  for (const { project, stack, account, region, resources } of report.stacks) {
    table.push([project, stack, account ?? "several or unknown", region ?? "unknown", String(resources)]);
  }
  return table.toString();
}

/** What changes against files or what is deployed, a line for each resource. */
export function renderChangedResources(changed: NonNullable<Report["changed"]>): string[] {
  if (changed.length === 0) return ["nothing"];
  return changed.map(({ project, stack, resource, change }) => {
    const [, , type = "", name = ""] = resource.split("::");
    return `  ${change.padEnd(8)} ${project}/${stack}  ${type.split("$").pop() ?? ""}  ${name}`;
  });
}

/** A target with its hops and findings. */
export function renderTarget(target: TargetProof): string[] {
  const legs: [Leg, string][] = [
    ["request", "request"],
    ["return", "return"],
    ["health-check", "health check"],
  ];
  return [
    `${showVerdict(target.verdict)}  ${colors.bold(target.name)}  ${target.path}${target.provider === "" ? "" : colors.dim(`  (${target.provider})`)}`,
    ...legs.flatMap(([leg, title]) => {
      const hops = target.hops.filter((hop) => hop.leg === leg);
      return hops.length === 0 ? [] : [`    ${title}`, ...renderHops(hops)];
    }),
    ...target.findings.flatMap(renderFinding),
    "",
  ];
}

/**
 * The hops of one leg, in order. What holds is told once for each kind, because every node, zone and address is walked
 * and JSON has them all; what is blocked or unknown is told each time.
 */
function renderHops(hops: readonly Hop[]): string[] {
  const alike = new Map<string, { hop: Hop; count: number }>();
  hops.forEach((hop, index) => {
    const kind =
      hop.verdict === "reachable"
        ? `${hop.step} ${hop.text.replace(/[0-9a-z-]*\d[0-9a-z./-]*/g, "#")}`
        : `hop ${index}`;
    const same = alike.get(kind);
    if (same === undefined) alike.set(kind, { hop, count: 1 });
    else same.count += 1;
  });
  return [...alike.values()].map(({ hop, count }) => {
    const more = count === 1 ? "" : colors.dim(` (and ${count - 1} more like this)`);
    return `      ${showMark(hop.verdict)} ${hop.text}${more}`;
  });
}

/** A finding with its fix. */
export function renderFinding(finding: Finding): string[] {
  const color = { blocks: colors.red, unknown: colors.yellow, risk: colors.cyan }[finding.severity];
  return [
    `    ${color(finding.code)} ${finding.message}`,
    ...(finding.resource === "" ? [] : [colors.dim(`      at  ${finding.resource}`)]),
    `      fix ${finding.fix}`,
  ];
}

function renderSummary(report: Report): string {
  const count = (verdict: Verdict) => report.targets.filter((target) => target.verdict === verdict).length;
  const paths = `${report.targets.length} ${report.targets.length === 1 ? "target" : "targets"}: ${count("reachable")} reachable, ${count("blocked")} blocked, ${count("unknown")} unknown`;
  const rest =
    report.converged === null
      ? ""
      : report.converged
        ? `; converged after ${report.passes} passes`
        : "; did not converge";
  const line = `${paths}${rest}${report.simulated ? " (simulated AWS)" : ""}`;
  return isGood(report) ? colors.green(line) : colors.red(line);
}
