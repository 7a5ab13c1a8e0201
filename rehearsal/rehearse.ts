import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Problem, ProblemsError } from "../common/problems";
import { ProgramStopped } from "../configuration/failure";
import { gatewayContractOutput } from "../contracts/gateway-contract";
import { providerContractOutput } from "../contracts/provider-contract";
import { HandOver } from "../landscape/hand-over";
import { type Landscape, type LandscapeStack } from "../landscape/landscape";
import { type Project, repositoryFolder } from "../landscape/projects";
import { type StackResources } from "../resources/resource";
import { SimulatedAws } from "./aws/simulated-aws";
import { type Program, runProgram } from "./run-program";
import {
  type Change,
  fullName,
  type NotSimulated,
  type Refusal,
  type RunResult,
  type StackState,
} from "./stack-state";

/** One stack's look in one pass. */
export interface PassRun {
  project: string;
  stack: string;
  /** Why the stack was run. */
  reason: string;
  changes: Record<Change, number>;
  /** What the stack waits for, in its own words. */
  waitsFor: string[];
  warnings: string[];
  refusals: Refusal[];
  /** Present when the program stopped by itself, with its message. */
  stopped?: string;
  /** What was wrong with the configuration or a contract, when that is why the program stopped. */
  problems?: readonly Problem[];
}

export interface Pass {
  number: number;
  runs: PassRun[];
}

/** What a rehearsal ends with. */
export interface Rehearsal {
  /** True when a last look at every stack changed nothing and nothing was refused. */
  converged: boolean;
  passes: Pass[];
  stacks: StackResources[];
  notSimulated: NotSimulated[];
  /** Difference between the resources at the start and at the end, by stack and URN. Empty stacks start from nothing. */
  changed: { project: string; stack: string; resource: string; change: Change }[];
}

/** The problems with which programs stopped before their first resource, each with the stack that it stopped. */
export function stoppingProblems({ passes }: Rehearsal): Problem[] {
  return passes
    .flatMap(({ runs }) => runs)
    .flatMap(({ project, stack, problems = [] }) =>
      problems.map((problem) => ({ ...problem, where: `stack ${project}/${stack}, ${problem.where}` })),
    );
}

/** Told while the rehearsal goes on. */
export type Progress = (event: { pass: number; project: string; stack: string; reason: string }) => void;

/**
 * What is wrong with what the landscape says exists already. Where a resource is malformed, what AWS would refuse about
 * the others because of it is left out.
 */
export function existingProblems({ file, existing }: Landscape): Problem[] {
  try {
    new SimulatedAws(existing);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    const malformed = error.problems.filter(({ what }) => !what.startsWith("AWS would not have it"));
    return (malformed.length > 0 ? malformed : error.problems).map((problem) => ({
      ...problem,
      where: `${file}.${problem.where}`,
    }));
  }
}

/** More passes than any hand-over of contracts needs: provider, gateway, provider, gateway, and one for a new balancer's move. */
const mostPasses = 8;

/**
 * Runs the landscape's programs against simulated AWS, pass by pass, until a look at every stack changes nothing.
 * Providers go first. In each later pass those stacks run whose peers' contracts have changed.
 * @param only the stacks whose programs run; the others stay as they are deployed. Defaults to all.
 */
export async function rehearse(
  landscape: Landscape,
  from: readonly StackResources[] = [],
  progress: Progress = () => undefined,
  only: readonly LandscapeStack[] = landscape.stacks,
): Promise<Rehearsal> {
  const aws = new SimulatedAws(landscape.existing, landscape.quotas);
  const states = landscape.stacks.map((stack): StackState => {
    const before = from.find(
      ({ project, stack: name }) => project === stack.project.name && name === stack.stack,
    );
    return {
      organization: landscape.organization,
      project: stack.project.name,
      stack: stack.stack,
      config: stack.config,
      configurationFolder: path.dirname(stack.file),
      resources: before?.resources ?? [],
      outputs: before?.outputs ?? {},
    };
  });
  for (const resource of states.flatMap((state) => state.resources)) {
    const { account, region } = resource;
    if (!resource.custom || !resource.type.startsWith("aws:")) continue;
    if (account === undefined || region === undefined) continue;
    // What a stack has only read is there all the same, whether the landscape file lists it or not.
    if (resource.external) aws.assume({ ...resource, account, region });
    else aws.restore({ ...resource, account, region });
  }
  const initial = states.map((state) => ({ state, resources: state.resources }));
  const director = new Director(landscape, states, aws, progress, only);
  const converged = await director.run();
  return {
    converged,
    passes: director.passes,
    stacks: states.map(toStackResources),
    notSimulated: [...director.notSimulated.values()],
    changed: initial.flatMap(({ state, resources }) => difference(state, resources)),
  };
}

class Director {
  readonly passes: Pass[] = [];
  readonly notSimulated = new Map<string, NotSimulated>();
  private readonly backend: Map<string, StackState>;
  private readonly handOver: HandOver;
  private readonly stateOf: Map<LandscapeStack, StackState>;

