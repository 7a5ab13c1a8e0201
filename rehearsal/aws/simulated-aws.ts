import { isDeepStrictEqual } from "node:util";
import { ProblemsError } from "../../common/problems";
import { AwsError } from "./aws-error";
import type { Behaviour } from "./behaviour";
import { Situation } from "./behaviour";
import { behaviours } from "./behaviours";
import { invoke } from "./data-sources";
import { addImplied, outputsOf, sharedTypes } from "./holding";
import type { Properties } from "./properties";
import { plain, sameProperty, text } from "./properties";
import { placeSeeds } from "./seeds";
import type { Held, Quotas } from "./world";
import { World } from "./world";

export { AwsError } from "./aws-error";

/** Something that exists outside of the stacks; `properties` are Pulumi output properties. */
export interface ExistingResource {
  /** Pulumi type token. */
  type: string;
  id: string;
  /** 12 digits. */
  account: string;
  region: string;
  properties: Record<string, unknown>;
}

/** What identifies a stack's resource and where the request for it is made. */
export interface Address {
  urn: string;
  /** Pulumi type token. */
  type: string;
  /** Logical name. */
  name: string;
  /** The account of the provider's credentials, 12 digits. */
  account: string;
  /** The provider's region; an input `region` overrides it. */
  region: string;
}

/** A request to bring a resource to the given inputs: plain values, no secrets, no unknowns. */
export interface Request extends Address {
  inputs: Record<string, unknown>;
  /** True when the engine replaces the resource whatever has changed, because of its options. Defaults to false. */
  replace?: boolean;
}

/** What became of a request. */
export interface Applied {
  id: string;
  outputs: Record<string, unknown>;
  change: "create" | "update" | "replace" | "same";
}

/** For a type that the table does not know: an id, and nothing refused. */
const passThrough: Behaviour = { id: (s) => s.token(20, "alphanumeric") };

/**
 * AWS as far as a rehearsal needs it: one state in which all accounts meet, and the operations that a provider has. See
 * `behaviours.ts` for what is simulated and what is not. It knows nothing of Pulumi but type tokens and property names.
 */
export class SimulatedAws {
  private readonly world: World;
  private readonly current = new Map<string, Held>();
  private readonly replaced = new Map<string, Held[]>();
  private readonly generations = new Map<string, number>();

  /**
   * @param quotas what AWS has raised, by account.
   * @throws ProblemsError naming every existing resource that is malformed or could not exist in AWS.
   */
  constructor(existing: readonly ExistingResource[] = [], quotas: Readonly<Record<string, Quotas>> = {}) {
    this.world = new World(quotas);
    const problems = placeSeeds(this.world, existing);
    if (problems.length > 0) throw new ProblemsError(problems, "existing resources could not be in AWS");
  }

  /** True when the type's behaviour is simulated; other types pass through with an invented id and outputs as inputs. */
  knows(type: string): boolean {
    return behaviours[type] !== undefined;
  }

  /**
   * Creates the resource, updates it in place, replaces it or leaves it, depending on what this URN had before. A replaced
   * resource lives on, and keeps what it occupies, until {@link finishReplacements} or {@link remove}; only when both have
   * the same given physical name is the old one deleted first, as the provider does.
   * @throws AwsError when AWS or the provider would refuse; the state is then what it was before.
   */
  put(request: Request): Applied {
    const behaviour = behaviours[request.type] ?? passThrough;
    const inputs = plain(request.inputs);
    const region = text(inputs.region) ?? request.region;
    const before = this.current.get(request.urn);
    const moved =
      before !== undefined &&
      (before.account !== request.account || (before.region !== region && behaviour.global !== true));
    const forced = moved || request.replace === true;
    if (before !== undefined && !forced && isDeepStrictEqual(before.inputs, inputs))
      return { id: before.id, outputs: { ...before.outputs }, change: "same" };
    requireInputs(request, behaviour, inputs);

    const situation = (generation: number, previous?: Held): Situation =>
      new Situation(
        this.world,
        request.account,
        region,
        inputs,
        request.urn,
        request.name,
        generation,
        previous,
      );
    if (before !== undefined && !forced) {
      const update = situation(before.generation, before);
      const outputs = outputsOf(behaviour, update, before.id);
      if (!mustReplace(behaviour, before.outputs, outputs)) {
        behaviour.check?.(update);
        Object.assign(before, { inputs, outputs });
        behaviour.applied?.(update, before);
        return { id: before.id, outputs: { ...outputs }, change: "update" };
      }
    }
    return this.create(request, behaviour, situation, before);
  }

  private create(
    request: Request,
    behaviour: Behaviour,
    situation: (generation: number) => Situation,
    before: Held | undefined,
  ): Applied {
    let generation = this.generations.get(request.urn) ?? -1;
    let made = situation(++generation);
    // A resource from a deployment file may already have the id that a hash gives; its successor needs another one.
    for (let attempt = 0; attempt < 8 && before !== undefined && behaviour.id(made) === before.id; attempt++)
      made = situation(++generation);
    checkName(request, behaviour, made);
    const deleteFirst = before !== undefined && sameGivenName(behaviour, before, made);
    if (deleteFirst) {
      behaviours[before.type]?.removable?.(before, this.world);
      this.world.drop(before);
    }
    try {
      behaviour.check?.(made);
    } catch (error) {
      if (deleteFirst) this.world.add(before);
      throw error;
    }
    const id = behaviour.id(made);
    const outputs = outputsOf(behaviour, made, id);
    const { account, region, inputs } = made;
    const held = this.world.add({
      ...{ type: request.type, id, account, region, urn: request.urn, generation },
      ...{ inputs, outputs, facts: {}, implied: [] },
    });
    addImplied(this.world, held, behaviour);
    this.generations.set(request.urn, generation);
    this.current.set(request.urn, held);
    if (before !== undefined && !deleteFirst)
      this.replaced.set(request.urn, [...(this.replaced.get(request.urn) ?? []), before]);
    behaviour.applied?.(made, held);
    return { id, outputs: { ...outputs }, change: before === undefined ? "create" : "replace" };
  }

