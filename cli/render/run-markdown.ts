import { changedResources, eventsOf, type RecordedFinding, type RunRecord } from "../run-record";
import { code, firstOf, folded, plain, table, verbatim } from "./markdown";

/** A page of continuous integration has a limit of its own, and nobody reads longer lists. */
const most = { resources: 100, findings: 5 };

const marks = { reachable: "✓ reachable", blocked: "✗ blocked", unknown: "? unknown" } as const;

const kinds = { create: "created", update: "updated", replace: "replaced", delete: "deleted" } as const;

type Counts = Record<string, number>;

/** What a run of a command on deployed stacks came to, as Markdown for the page of a job. */
export function renderRunMarkdown(record: RunRecord, title?: string): string {
  return [
    `## ${plain(title === undefined ? headline(record) : `${title}: ${headline(record)}`)}`,
    "",
    ...notes(record),
    ...refusal(record),
    ...targets(record),
    ...rehearsed(record),
    ...stacks(record),
    ...happenings(record),
    ...failures(record),
  ].join("\n");
}

function headline(record: RunRecord): string {
  const { summary, refusal: refused } = record;
  if (refused !== undefined) return `✗ ${refused.error}`;
  if (summary === undefined) return "✗ the run was cut off";
  const { command, complete, proof } = summary;
  if (!complete) return `✗ ${command} is not complete`;
  if (command === "destroy") return "✓ destroy is complete";
  const open = proof.targets.filter(({ verdict }) => verdict === "reachable").length;
  const paths = `${open} of ${proof.targets.length} targets ${command === "preview" ? "would be reachable" : "reachable"}`;
  const drift = command === "refresh" ? changedResources(record) : 0;
  const good = open === proof.targets.length && open > 0 && summary.lost.length === 0 && drift === 0;
  const changed = drift === 0 ? "" : `, ${drift} resources have changed outside of the stacks`;
  return `${good ? "✓" : "⚠"} ${command}: ${paths}${changed}`;
}

function notes(record: RunRecord): string[] {
  const { summary, refusal: refused, unreadable } = record;
  const cutOff = summary === undefined && refused === undefined;
  return [
    ...(summary?.simulated === true ? ["AWS is simulated: no account was touched.", ""] : []),
    ...(cutOff
      ? [
          "The events end before the run's own end: it was cancelled, ran out of time, or died. What it had done by then is below. The next `up` goes on from there; a lock that it has left is removed with `--unlock`.",
          "",
        ]
      : []),
    ...(unreadable === 0 ? [] : [`${unreadable} lines of the file are no events and were left out.`, ""]),
    ...(summary?.url === undefined || summary.command === "destroy" ? [] : [`API: ${code(summary.url)}`, ""]),
  ];
}

function refusal({ refusal: refused }: RunRecord): string[] {
  return table(
    ["where", "what", "allowed", "change"],
    (refused?.problems ?? []).map(({ where, what, value, allowed, change }) => [
      plain(where),
      plain(what) + (value === undefined ? "" : `: ${code(value)}`),
      plain(allowed),
      plain(change),
    ]),
  );
}

function targets(record: RunRecord): string[] {
  const { summary } = record;
  const proofs = eventsOf(record, "proof");
  const before = proofs.find(({ when }) => when === "before")?.targets;
  const end = summary?.proof.targets;
  const after = end ?? proofs.findLast(({ when }) => when === "after")?.targets;
  const lost = new Set([...(summary?.lost ?? []), ...proofs.flatMap((proof) => proof.lost)]);
  const names = [...new Set([...(before ?? []), ...(after ?? [])].map(({ name }) => name))];
  const show = (list: typeof before, name: string): string => {
    const found = list?.find((target) => target.name === name);
    if (found !== undefined) return marks[found.verdict];
    return list === undefined ? "not told" : "none";
  };
  // A refusal has no proof of the end, but its forecast names every target that would not stay reachable.
  const showAfter = (name: string): string => {
    if (after !== undefined || record.refusal === undefined) return show(after, name);
    if (lost.has(name)) return "not reachable";
    const now = before?.find((target) => target.name === name);
    return now?.verdict === "reachable" ? marks.reachable : "not told";
  };
  const would = summary === undefined || summary.command === "preview";
  return [
    ...(names.length === 0 ? [] : ["### Targets", ""]),
    ...(lost.size === 0
      ? []
      : [`**${would ? "Would be lost" : "Lost"}: ${[...lost].map(plain).join(", ")}**`, ""]),
    ...table(
      ["target", "path", "before", would ? "after (rehearsed)" : "after", ""],
      names.map((name) => [
        plain(name),
        code(end?.find((target) => target.name === name)?.path || "-"),
        show(before, name),
        showAfter(name),
        lost.has(name) ? "**lost**" : "",
      ]),
    ),
    ...(end ?? []).flatMap(({ name, findings, verdict }) =>
      verdict === "reachable"
        ? []
        : folded(`Why ${name} is ${verdict}`, findings.flatMap(renderFinding).slice(0, most.findings)),
    ),
    ...folded("Findings of no target", (summary?.proof.findings ?? []).flatMap(renderFinding)),
  ];
}

