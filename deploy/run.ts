import { type Problem } from "../common/problems";
import { checkContracts } from "../landscape/check-contracts";
import { type LandscapeStack } from "../landscape/landscape";
import { type Proof } from "../proof/proof";
import { prove } from "../proof/prove";
import { type Rehearsal, stoppingProblems } from "../rehearsal/rehearse";
import { type StackResources } from "../resources/resource";
import { Driver } from "./driver";
import { type EngineSettings, type EngineStack } from "./engine-stack";
import { type StackResult, type TargetVerdict } from "./events";
import { forecast, lostTargets } from "./gate";
import { plan, recoverOne, settle } from "./recovery/settle";
import { exportStacks, isOf, openStacks } from "./stacks";
import { type LockOptions } from "./unlock";

export interface RunOptions extends EngineSettings, LockOptions {
  /** The one stack that is worked on; absent: all. */
  only?: LandscapeStack;
  /** How many stacks are worked on at a time. */
  parallel: number;
  /** Names of targets that may be lost. */
  allowLoss: readonly string[];
  /** Aborted when the driver is asked to stop at once; what the engine is doing is finished first. */
  signal: AbortSignal;
}

/** What a command came to. */
export interface Outcome {
  /** Every look at a stack came to its end, and nothing was refused. */
  complete: boolean;
  passes: number;
  results: StackResult[];
  /** The proof of what is deployed at the end; of a preview, of what would be. */
  proof: Proof;
  /** Targets that were reachable before and are not, or would not be, afterwards. */
  lost: string[];
  /** Why the command did not go on; nothing was changed then. */
  problems: Problem[];
  /** URL of the API, when it is deployed. */
  url?: string;
  /** What a preview's rehearsal would change. */
  changed?: Rehearsal["changed"];
}

/** Updates the landscape's stacks, after a rehearsal has shown that no reachable target would be lost. */
export async function up(options: RunOptions): Promise<Outcome> {
  const { stacks, selected, deployed, problems } = await openSettled(options);
  if (problems.length > 0) return refusal(problems, prove(deployed));
  const predicted = await predict(options, deployed, selected);
  if (predicted.problems.length > 0) return refusal(predicted.problems, predicted.before, predicted.lost);

  const driver = startDriver(options, stacks, selected, deployed);
  const complete = await driver.up(deployed);
  return finish(options, driver, stacks, predicted.before, complete);
}

/** Shows what an update would do: the engine's preview of every stack, and a rehearsal of all passes with its proof. */
export async function preview(options: RunOptions): Promise<Outcome> {
  const { stacks, selected, deployed, problems } = await open(options);
  if (problems.length > 0) return refusal(problems, prove(deployed));
  const predicted = await predict(options, deployed, selected);
  const driver = startDriver(options, stacks, selected, deployed);
  const good = await driver.each(selected, "preview");
  return {
    complete: good && predicted.problems.length === 0,
    passes: predicted.rehearsal.passes.length,
    results: driver.results,
    proof: predicted.after,
    lost: predicted.lost,
    problems: predicted.problems,
    changed: predicted.rehearsal.changed,
  };
}

/** Reads every resource anew and proves the result. */
export async function refresh(options: RunOptions): Promise<Outcome> {
  const { stacks, selected, deployed, problems } = await open(options);
  if (problems.length > 0) return refusal(problems, prove(deployed));
  const driver = startDriver(options, stacks, selected, deployed);
  const complete = await driver.each(selected, "refresh");
  return finish(options, driver, stacks, prove(deployed), complete);
}

/**
 * Deletes the stacks' resources: the gateway's first, because its links, routes and connection lead into what the providers
 * have, then the providers side by side.
 */
