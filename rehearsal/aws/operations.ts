import { isDeepStrictEqual } from "node:util";
import type { Behaviour } from "./behaviour";
import { Situation } from "./behaviour";
import { behaviours } from "./behaviours";
import { addImplied, leaveBehind, outputsOf, sharedTypes } from "./holding";
import { holdOpaque, isOpaque, opaqueText } from "./opaque";
import { dropOrphans } from "./parents";
import { checkName, requireInputs } from "./provider-checks";
import type { Properties } from "./properties";
import { plain, sameProperty, text } from "./properties";
import type { Held, Place, World } from "./world";

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

/** What an update would change: the inputs that differ, and those of them for which the resource is replaced. */
export interface Difference {
  changed: string[];
  replaces: string[];
  /** The predecessor has to go first, because both would bear the same given name. */
  deleteFirst: boolean;
}

const unknownType: Behaviour = { id: (s) => opaqueText(s.key) };

/** A resource as the engine knows it. */
export interface Known {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

const nothing: Known = { id: "", inputs: {}, outputs: {} };

/** How a type behaves; one that the table does not know, in no special way. */
export function behaviourOf(type: string): Behaviour {
  return behaviours[type] ?? unknownType;
}

/**
 * The operations that a provider has on resources, one at a time: what AWS would refuse is refused, and the world is then
 * what it was before. A type that the table does not know passes through, and so does what depends on such a thing: it
 * gets an opaque id, it has what it was given, and nothing is refused. Who keeps which resource, by URN or by id, is the
 * caller's business.
 */
export class Operations {
  private readonly generations = new Map<string, number>();

  /**
   * @param apart true when each URN keeps a thing of its own, also where AWS has one for several requests. A rehearsal
   *   needs that: it compares a stack's next request with what the same stack asked for before, as the engine does.
   */
  constructor(
    readonly world: World,
    private readonly apart = false,
  ) {}

  /** How often each URN has been created so far; with it the next creation gets an id of its own. */
  get history(): Record<string, number> {
    return Object.fromEntries(this.generations);
  }

  /** Takes over a history, such as one that was saved. */
  remember(history: Readonly<Record<string, number>>): void {
    for (const [urn, generation] of Object.entries(history)) this.generations.set(urn, generation);
  }

  /** True when a request passes through unchecked: of its type, or of something in its inputs, nothing is known. */
  passes({ type, inputs }: Pick<Request, "type" | "inputs">): boolean {
    return behaviours[type] === undefined || holdOpaque(inputs, (text) => this.world.isOpaqueId(text));
  }

  /** Refuses what the provider refuses before it asks AWS: arguments that are missing, a generated name that is too long. */
  validate(request: Request): void {
    if (this.passes(request)) return;
    const behaviour = behaviourOf(request.type);
    const inputs = plain(request.inputs);
    requireInputs(request, behaviour, inputs);
    checkName(request, behaviour, this.situation(request, inputs, 0));
  }

  /**
   * Creates a resource. `before` is what it takes the place of: that is deleted first where the provider does so, of some
   * types and when both have the same given physical name, and lives on otherwise. Where AWS has the thing already and
   * takes the request as a repetition, that one is brought to the inputs.
   * @throws AwsError when AWS or the provider would refuse.
   */
  create(request: Request, before?: Held): { held: Held; deletedFirst: boolean } {
    const behaviour = behaviourOf(request.type);
    const inputs = plain(request.inputs);
    if (this.passes(request)) return { held: this.passThrough(request, inputs), deletedFirst: false };
    requireInputs(request, behaviour, inputs);
    let generation = this.generations.get(request.urn) ?? -1;
    let made = this.situation(request, inputs, ++generation);
    // A resource from a deployment file may already have the id that a hash gives; its successor needs another one.
    for (let attempt = 0; attempt < 8 && before !== undefined && behaviour.id(made) === before.id; attempt++)
      made = this.situation(request, inputs, ++generation);
    checkName(request, behaviour, made);
    const existing = this.repeated(request.type, behaviour, made);
    if (existing !== undefined) {
      this.update(request, existing);
      existing.urn = request.urn;
      return { held: existing, deletedFirst: false };
    }
    const deletedFirst =
      before !== undefined && (behaviour.deletedFirst === true || sameGivenName(behaviour, before, made));
    if (deletedFirst) this.delete(before);
    try {
      behaviour.check?.(made);
    } catch (error) {
      if (deletedFirst) this.world.add(before);
      throw error;
    }
    const id = behaviour.id(made);
    const outputs = outputsOf(behaviour, made, id);
    const held = this.world.add({
      ...{ type: request.type, id, account: made.account, region: made.region, urn: request.urn, generation },
      ...{ inputs, outputs, facts: {}, implied: [] },
    });
    addImplied(this.world, held, behaviour);
    behaviour.arrived?.(held, this.world);
    this.generations.set(request.urn, generation);
    behaviour.applied?.(made, held);
    return { held, deletedFirst };
  }

