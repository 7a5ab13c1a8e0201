import { type LandscapeStack, type Landscape } from "../landscape/landscape";
import { type Proof } from "../proof/proof";
import { prove } from "../proof/prove";
import { type Rehearsal, rehearse } from "../rehearsal/rehearse";
import { type StackResources } from "../resources/resource";

/** What a deployment would come to, as far as a rehearsal tells. */
export interface Forecast {
  /** The proof of what is deployed. */
  before: Proof;
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
  const before = prove(deployed);
  const rehearsal = await rehearse(landscape, deployed, () => undefined, selected);
  const after = prove(rehearsal.stacks);
  return { before, after, lost: lostTargets(before, after), rehearsal };
}

/** Names of the targets that are reachable before and not afterwards. */
export function lostTargets(before: Proof, after: Proof): string[] {
  const still = new Set(reachable(after));
  return reachable(before).filter((name) => !still.has(name));
}

function reachable({ targets }: Proof): string[] {
  return targets.filter(({ verdict }) => verdict === "reachable").map(({ name }) => name);
}