export async function destroy(options: RunOptions): Promise<Outcome> {
  const { stacks, selected, deployed, problems } = await openSettled(options);
  if (problems.length > 0) return refusal(problems, prove(deployed));
  const before = prove(deployed);
  if (options.only !== undefined) {
    const { only } = options;
    const lost = lostTargets(before, prove(deployed.filter((stack) => !isOf(stack, only))));
    options.report({ event: "proof", when: "before", targets: verdicts(before), lost });
    const refused = lossProblems(lost, options.allowLoss);
    if (refused.length > 0) return refusal(refused, before, lost);
  }
  const driver = startDriver(options, stacks, selected, deployed);
  const looks = (providers: boolean, reason: string) =>
    selected
      .filter(({ stack }) => (stack.project.role === "provider") === providers)
      .map((stack) => ({ stack, reason }));
  const gateways = looks(false, "the gateway goes first, because it leads to the providers");
  const providers = looks(true, "nothing leads to the providers any more");
  const complete = (await driver.pass(gateways, "destroy")) && (await driver.pass(providers, "destroy"));
  return finish(options, driver, stacks, before, complete);
}

interface Opened {
  stacks: EngineStack[];
  selected: EngineStack[];
  deployed: StackResources[];
  problems: Problem[];
}

/** Opens the stacks and puts in order what an update has left that did not come to its end. */
async function openSettled(options: RunOptions): Promise<Opened> {
  const opened = await open(options);
  if (opened.problems.length > 0) return opened;
  const deployed = await settle(options, opened.stacks, opened.selected, opened);
  return { ...opened, deployed };
}

async function open(options: RunOptions): Promise<Opened & { pending: ReadonlyMap<EngineStack, number> }> {
  const { landscape, only, report } = options;
  const { stacks, missing } = await openStacks(
    options,
    only === undefined ? landscape.stacks : [only],
    report,
  );
  const present = stacks.filter(({ name }) => !missing.includes(name));
  const selected = stacks.filter(({ stack }) => only === undefined || stack === only);
  const { deployed, pending, problems } = await exportStacks(present);
  return { stacks: present, selected, deployed, pending, problems };
}

function startDriver(
  options: RunOptions,
  stacks: readonly EngineStack[],
  selected: readonly EngineStack[],
  deployed: StackResources[],
): Driver {
  return new Driver({
    ...options,
    stacks,
    selected,
    afterUnlock: async (stack) =>
      recoverOne(
        options,
        stack,
        "the update that held the lock did not come to its end",
        await plan(options, deployed),
      ),
  });
}

async function predict(
  { landscape, allowLoss, report }: RunOptions,
  deployed: StackResources[],
  selected: readonly EngineStack[],
): Promise<Awaited<ReturnType<typeof forecast>> & { problems: Problem[] }> {
  const problems = checkContracts(landscape, deployed);
  const predicted = await forecast(
    landscape,
    deployed,
    selected.map(({ stack }) => stack),
  );
  report({ event: "proof", when: "before", targets: verdicts(predicted.before), lost: predicted.lost });
  problems.push(...stoppingProblems(predicted.rehearsal));
  if (problems.length === 0) problems.push(...lossProblems(predicted.lost, allowLoss));
  return { ...predicted, problems };
}

function lossProblems(lost: readonly string[], allowed: readonly string[]): Problem[] {
  return lost
    .filter((name) => !allowed.includes(name))
    .map((name) => ({
      where: `target "${name}"`,
      what: "is reachable now and would not be afterwards",
      allowed: "a change after which every target that is reachable now still is",
      change: `see with preview what changes its path and mend that, or insist with --allow-loss ${name}`,
    }));
}

async function finish(
  { report }: RunOptions,
  driver: Driver,
  stacks: readonly EngineStack[],
  before: Proof,
  complete: boolean,
): Promise<Outcome> {
  const { deployed, problems } = await exportStacks(stacks);
  const proof = prove(deployed);
  const lost = lostTargets(before, proof);
  report({ event: "proof", when: "after", targets: verdicts(proof), lost });
  const { passes, results } = driver;
  return { complete, passes, results, proof, lost, problems, ...apiUrl(deployed) };
}

function refusal(problems: Problem[], proof: Proof, lost: string[] = []): Outcome {
  return { complete: false, passes: 0, results: [], proof, lost, problems };
}

function verdicts({ targets }: Proof): TargetVerdict[] {
  return targets.map(({ name, verdict }) => ({ name, verdict }));
}

function apiUrl(deployed: StackResources[]): { url?: string } {
  const url = deployed.map(({ outputs }) => outputs.url).find((value) => typeof value === "string");
  return url === undefined ? {} : { url };
}
