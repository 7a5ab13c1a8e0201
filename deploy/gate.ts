import { type LandscapeStack, type Landscape } from "../landscape/landscape";
import { type Proof } from "../proof/proof";
import { prove } from "../proof/prove";
import { type Rehearsal, rehearse } from "../rehearsal/rehearse";
import { type StackResources } from "../resources/resource";
import { type TargetVerdict } from "./events";

/** What a deployment would come to, as far as a rehearsal tells. */
export interface Forecast {
  before: TargetVerdict[];
  after: Proof;
  /** Targets that are reachable now and would not be afterwards. */
  lost: string[];
  rehearsal: Rehearsal;
}

/**
 * Rehearses a change from what is deployed and proves the result, before anything is changed.
 * @param selected the stacks that will be updated; the others stay as they are deployed.
 */
export async function forecast(
  landscape: Landscape,
  deployed: StackResources[],
  selected: readonly LandscapeStack[],
): Promise<Forecast> {
  const before = prove(deployed).targets.map(({ name, verdict }) => ({ name, verdict }));
  const rehearsal = await rehearse(landscape, deployed, () => undefined, selected);
  const after = prove(rehearsal.stacks);
  return { before, after, lost: lostTargets(before, after.targets), rehearsal };
}

/** Names of the targets that are reachable before and not afterwards. */
export function lostTargets(before: readonly TargetVerdict[], after: readonly TargetVerdict[]): string[] {
  const still = new Set(after.filter(({ verdict }) => verdict === "reachable").map(({ name }) => name));
  return before
    .filter(({ name, verdict }) => verdict === "reachable" && !still.has(name))
    .map(({ name }) => name);
}