  /**
   * Brings a resource to new inputs in place.
   * @throws AwsError when AWS would refuse, or can only replace the resource.
   */
  update(request: Request, held: Held): void {
    const behaviour = behaviourOf(request.type);
    const inputs = plain(request.inputs);
    if (this.passes(request)) {
      const kept = Object.entries(held.outputs).filter(([name]) => held.inputs[name] === undefined);
      Object.assign(held, { inputs, outputs: { ...Object.fromEntries(kept), ...inputs } });
      return;
    }
    requireInputs(request, behaviour, inputs);
    const update = this.situation(request, inputs, held.generation, held);
    const outputs = outputsOf(behaviour, update, held.id);
    behaviour.check?.(update);
    Object.assign(held, { inputs, outputs });
    behaviour.applied?.(update, held);
  }

  /** True when the resource cannot be brought to the inputs in place. */
  mustReplace(request: Request, held: Held): boolean {
    if (this.passes(request)) return false;
    if (held.opaque !== undefined) return true;
    const behaviour = behaviourOf(request.type);
    const inputs = plain(request.inputs);
    requireInputs(request, behaviour, inputs);
    const update = this.situation(request, inputs, held.generation, held);
    return replaced(behaviour, held, inputs, outputsOf(behaviour, update, held.id));
  }

  /**
   * How inputs differ from what a resource has, and what that would do. Names in `unknown` have no value yet: they count as
   * changed.
   * @param olds the resource as the engine knows it, whatever has become of it since.
   */
  compare(request: Request, olds: Known, unknown: ReadonlySet<string>): Difference {
    const [before, after] = [plain(olds.inputs), plain(request.inputs)];
    const names = namesOf(before, after);
    const changed = names.filter(
      (name) => unknown.has(name) || !isDeepStrictEqual(before[name], after[name]),
    );
    if (changed.length === 0 || this.passes(request)) return { changed, replaces: [], deleteFirst: false };
    if (isOpaque(olds.id)) return { changed, replaces: changed, deleteFirst: false };
    const { behaviour, held, update, outputs } = this.intended(request, olds, unknown);
    const differs = (name: string): boolean => !sameProperty(olds.outputs[name], outputs[name]);
    const moved = behaviour.global !== true && differs("region") ? ["region"] : [];
    const immutable = [...(behaviour.replaceOn ?? [])];
    const replaces = [
      ...moved,
      // What is given neither before nor now is AWS's own value, and no reason to replace.
      ...immutable.filter((name) => names.includes(name) && (unknown.has(name) || differs(name))),
    ];
    if (replaces.length === 0 && behaviour.replaceIf?.(olds.outputs, outputs) === true)
      replaces.push(...changed);
    const deleteFirst =
      replaces.length > 0 && (behaviour.deletedFirst === true || sameGivenName(behaviour, held, update));
    return { changed, replaces, deleteFirst };
  }

  /**
   * Names of the outputs that a preview cannot tell: of a creation all that are not given, of an update those that would
   * change.
   */
  undecided(request: Request, olds: Known | undefined, unknown: ReadonlySet<string>): string[] {
    const { outputs } = this.intended(request, olds ?? nothing, unknown);
    const after = plain(request.inputs);
    return Object.keys(outputs).filter(
      (name) =>
        after[name] === undefined &&
        name !== "region" &&
        (olds === undefined || !sameProperty(olds.outputs[name], outputs[name])),
    );
  }