  constructor(
    landscape: Landscape,
    states: readonly StackState[],
    private readonly aws: SimulatedAws,
    private readonly progress: Progress,
    private readonly only: readonly LandscapeStack[],
  ) {
    this.backend = new Map(states.map((state) => [fullName(state), state]));
    this.stateOf = new Map(
      landscape.stacks.flatMap((stack, index) => {
        const state = states[index];
        return state === undefined ? [] : [[stack, state] as const];
      }),
    );
    this.handOver = new HandOver(landscape.stacks, (stack) => this.stateOf.get(stack)?.outputs ?? {});
  }

  async run(): Promise<boolean> {
    while (this.passes.length < mostPasses) {
      const pass: Pass = { number: this.passes.length + 1, runs: [] };
      this.passes.push(pass);
      const stacks = this.only;
      const due = this.handOver.next(stacks);
      const next = due.length > 0 ? due : stacks.map((stack) => ({ stack, reason: "confirming look" }));
      let quiet = true;
      for (const { stack, reason } of next) quiet = (await this.look(pass, stack, reason)) && quiet;
      if (pass.runs.some((run) => run.refusals.length > 0 || run.stopped !== undefined)) return false;
      if (!quiet || this.handOver.next(stacks).length > 0) continue;
      // Nothing moved: one look at the others, and the landscape has converged.
      const others = stacks.filter((stack) => !next.some((run) => run.stack === stack));
      for (const stack of others) quiet = (await this.look(pass, stack, "confirming look")) && quiet;
      if (pass.runs.some((run) => run.refusals.length > 0 || run.stopped !== undefined)) return false;
      if (quiet) return true;
    }
    return false;
  }

  /** Runs one stack; true when nothing changed. */
  private async look(pass: Pass, stack: LandscapeStack, reason: string): Promise<boolean> {
    const state = this.stateOf.get(stack);
    if (state === undefined) throw new Error(`no state of ${stack.project.name}/${stack.stack}`);
    this.progress({ pass: pass.number, project: state.project, stack: state.stack, reason });
    const contracts = this.handOver.contractsFor(stack);
    const before = [state.outputs[providerContractOutput], state.outputs[gatewayContractOutput]];
    const result = await runProgram(state, loadProgram(stack.project), this.aws, this.backend);
    this.handOver.looked(stack, contracts);
    for (const item of result.notSimulated) this.notSimulated.set(item.resource, item);
    const run = describeRun(state, reason, result);
    pass.runs.push(run);
    const after = [state.outputs[providerContractOutput], state.outputs[gatewayContractOutput]];
    const { create, update, replace, delete: removed } = run.changes;
    return create + update + replace + removed === 0 && isDeepStrictEqual(before, after);
  }
}

function loadProgram(project: Project): Program {
  // The project's own entry file, as the engine loads it: what it exports is the program.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(path.join(repositoryFolder, project.main)) as Program;
}

function describeRun(state: StackState, reason: string, result: RunResult): PassRun {
  const changes: Record<Change, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  for (const change of result.changes.values()) changes[change] += 1;
  const waitsFor = state.outputs.waitingFor;
  return {
    project: state.project,
    stack: state.stack,
    reason,
    changes,
    waitsFor: Array.isArray(waitsFor) ? waitsFor.map(String) : [],
    warnings: result.warnings,
    refusals: result.refusals,
    ...(result.stopped === undefined ? {} : { stopped: messageOf(result.stopped) }),
    ...(result.stopped instanceof ProgramStopped ? { problems: result.stopped.problems } : {}),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toStackResources(state: StackState): StackResources {
  const { project, stack, resources, outputs } = state;
  const placed = resources.filter(
    (resource) => resource.type.startsWith("aws:") && resource.account !== undefined,
  );
  const only = (values: (string | undefined)[]) => (new Set(values).size === 1 ? values[0] : undefined);
  const account = only(placed.map((resource) => resource.account));
  const region = only(placed.map((resource) => resource.region));
  return {
    project,
    stack,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    resources,
    outputs,
  };
}

function difference(state: StackState, before: StackState["resources"]): Rehearsal["changed"] {
  const at = (resource: string, change: Change) => ({
    project: state.project,
    stack: state.stack,
    resource,
    change,
  });
  const old = new Map(before.map((resource) => [resource.urn, resource]));
  const now = new Set(state.resources.map((resource) => resource.urn));
  const changes = state.resources.flatMap((resource) => {
    const earlier = old.get(resource.urn);
    if (resource.type === "pulumi:pulumi:StackReference" || resource.external) return [];
    if (earlier === undefined) return [at(resource.urn, "create")];
    if (resource.custom && earlier.id !== resource.id) return [at(resource.urn, "replace")];
    return isDeepStrictEqual(earlier.inputs, resource.inputs) ? [] : [at(resource.urn, "update")];
  });
  const gone = before.filter((resource) => !now.has(resource.urn) && !resource.external);
  return [...changes, ...gone.map((resource) => at(resource.urn, "delete"))];
}
