import type { Resource } from "../../resources/resource";
import { worst, type Finding, type Hop, type Leg, type Verdict } from "../proof";

/** What a rule says about one thing on the path. */
export interface Check {
  step: string;
  verdict: Verdict;
  text: string;
  /** The resource that decided, or the id when no file holds it. */
  at?: Resource;
  id?: string;
  /** Of the finding; needed when the verdict is not `reachable`, and for a risk. */
  code?: string;
  /** Defaults to the text. */
  message?: string;
  fix?: string;
  /** A finding although the verdict is `reachable`. */
  risk?: boolean;
}

const MENDED_AT_ONCE = new Set(["CANNOT_ROUTE", "ENI_SG_RULES_MISMATCH"]);

/** Fix of everything that only another stack's file could tell. */
export const GIVE_FILE = "give the other stack's file";

/** Fix where a stack reads a VPC, so that its file is there, but not what surrounds the address. */
export const READ_SURROUNDINGS =
  "read the subnet, route table and security group of the address, too (subnetId, routeTableId, securityGroupId), or give the file that holds them";

/** Hops and findings of one target in the order of the walk, each once. */
export class Trail {
  readonly hops: Hop[] = [];
  readonly findings: Finding[] = [];
  readonly notes: string[] = [];
  private readonly seen = new Set<string>();
  private readonly added: Record<Leg, Set<Check>> = {
    request: new Set(),
    return: new Set(),
    "health-check": new Set(),
  };
  private rank: Verdict = "reachable";

  /** Adds a check; returns its verdict. */
  add(leg: Leg, check: Check): Verdict {
    // Answers that many paths share come as the same object: no need to compare their texts.
    if (this.added[leg].has(check)) return check.verdict;
    this.added[leg].add(check);
    const { step, verdict, text, at } = check;
    const id = at?.id ?? check.id;
    this.addHop({
      leg,
      step,
      ...(at?.account === undefined ? {} : { account: at.account }),
      ...(at === undefined ? {} : { resource: at.urn }),
      ...(id === undefined || id === "" ? {} : { id }),
      text,
      verdict,
    });
    if (verdict === "reachable" && check.risk !== true) return verdict;
    this.addFinding({
      code: check.code ?? "NOT_MODELLED",
      severity: verdict === "blocked" ? "blocks" : verdict === "unknown" ? "unknown" : "risk",
      resource: at?.urn ?? id ?? "",
      ...(at?.account === undefined ? {} : { account: at.account }),
      message: check.message ?? text,
      fix: check.fix ?? GIVE_FILE,
    });
    return verdict;
  }

  /** Adds several checks; returns the worst verdict. */
  addAll(leg: Leg, checks: Iterable<Check>): Verdict {
    return worst([...checks].map((check) => this.add(leg, check)));
  }

  /** The worst verdict so far. */
  get verdict(): Verdict {
    return this.rank;
  }

  /** An empty trail for an attempt that may be taken over later. */
  fresh(): Trail {
    return new Trail();
  }

  /** Takes over everything of another trail. */
  join(other: Trail): void {
    for (const hop of other.hops) this.addHop(hop);
    for (const finding of other.findings) this.addFinding(finding);
    for (const note of other.notes) this.note(note);
  }

  /** Something that the verdict assumes or does not prove. */
  note(text: string): void {
    if (this.isNew(`note ${text}`)) this.notes.push(text);
  }

  private addHop(hop: Hop): void {
    this.rank = worst([this.rank, hop.verdict]);
    if (this.isNew(`${hop.leg}|${hop.verdict}|${hop.resource ?? hop.id ?? ""}|${hop.text}`))
      this.hops.push(hop);
  }

  private addFinding(finding: Finding): void {
    // One missing route or rule concerns every address behind it: what one change mends is one finding.
    const what = MENDED_AT_ONCE.has(finding.code) ? finding.fix : finding.message;
    if (this.isNew(`${finding.code}|${finding.severity}|${finding.resource}|${what}`))
      this.findings.push(finding);
  }

  private isNew(key: string): boolean {
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }
}
