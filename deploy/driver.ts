import { HandOver } from "../landscape/hand-over";
import { type Landscape, type LandscapeStack } from "../landscape/landscape";
import { type StackResources } from "../resources/resource";
import { type EngineRun, type EngineStack, type Operation } from "./engine-stack";
import { type ChangeCounts, type StackResult } from "./events";
import { runAll } from "./run-all";
import { exportStacks, isOf } from "./stacks";
import { clearLock, type LockOptions } from "./unlock";

export interface DriverOptions extends LockOptions {
  landscape: Landscape;
  /** All stacks of the landscape, in its order. */
  stacks: readonly EngineStack[];
  /** The stacks that may be changed. */
  selected: readonly EngineStack[];
  /** How many stacks are worked on at a time. */
  parallel: number;
  /** Aborted when the driver is asked to stop at once; what the engine is doing is finished first. */
  signal: AbortSignal;
  /** Called when a lock was removed: the update that held it did not come to its end. */
  afterUnlock: (stack: EngineStack) => Promise<void>;
}

/** More passes than any hand-over of contracts needs: a change that goes round four times would go round for ever. */
const mostPasses = 12;

/** What is done after and before the run of each stack. */
type Hooks = [
  after?: (stack: EngineStack, run: EngineRun) => Promise<void>,
  before?: (stack: EngineStack) => void,
];

/** Drives the engine over a landscape's stacks. */
export class Driver {
  readonly results: StackResult[] = [];
  passes = 0;
  private deployed: StackResources[] = [];

  constructor(private readonly options: DriverOptions) {}

  /**
   * Updates the selected stacks in the order that their contracts demand, until each has seen its peers' contracts as they
   * are. A stack that fails is left alone from then on; the others go on.
   * @returns true when every selected stack came to its end.
   */
  async up(deployed: readonly StackResources[]): Promise<boolean> {
    const { landscape, selected, report, stopping } = this.options;
    this.deployed = [...deployed];
    const handOver = new HandOver(landscape.stacks, (stack) => this.outputsOf(stack));
    const failed = new Set<LandscapeStack>();
    while (this.passes < mostPasses && !stopping()) {
      const due = handOver.next(selected.map(({ stack }) => stack).filter((stack) => !failed.has(stack)));
      if (due.length === 0) return failed.size === 0;
      await this.pass(
        due.map(({ stack, reason }) => ({ stack: this.engineStackOf(stack), reason })),
        "up",
        async (stack, run) => {
          if (run.outcome !== "succeeded") failed.add(stack.stack);
          await this.remember(stack);
        },
        (stack) => handOver.looked(stack.stack, handOver.contractsFor(stack.stack)),
      );
    }
    if (!stopping())
      report({ event: "stopping", reason: `the contracts still change after ${mostPasses} passes` });
    return false;
  }

  /** Runs one operation on stacks as a pass of its own. */
  async pass(
    looks: readonly { stack: EngineStack; reason: string }[],
    operation: Operation,
    ...hooks: Hooks
  ): Promise<boolean> {
    if (looks.length === 0) return true;
    this.passes += 1;
    const stacks = looks.map(({ stack, reason }) => ({ stack: stack.label, reason }));
    this.options.report({ event: "pass", pass: this.passes, stacks });
    return this.each(
      looks.map(({ stack }) => stack),
      operation,
      ...hooks,
    );
  }

  /** Runs one operation on stacks, side by side. */
  async each(
    stacks: readonly EngineStack[],
    operation: Operation,
    ...[after = () => Promise.resolve(), before = () => undefined]: Hooks
  ): Promise<boolean> {
    const { parallel, stopping } = this.options;
    const done = await runAll(stacks, parallel, async (stack) => {
      if (stopping()) return false;
      before(stack);
      const run = await this.runUnlocked(stack, operation);
      await after(stack, run);
      this.tell(stack, operation, run);
      return run.outcome === "succeeded";
    });
    return done.every((good) => good);
  }

  /** Runs an operation; a lock that is in the way is explained, waited for, or removed when that was asked for. */
  private async runUnlocked(stack: EngineStack, operation: Operation): Promise<EngineRun> {
    const { report, signal } = this.options;
    const onStep = ({ urn, type, operation: what }: EngineRun["steps"][number]): void => {
      if (what !== "same" && what !== "read" && what !== "refresh")
        report({ event: "resource", stack: stack.label, operation: what, type, urn });
    };
    const run = await stack.run(operation, { onStep, signal });
    if (run.outcome !== "locked" || !(await clearLock(stack, run.output, this.options))) return run;
    await this.options.afterUnlock(stack);
    return stack.run(operation, { onStep, signal });
  }

  private tell(stack: EngineStack, operation: Operation, run: EngineRun): void {
    const result: StackResult = {
      stack: stack.label,
      operation,
      outcome: run.outcome,
      changes: countChanges(run),
      seconds: run.seconds,
      waitsFor: run.outcome === "succeeded" && operation === "up" ? this.waitsFor(stack) : [],
      errors: run.outcome === "succeeded" ? [] : run.errors.length > 0 ? run.errors : [run.output],
    };
    this.results.push(result);
    this.options.report({ event: "stack", pass: this.passes, ...result });
  }

  private waitsFor(stack: EngineStack): string[] {
    const { waitingFor } = this.outputsOf(stack.stack);
    return Array.isArray(waitingFor) ? waitingFor.map(String) : [];
  }

  private async remember(stack: EngineStack): Promise<void> {
    const { deployed } = await exportStacks([stack]);
    this.deployed = [...this.deployed.filter((other) => !isOf(other, stack.stack)), ...deployed];
  }

  private outputsOf(stack: LandscapeStack): Record<string, unknown> {
    return this.deployed.find((deployed) => isOf(deployed, stack))?.outputs ?? {};
  }

  private engineStackOf(stack: LandscapeStack): EngineStack {
    const found = this.options.stacks.find((candidate) => candidate.stack === stack);
    if (found === undefined) throw new Error(`no stack ${stack.project.name}/${stack.stack} is open`);
    return found;
  }
}

function countChanges(run: EngineRun): ChangeCounts {
  const counts: ChangeCounts = {};
  const replaced = new Set(
    run.steps.filter(({ operation }) => operation === "replace").map(({ urn }) => urn),
  );
  for (const { urn, operation } of run.steps) {
    // The end of what was replaced is a part of its replacement.
    const what = operation === "delete" && replaced.has(urn) ? undefined : operation;
    if (what === "create" || what === "update" || what === "replace" || what === "delete" || what === "same")
      counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
