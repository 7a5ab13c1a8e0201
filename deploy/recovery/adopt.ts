import { nameTag } from "../../ownership/tag-names";
import { logicalName } from "../../resources/resource";
import { type Found } from "./search";
import { type PendingOperation, type StateParts, type StateResource } from "./state";

/** What is to be done with what was found. */
export interface Adoption {
  /** Resources that the program declares and the state lacks, with the ids that AWS has for them. */
  taken: StateResource[];
  /** Resources that no program declares any more, or that exist twice: to be deleted. */
  stray: StateResource[];
  /** Creations that had begun and came to nothing. */
  forgotten: PendingOperation[];
}

/** A resource that the state could be lacking: from the rehearsal, or from an operation that had begun. */
export type Candidate = Pick<StateResource, "urn" | "type" | "inputs" | "parent" | "dependencies">;

/** Types that are a view of another party's resource: nothing of them is ever deleted as stray. */
const views = ["aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"];

/**
 * Decides what becomes of everything that AWS has of a stack and its state does not know.
 * @param candidates what the stack's program declares.
 * @param prefix what a URN of the stack begins with: `urn:pulumi:STACK::PROJECT`.
 */
export function adopt(
  found: readonly Found[],
  { resources, pending }: StateParts,
  candidates: readonly Candidate[],
  prefix: string,
): Adoption {
  const begun = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
  const known = new Set(resources.map(({ urn }) => urn));
  const missing = [...candidates, ...begun].filter(({ urn }) => !known.has(urn));
  const taken: StateResource[] = [];
  const stray: StateResource[] = [];
  for (const thing of found) {
    if (resources.some((resource) => isSame(resource, thing))) continue;
    const match = missing.find((candidate) => !known.has(candidate.urn) && fits(candidate, thing));
    if (match !== undefined) {
      known.add(match.urn);
      taken.push(asState(match, thing, known));
      continue;
    }
    const type = thing.types.find((each) => !views.includes(each));
    // A route or an association in a table that only is read may be anybody's.
    if (type === undefined || thing.managed === false) continue;
    if (thing.types.some((each) => views.includes(each)) && !isRequester(candidates, type)) continue;
    const urn = `${prefix}::${type}::lost-${thing.id}`;
    stray.push(asState({ urn, type, inputs: {} }, thing, known));
  }
  const forgotten = pending.filter(
    ({ type, resource }) => type === "creating" && !taken.some(({ urn }) => urn === resource.urn),
  );
  return { taken, stray, forgotten };
}

/** A connection is deleted by the stack that requests connections, never by one that only accepts them. */
function isRequester(candidates: readonly Candidate[], type: string): boolean {
  return candidates.some((candidate) => candidate.type === type);
}

function isSame(resource: StateResource, { types, id, arn, inputs }: Found): boolean {
  if (!types.includes(resource.type) || resource.external === true) return false;
  if (resource.id === id || (arn !== undefined && resource.outputs?.arn === arn)) return true;
  return inputs !== undefined && agrees(resource, inputs);
}

function fits(candidate: Candidate, { types, id, name, inputs }: Found): boolean {
  if (!types.includes(candidate.type)) return false;
  if (inputs !== undefined) return agrees(candidate, inputs);
  // What is listed without its tags has a generated name: the logical one and seven random characters.
  if (name === undefined) return id.replace(/-[0-9a-f]{7}$/, "") === logicalName(candidate.urn);
  return nameOf(candidate) === name;
}

function agrees({ inputs = {} }: Pick<Candidate, "inputs">, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([key, value]) => inputs[key] === value);
}

/** The tag `Name`, from a map or from the list that Auto Scaling groups have. */
function nameOf({ inputs = {} }: Candidate): unknown {
  const { tags } = inputs;
  if (Array.isArray(tags))
    return (tags as Record<string, unknown>[]).find(({ key }) => key === nameTag)?.value;
  return (tags as Record<string, unknown> | undefined)?.[nameTag];
}

function asState(candidate: Candidate, { id, provider }: Found, known: ReadonlySet<string>): StateResource {
  const { urn, type, inputs = {}, parent, dependencies = [] } = candidate;
  return {
    ...{ urn, type, custom: true, id, provider, inputs, outputs: {} },
    ...(parent !== undefined && known.has(parent) ? { parent } : {}),
    dependencies: dependencies.filter((dependency) => known.has(dependency)),
  };
}
