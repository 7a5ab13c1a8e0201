import { type Properties, type Resource } from "../resources/resource";

/** A stack between two runs of its program: what the engine keeps in its backend. */
export interface StackState {
  organization: string;
  project: string;
  stack: string;
  /** Configuration as Pulumi holds it. */
  config: Record<string, string>;
  /** Folder that relative file names in the configuration start from. */
  configurationFolder: string;
  /** Resources of the last run, parents and dependencies first. */
  resources: Resource[];
  /** Stack outputs of the last run. */
  outputs: Properties;
}

/** Fully qualified name of a stack, as references have it. */
export function fullName({
  organization,
  project,
  stack,
}: Pick<StackState, "organization" | "project" | "stack">): string {
  return `${organization}/${project}/${stack}`;
}

/** What happened to one resource in a run. */
export type Change = "create" | "update" | "replace" | "delete" | "same";

/** Something that simulated AWS, the engine or the program refused. */
export interface Refusal {
  /** URN of the resource, or the stack's name. */
  resource: string;
  /** AWS's error code, or `ProgramError`. */
  code: string;
  message: string;
}

/** A resource that is not simulated, so that paths which depend on it are unknown. */
export interface NotSimulated {
  resource: string;
  type: string;
  reason: string;
}

/** What one run of a stack's program did. */
export interface RunResult {
  changes: Map<string, Change>;
  refusals: Refusal[];
  notSimulated: NotSimulated[];
  /** Messages that the program logged, warnings and errors. */
  warnings: string[];
  /** Fully qualified names of the stacks that the program referred to. */
  references: string[];
  /** Present when the program itself stopped, with what it said. */
  stopped?: unknown;
}
