/** The answer about a path: open on all evidence, closed on evidence, or not decided by what the input tells. */
export type Verdict = "reachable" | "blocked" | "unknown";

/** The way a hop belongs to. */
export type Leg = "request" | "return" | "health-check";

/** One thing on a path that was looked at. */
export interface Hop {
  leg: Leg;
  /** What was looked at, for example `listener`, `route`, `security-group`. */
  step: string;
  account?: string;
  /** URN of the resource that decided, when a file holds it. */
  resource?: string;
  /** Physical id of the resource that decided. */
  id?: string;
  /** One plain sentence fragment with ids, addresses and ports. */
  text: string;
  verdict: Verdict;
}

/** Why a path is broken, undecided or risky. */
export interface Finding {
  /** AWS Reachability Analyzer's explanation code where one fits. */
  code: string;
  severity: "blocks" | "unknown" | "risk";
  /** Where to look: a URN, or an id when no file holds the resource. */
  resource: string;
  account?: string;
  message: string;
  /** The one change that mends it. */
  fix: string;
}

/** The proof for one target. */
export interface TargetProof {
  name: string;
  provider: string;
  /** URL path with the stage in front, for example `/prod/payments`. */
  path: string;
  verdict: Verdict;
  hops: Hop[];
  findings: Finding[];
}

/** What {@link prove} gives. */
export interface Proof {
  targets: TargetProof[];
  /** What the result does not prove, and what it assumes. */
  notes: string[];
  /** Findings that belong to no target. */
  findings: Finding[];
}

const RANK: Record<Verdict, number> = { reachable: 0, unknown: 1, blocked: 2 };

/** The worst of the verdicts: blocked before unknown before reachable; reachable for none. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = "reachable";
  for (const verdict of verdicts) if (RANK[verdict] > RANK[result]) result = verdict;
  return result;
}