function renderFinding({ code: word, message, resource, fix }: RecordedFinding): string[] {
  const where = resource === "" ? "" : ` (${code(resource)})`;
  return [`- ${code(word)} ${plain(message)}${where}. Fix: ${plain(fix)}`];
}

/** What a preview's rehearsal of all passes would change. */
function rehearsed({ summary }: RunRecord): string[] {
  const changed = summary?.changed;
  if (changed === undefined) return [];
  const perStack = new Map<string, Counts>();
  for (const { project, stack, change } of changed) add(perStack, `${project}/${stack}`, { [change]: 1 });
  const grave = changed.filter(({ change }) => change === "replace" || change === "delete");
  return [
    "### What all passes together would change",
    "",
    ...(changed.length === 0 ? ["Nothing.", ""] : countTable(perStack)),
    ...folded(
      `${grave.length} resources would be replaced or deleted`,
      firstOf(
        grave.map(
          ({ project, stack, resource, change }) =>
            `- ${change} ${resourceText(`${project}/${stack}`, resource)}`,
        ),
        most.resources,
      ),
    ),
  ];
}

/** What the engine did, or previewed, stack by stack. */
function stacks(record: RunRecord): string[] {
  const runs = eventsOf(record, "stack");
  if (runs.length === 0) return [];
  const perStack = new Map<string, { looks: number; outcome: string; seconds: number; counts: Counts }>();
  for (const { stack, outcome, seconds, changes } of runs) {
    const before = perStack.get(stack) ?? { looks: 0, outcome, seconds: 0, counts: {} };
    perStack.set(stack, {
      looks: before.looks + 1,
      outcome,
      seconds: before.seconds + seconds,
      counts: sum(before.counts, changes),
    });
  }
  const preview = runs.every(({ operation }) => operation === "preview");
  return [
    preview ? "### What the engine previews for the next look at each stack" : "### Stacks",
    "",
    ...table(
      ["stack", "outcome", "#looks", ...Object.values(kinds).map((kind) => `#${kind}`), "#seconds"],
      [...perStack].map(([stack, { looks, outcome, seconds, counts }]) => [
        plain(stack),
        outcome === "succeeded" ? "✓" : `✗ ${plain(outcome)}`,
        String(looks),
        ...Object.keys(kinds).map((kind) => String(counts[kind] ?? 0)),
        seconds.toFixed(0),
      ]),
    ),
    ...folded(
      "Resources",
      firstOf(
        eventsOf(record, "resource").map(
          ({ stack, operation, urn }) => `- ${plain(operation)} ${resourceText(stack, urn)}`,
        ),
        most.resources,
      ),
    ),
  ];
}

/** What needs somebody's hand, or has had one. */
function happenings(record: RunRecord): string[] {
  const lastRuns = new Map(eventsOf(record, "stack").map((run) => [run.stack, run]));
  const lines = [
    ...eventsOf(record, "locked").map(
      ({ stack, holder, change }) => `- ${plain(stack)} is locked by ${plain(holder)}: ${plain(change)}`,
    ),
    ...eventsOf(record, "unlocked").map(
      ({ stack, holder }) => `- the lock of ${plain(holder)} on ${plain(stack)} was removed`,
    ),
    ...eventsOf(record, "recovered").map(
      ({ stack, urn, id, action }) =>
        `- ${plain(action)} ${resourceText(stack, urn)} ${id === "" ? "" : code(id)}`,
    ),
    ...eventsOf(record, "stack-created").map(({ stack }) => `- ${plain(stack)} was created`),
    ...[...lastRuns.values()].flatMap(({ stack, waitsFor }) =>
      waitsFor.map((reason) => `- ${plain(stack)} waits: ${plain(reason)}`),
    ),
    ...eventsOf(record, "stopping").map(({ reason }) => `- ${plain(reason)}`),
  ];
  return lines.length === 0 ? [] : ["### To know", "", ...lines, ""];
}

function failures(record: RunRecord): string[] {
  return eventsOf(record, "stack").flatMap(({ stack, operation, errors }) =>
    errors.length === 0 ? [] : folded(`Errors of ${operation} of ${stack}`, verbatim(errors.join("\n"))),
  );
}

function countTable(perStack: ReadonlyMap<string, Counts>): string[] {
  return table(
    ["stack", ...Object.values(kinds).map((kind) => `#${kind}`)],
    [...perStack].map(([stack, counts]) => [
      plain(stack),
      ...Object.keys(kinds).map((kind) => String(counts[kind] ?? 0)),
    ]),
  );
}

function add(perStack: Map<string, Counts>, stack: string, counts: Counts): void {
  perStack.set(stack, sum(perStack.get(stack) ?? {}, counts));
}

function sum(left: Counts, right: Counts): Counts {
  const result = { ...left };
  for (const [kind, count] of Object.entries(right)) result[kind] = (result[kind] ?? 0) + count;
  return result;
}

/** A resource by stack, type and name instead of its URN. */
function resourceText(stack: string, urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${plain(stack)} ${code(types.split("$").pop() || urn)} ${name.length === 0 ? "" : code(name.join("::"))}`;
}
