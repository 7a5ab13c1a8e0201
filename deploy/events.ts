import { type Verdict } from "../proof/proof";
import { type Operation } from "./engine-stack";

/** Number of resources by what was done with them. */
export type ChangeCounts = Partial<Record<"create" | "update" | "replace" | "delete" | "same", number>>;

/** What one look at one stack came to. */
export interface StackResult {
  stack: string;
  operation: Operation;
  outcome: "succeeded" | "failed" | "locked" | "interrupted";
  changes: ChangeCounts;
  seconds: number;
  /** What the stack waits for, in its own words. */
  waitsFor: string[];
  errors: string[];
}

/** A target's verdict at one moment. */
export interface TargetVerdict {
  name: string;
  verdict: Verdict;
}

/** What the driver tells while it works; with `--json` each is a line. */
export type DriverEvent =
  | { event: "stack-created"; stack: string }
  | { event: "pass"; pass: number; stacks: { stack: string; reason: string }[] }
  | { event: "resource"; stack: string; operation: string; type: string; urn: string }
  | ({ event: "stack"; pass: number } & StackResult)
  | { event: "locked"; stack: string; holder: string; change: string }
  | { event: "waiting-for-lock"; stack: string; holder: string }
  | { event: "unlocked"; stack: string; holder: string }
  | {
      event: "recovered";
      stack: string;
      urn: string;
      id: string;
      action: "imported" | "deleted" | "forgotten";
    }
  | { event: "searching"; stack: string; reason: string }
  | { event: "trouble"; stack: string; message: string }
  | { event: "proof"; when: "before" | "after"; targets: TargetVerdict[]; lost: string[] }
  | { event: "stopping"; reason: string };

export type Report = (event: DriverEvent) => void;
