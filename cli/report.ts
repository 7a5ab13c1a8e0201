import { GIVE_FILE } from "../proof/walk/trail";
import { type Finding, type Proof, type TargetProof } from "../proof/proof";
import { type Rehearsal } from "../rehearsal/rehearse";
import { type NotSimulated } from "../rehearsal/stack-state";
import { type StackResources } from "../resources/resource";

/** What a command reports, the same for people and as JSON. */
export interface Report {
  /** The command that made the report. */
  command: "rehearse" | "prove";
  /** True when the resources come from simulated AWS rather than from deployed stacks. */
  simulated: boolean;
  landscape?: string;
  /** Whether the programs came to rest; null when no program was run. */
  converged: boolean | null;
  /** Number of passes; 0 when no program was run. */
  passes: number;
  /** What happened in each pass. */
  handshake: Rehearsal["passes"];
  stacks: {
    project: string;
    stack: string;
    account: string | null;
    region: string | null;
    resources: number;
  }[];
  targets: TargetProof[];
  /** Findings that belong to no target. */
  findings: Finding[];
  /** What is not simulated; paths that depend on it are unknown. */
  notSimulated: NotSimulated[];
  /** What a rehearsal that started from files would change. */
  changed?: Rehearsal["changed"];
  /** What the result does not prove. */
  notes: string[];
}

/** The note that stands beside every result from simulated AWS. */
const simulatedNote =
  "AWS is simulated: the result proves the programs and the network that they make, not AWS itself.";

/** The report of a rehearsal. */
export function reportRehearsal(
  landscape: string,
  rehearsal: Rehearsal,
  proof: Proof,
  fromFiles: boolean,
): Report {
  return {
    command: "rehearse",
    simulated: true,
    landscape,
    converged: rehearsal.converged,
    passes: rehearsal.passes.length,
    handshake: rehearsal.passes,
    stacks: rehearsal.stacks.map(describeStack),
    targets: proof.targets.map((target) => ({ ...target, findings: target.findings.map(asRehearsed) })),
    findings: proof.findings.map(asRehearsed),
    notSimulated: rehearsal.notSimulated,
    ...(fromFiles ? { changed: rehearsal.changed } : {}),
    notes: [simulatedNote, ...cutShort(rehearsal), ...stillWaiting(rehearsal), ...proof.notes],
  };
}

/** A rehearsal has every stack of the landscape: no file is missing where the proof finds no API, or not all of a path. */
function asRehearsed(finding: Finding): Finding {
  if (finding.fix === GIVE_FILE)
    return { ...finding, fix: "check by hand what is not simulated, or what the stacks only read" };
  if (finding.code !== "API_NOT_FOUND") return finding;
  return {
    ...finding,
    message: "the gateway's stack has no API yet, so there is no request path to walk",
    fix: "mend what was refused, or deploy what the stacks wait for",
  };
}

/** Why a rehearsal that AWS refused ended, and where a resource that AWS does not find must be written. */
function cutShort({ passes }: Rehearsal): string[] {
  const refusals = passes.flatMap(({ runs }) => runs).flatMap((run) => run.refusals);
  if (refusals.length === 0) return [];
  const missing = refusals.some(({ code }) => code.endsWith(".NotFound"));
  return [
    "What is refused above ended the rehearsal: no later pass was run.",
    ...(missing
      ? [
          "Simulated AWS finds only what the stacks make and what the landscape file lists under existing: write there what a stack adopts.",
        ]
      : []),
  ];
}

/** What stacks wait for at the end: their targets may be missing from the result. */
function stillWaiting({ passes }: Rehearsal): string[] {
  const last = new Map(passes.flatMap(({ runs }) => runs).map((run) => [`${run.project}/${run.stack}`, run]));
  return [...last].flatMap(([stack, run]) =>
    run.waitsFor.map((reason) => `${stack} still waits: ${reason}.`),
  );
}

/** The report of a proof over files. */
export function reportProof(stacks: readonly StackResources[], proof: Proof): Report {
  return {
    command: "prove",
    simulated: false,
    converged: null,
    passes: 0,
    handshake: [],
    stacks: stacks.map(describeStack),
    targets: proof.targets,
    findings: proof.findings,
    notSimulated: [],
    notes: proof.notes,
  };
}

/** True when the report has nothing to mend: at least one target, and all are reachable. */
export function isGood(report: Report): boolean {
  return (
    report.converged !== false &&
    report.targets.length > 0 &&
    report.targets.every((target) => target.verdict === "reachable") &&
    report.findings.every((finding) => finding.severity === "risk")
  );
}

function describeStack({
  project,
  stack,
  account,
  region,
  resources,
}: StackResources): Report["stacks"][number] {
  return { project, stack, account: account ?? null, region: region ?? null, resources: resources.length };
}
