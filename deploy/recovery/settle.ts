import { rehearse } from "../../rehearsal/rehearse";
import { type EngineSettings, type EngineStack } from "../engine-stack";
import { type StackResources } from "../../resources/resource";
import { exportStacks, isOf } from "../stacks";
import { type LockOptions } from "../unlock";
import { recover } from "./recover";

/**
 * Puts all stacks in order whose last update did not come to its end, before anything new is begun.
 * @param stacks all stacks of the landscape.
 * @param selected those that may be changed.
 * @returns what is deployed then.
 */
export async function settle(
  settings: EngineSettings & LockOptions,
  stacks: readonly EngineStack[],
  selected: readonly EngineStack[],
  opened: { deployed: StackResources[]; pending: ReadonlyMap<EngineStack, number> },
): Promise<StackResources[]> {
  const reasons = await Promise.all(
    selected.map(async (stack) => {
      const pending = opened.pending.get(stack) ?? 0;
      if (pending > 0) return `an update ended with ${pending} operations under way`;
      const last = await stack.lastResult();
      return last === undefined || last === "succeeded" ? undefined : `the last update ${last}`;
    }),
  );
  const due = selected.flatMap((stack, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [{ stack, reason }];
  });
  if (due.length === 0) return opened.deployed;
  const planned = await plan(settings, opened.deployed);
  for (const { stack, reason } of due) await recoverOne(settings, stack, reason, planned);
  return (await exportStacks(stacks)).deployed;
}

/** Recovers one stack and tells what there is to tell. */
export async function recoverOne(
  settings: EngineSettings & LockOptions,
  stack: EngineStack,
  reason: string,
  planned: readonly StackResources[],
): Promise<void> {
  settings.report({ event: "searching", stack: stack.label, reason });
  const mine = planned.find((other) => isOf(other, stack.stack));
  const { troubles } = await recover(settings, stack, mine, settings);
  for (const message of troubles) settings.report({ event: "trouble", stack: stack.label, message });
}

/** What the programs declare, as far as a rehearsal gets; nothing when it cannot be made. */
export async function plan(
  { landscape }: EngineSettings,
  deployed: StackResources[],
): Promise<StackResources[]> {
  try {
    return (await rehearse(landscape, deployed)).stacks;
  } catch {
    return [];
  }
}