  /** A request and the outputs that it would give, without what exists being asked. */
  private intended(request: Request, olds: Known, unknown: ReadonlySet<string>) {
    const behaviour = behaviourOf(request.type);
    const before = plain(olds.inputs);
    const after = plain(request.inputs);
    const known = Object.fromEntries(
      namesOf(before, after).flatMap((name) => {
        const value = unknown.has(name) ? before[name] : after[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const region = text(after.region) ?? request.region;
    const held: Held = {
      ...{ type: request.type, id: olds.id, account: request.account, region, urn: request.urn },
      ...{ generation: 0, inputs: before, outputs: olds.outputs, facts: {}, sequence: 0, implied: [] },
    };
    const update = this.situation({ ...request, inputs: known }, known, 0, held);
    return { behaviour, held, update, outputs: outputsOf(behaviour, update, olds.id) };
  }

  /**
   * Deletes a resource, with what is part of it.
   * @throws AwsError when AWS would refuse, for example a subnet that is in use.
   */
  delete(held: Held): void {
    if (held.opaque === undefined) {
      behaviours[held.type]?.removable?.(held, this.world);
      leaveBehind(this.world, held);
    }
    this.lose(held);
  }

  /** A resource is no more, whether AWS would have allowed that or not. */
  lose(held: Held): void {
    this.world.drop(held);
    // A rehearsal deletes what each stack has, and each stack still has the parts.
    if (!this.apart) dropOrphans(this.world);
  }

  /** The resource of a type with an id, as one account sees it; also by the id that the provider's importer takes. */
  find(place: Place, type: string, id: string): Held | undefined {
    const behaviour = behaviours[type];
    const types = sharedTypes(type);
    const visible = (held: Held): boolean =>
      held.account === place.account && (behaviour?.global === true || held.region === place.region);
    return (
      this.world.find(place, id, ...types) ??
      (behaviour?.global === true ? this.world.findGlobal(place.account, id, ...types) : undefined) ??
      this.world.all(...types).find((held) => visible(held) && behaviour?.importedAs?.(held, id) === true)
    );
  }

  /** A resource's outputs as a read finds them now. */
  read(held: Held): Properties {
    if (held.opaque !== undefined) return { ...held.outputs };
    return { ...held.outputs, ...behaviours[held.type]?.refresh?.(held, this.world) };
  }

  private passThrough(request: Request, inputs: Properties): Held {
    const { type, account, urn } = request;
    const generation = (this.generations.get(urn) ?? -1) + 1;
    this.generations.set(urn, generation);
    const region = text(inputs.region) ?? request.region;
    return this.world.add({
      ...{ type, id: opaqueText(`${urn}#${generation}`), account, region, urn, generation, inputs },
      ...{ outputs: { region, ...inputs }, facts: {}, implied: [] },
      opaque: behaviours[type] === undefined ? "type" : "dependence",
    });
  }

  /** What exists already and is what a request asks for. */
  private repeated(type: string, behaviour: Behaviour, s: Situation): Held | undefined {
    const { identity, global } = behaviour;
    if (this.apart || identity === undefined) return undefined;
    const wanted = identity({ urn: s.key, outputs: s.inputs }, s);
    if (wanted === undefined) return undefined;
    return this.world
      .all(...sharedTypes(type))
      .filter((held) => held.account === s.account && (global === true || held.region === s.region))
      .find((held) => identity(held, s) === wanted);
  }

  private situation(request: Request, inputs: Properties, generation: number, previous?: Held): Situation {
    const region = text(inputs.region) ?? request.region;
    const { account, urn, name } = request;
    return new Situation(this.world, account, region, inputs, urn, name, generation, previous);
  }
}

/** Names that either has. */
function namesOf(before: Properties, after: Properties): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

/** What the program gives neither before nor now is AWS's own value, and no reason to replace: a real one may be another. */
function replaced(behaviour: Behaviour, before: Held, inputs: Properties, after: Properties): boolean {
  const given = (name: string): boolean => before.inputs[name] !== undefined || inputs[name] !== undefined;
  const differs = (name: string): boolean => !sameProperty(before.outputs[name], after[name]);
  return (
    (behaviour.replaceOn ?? []).some((name) => given(name) && differs(name)) ||
    behaviour.replaceIf?.(before.outputs, after) === true
  );
}

function sameGivenName(behaviour: Behaviour, before: Held, s: Situation): boolean {
  const property = behaviour.autoName?.property;
  if (property === undefined || before.account !== s.account || before.region !== s.region) return false;
  const given = text(s.inputs[property]);
  return given !== undefined && given === before.outputs[property];
}