  /**
   * Reads a resource by id, as `.get()` does; also by the provider's import id where that differs. What is in another
   * account or region is not found.
   * @throws AwsError with the service's own code when it does not exist.
   */
  read(request: Address & { id: string }): { id: string; outputs: Record<string, unknown> } {
    const behaviour = behaviours[request.type];
    if (behaviour === undefined) return { id: request.id, outputs: {} };
    const types = sharedTypes(request.type);
    const visible = (held: Held): boolean =>
      held.account === request.account && (behaviour.global === true || held.region === request.region);
    const found =
      this.world.find(request, request.id, ...types) ??
      (behaviour.global === true
        ? this.world.findGlobal(request.account, request.id, ...types)
        : undefined) ??
      this.world
        .all(...types)
        .find((held) => visible(held) && behaviour.importedAs?.(held, request.id) === true);
    if (found === undefined)
      throw (
        behaviour.notFound?.(request.id) ??
        new AwsError("NotFound", `${request.type} "${request.id}" does not exist`)
      );
    return {
      id: found.id,
      outputs: { ...found.outputs, ...behaviours[found.type]?.refresh?.(found, this.world) },
    };
  }

  /**
   * Deletes the resource and any predecessors it still has.
   * @throws AwsError when AWS would refuse, for example a subnet that is in use.
   */
  remove(urn: string): void {
    this.finishReplacements([urn]);
    const held = this.current.get(urn);
    if (held === undefined) return;
    this.delete(held);
    this.current.delete(urn);
  }

  /**
   * Deletes what the replaced resources of these URNs were before, youngest first, as the engine does at the end of an
   * update, when nothing refers to them any more.
   * @throws AwsError when AWS would refuse.
   */
  finishReplacements(urns: readonly string[]): void {
    const ends = urns.flatMap((urn) => (this.replaced.get(urn) ?? []).map((held) => ({ urn, held })));
    for (const { urn, held } of ends.sort((a, b) => b.held.sequence - a.held.sequence)) {
      this.delete(held);
      this.replaced.set(
        urn,
        (this.replaced.get(urn) ?? []).filter((other) => other !== held),
      );
    }
  }

  private delete(held: Held): void {
    behaviours[held.type]?.removable?.(held, this.world);
    this.world.drop(held);
  }

  /**
   * A data source.
   * @throws Error naming the token when the data source is not simulated; AwsError when it finds nothing.
   */
  invoke(
    token: string,
    args: Record<string, unknown>,
    account: string,
    region: string,
  ): Record<string, unknown> {
    return invoke(this.world, token, plain(args), { account, region: text(args.region) ?? region });
  }

  /** Loads a resource of a deployment file as it is, unchecked. */
  restore(resource: {
    urn: string;
    type: string;
    id: string;
    account: string;
    region: string;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
  }): void {
    const { urn, type, id, account } = resource;
    const region = text(resource.outputs.region) ?? resource.region;
    if (this.world.find({ account, region }, id, type) !== undefined) return;
    const held = this.world.add({
      ...{ type, id, account, region, urn, generation: 0 },
      ...{ inputs: plain(resource.inputs), outputs: plain(resource.outputs), facts: {}, implied: [] },
    });
    addImplied(this.world, held, behaviours[type]);
    this.generations.set(urn, 0);
    this.current.set(urn, held);
  }
}

function requireInputs(request: Request, behaviour: Behaviour, inputs: Properties): void {
  const missing = (behaviour.required ?? []).filter((name) => inputs[name] === undefined);
  if (missing.length > 0)
    throw new AwsError(
      "MissingParameter",
      `Missing required argument: ${missing.map((name) => `"${name}"`).join(", ")} of ${request.type}`,
    );
}

function mustReplace(behaviour: Behaviour, before: Properties, after: Properties): boolean {
  return (
    (behaviour.replaceOn ?? []).some((name) => !sameProperty(before[name], after[name])) ||
    behaviour.replaceIf?.(before, after) === true
  );
}

/** Pulumi's own limit on names that it generates, see https://www.pulumi.com/docs/iac/concepts/resources/names/. */
function checkName(request: Request, behaviour: Behaviour, s: Situation): void {
  const { autoName } = behaviour;
  if (autoName === undefined || text(s.inputs[autoName.property]) !== undefined) return;
  if (text(s.inputs.namePrefix) !== undefined) return;
  if (request.name.length + 8 <= autoName.maxLength) return;
  throw new AwsError(
    "InvalidName",
    `failed to generate a unique name for ${request.type}: "${request.name}" plus a hyphen and 7 random characters is longer than the maximum length ${autoName.maxLength}`,
  );
}

function sameGivenName(behaviour: Behaviour, before: Held, s: Situation): boolean {
  const property = behaviour.autoName?.property;
  if (property === undefined || before.account !== s.account || before.region !== s.region) return false;
  const given = text(s.inputs[property]);
  return given !== undefined && given === before.outputs[property];
}
