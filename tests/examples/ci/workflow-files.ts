import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";

export const repository = path.resolve(__dirname, "../../..");

/** The folder that a landscape's repository has as `.github`. */
export const example = path.join(repository, "examples", "ci", "github");

export interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

export interface Job {
  uses?: string;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
  "timeout-minutes"?: number;
  steps?: Step[];
}

/** A workflow, or an action made of steps. */
export interface WorkflowFile {
  /** Name relative to the example. */
  name: string;
  text: string;
  content: {
    on?: Record<string, unknown>;
    permissions?: Record<string, string>;
    concurrency?: Job["concurrency"];
    inputs?: Record<string, unknown>;
    jobs?: Record<string, Job>;
    runs?: { steps: Step[] };
  };
}

export function workflowFiles(): WorkflowFile[] {
  return readdirSync(example, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => {
      const text = readFileSync(path.join(example, name), "utf8");
      return { name, text, content: parse(text) as WorkflowFile["content"] };
    });
}

/** The steps of a file, of all jobs. */
export function stepsOf({ content }: WorkflowFile): Step[] {
  return [...Object.values(content.jobs ?? {}), content.runs ?? { steps: [] }].flatMap(
    ({ steps = [] }) => steps,
  );
}

/** A landscape's repository as the linter expects it: the example copied to `.github`, with a folder `.git`. */
export class LandscapeRepository {
  readonly folder = mkdtempSync(path.join(tmpdir(), "landscape "));

  constructor() {
    mkdirSync(path.join(this.folder, ".git"));
    cpSync(example, path.join(this.folder, ".github"), { recursive: true });
    // The linter reads workflows only, so the steps of each action become a workflow of its own beside them.
    for (const { name, content } of workflowFiles()) {
      if (content.runs === undefined) continue;
      const inputs = Object.fromEntries(
        Object.keys(content.inputs ?? {}).map((input) => [input, { type: "string" }]),
      );
      const workflow = {
        on: { workflow_call: { inputs } },
        jobs: { steps: { "runs-on": "ubuntu-24.04", steps: content.runs.steps } },
      };
      this.write(
        `workflows/${path.basename(path.dirname(name))}-steps.yml`,
        JSON.stringify(workflow, null, 2),
      );
    }
  }

  /** Changes the text of one file, which must hold what is replaced. */
  replace(name: string, old: string, text: string): void {
    const file = path.join(this.folder, ".github", name);
    const before = readFileSync(file, "utf8");
    if (!before.includes(old)) throw new Error(`${name} does not hold ${old}`);
    writeFileSync(file, before.replace(old, text));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, ".github", name), text);
  }
}
