import { isDeepStrictEqual } from "node:util";
import { ProblemsError } from "../../common/problems";
import { AwsError } from "./aws-error";
import { behaviours } from "./behaviours";
import { invoke } from "./data-sources";
import { addImplied } from "./holding";
import { isOpaque } from "./opaque";
import { type Address, behaviourOf, Operations, type Request } from "./operations";
import { plain, text } from "./properties";
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

/** What became of a request. */
export interface Applied {
  id: string;
  outputs: Record<string, unknown>;
  change: "create" | "update" | "replace" | "same";
  /** True when the request passed through unchecked, because something that is not simulated would decide about it. */
  unchecked: boolean;
}

/** A resource as a deployment file has it. */
interface Deployed {
  urn: string;
  type: string;
  id: string;
  account: string;
  region: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/**
 * AWS as far as a rehearsal needs it: one state in which all accounts meet, and the operations that a provider has. See
 * `behaviours.ts` for what is simulated and what is not. It knows nothing of Pulumi but type tokens and property names.
 */
export class SimulatedAws {
  private readonly operations: Operations;
  private readonly current = new Map<string, Held>();
  private readonly replaced = new Map<string, Held[]>();
  private restored: Held[] = [];

  /**
   * @param quotas what AWS has raised, by account.
   * @throws ProblemsError naming every existing resource that is malformed or could not exist in AWS.
   */
  constructor(existing: readonly ExistingResource[] = [], quotas: Readonly<Record<string, Quotas>> = {}) {
    this.operations = new Operations(new World(quotas), true);
    const problems = placeSeeds(this.operations.world, existing);
    if (problems.length > 0) throw new ProblemsError(problems, "existing resources could not be in AWS");
  }

  /** True when the type's behaviour is simulated; other types pass through with an opaque id and outputs as inputs. */
  knows(type: string): boolean {
    return behaviours[type] !== undefined;
  }

  /**
   * Creates the resource, updates it in place, replaces it or leaves it, depending on what this URN had before. A replaced
   * resource lives on, and keeps what it occupies, until {@link finishReplacements} or {@link remove}; the old one is deleted
   * first where the provider does so: of some types, and when both have the same given physical name.
   * @throws AwsError when AWS or the provider would refuse; the state is then what it was before.
   */
  put(request: Request): Applied {
    this.settle();
    const region = text(request.inputs.region) ?? request.region;
    const before = this.current.get(request.urn);
    const moved =
      before !== undefined &&
      (before.account !== request.account ||
        (before.region !== region && behaviourOf(request.type).global !== true));
    const forced = moved || request.replace === true;
    const unchecked = this.operations.passes(request);
    if (before !== undefined && !forced) {
      if (isDeepStrictEqual(before.inputs, plain(request.inputs)))
        return { id: before.id, outputs: { ...before.outputs }, change: "same", unchecked };
      if (!this.operations.mustReplace(request, before)) {
        this.operations.update(request, before);
        return { id: before.id, outputs: { ...before.outputs }, change: "update", unchecked };
      }
    }
    const { held, deletedFirst } = this.operations.create(request, before);
    this.current.set(request.urn, held);
    if (before !== undefined && !deletedFirst)
      this.replaced.set(request.urn, [...(this.replaced.get(request.urn) ?? []), before]);
    return {
      id: held.id,
      outputs: { ...held.outputs },
      change: before === undefined ? "create" : "replace",
      unchecked,
    };
  }

  /**
   * Reads a resource by id, as `.get()` does; also by the provider's import id where that differs. What is in another
   * account or region is not found.
   * @throws AwsError with the service's own code when it does not exist.
   */
  read(request: Address & { id: string }): { id: string; outputs: Record<string, unknown> } {
    const behaviour = behaviours[request.type];
    if (behaviour === undefined || isOpaque(request.id)) return { id: request.id, outputs: {} };
    const found = this.operations.find(request, request.type, request.id);
    if (found === undefined)
      throw (
        behaviour.notFound?.(request.id) ??
        new AwsError("NotFound", `${request.type} "${request.id}" does not exist`)
      );
    return { id: found.id, outputs: this.operations.read(found) };
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

  /** Restored resources come in any order, so what they remember is looked up when all are there. */
  private settle(): void {
    for (const held of this.restored) behaviours[held.type]?.arrived?.(held, this.operations.world);
    this.restored = [];
  }

  private delete(held: Held): void {
    this.settle();
    this.operations.delete(held);
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
    return invoke(this.operations.world, token, plain(args), {
      account,
      region: text(args.region) ?? region,
    });
  }

  /** Loads what a deployment file has only read, unless it exists already: it belongs to no stack. */
  assume(resource: Deployed): void {
    const { type, id, account } = resource;
    const region = text(resource.outputs.region) ?? resource.region;
    const { world } = this.operations;
    if (id === "" || this.operations.find({ account, region }, type, id) !== undefined) return;
    const outputs = plain(resource.outputs);
    const held = world.add({
      ...{ type, id, account, region, generation: 0, inputs: outputs, outputs, facts: {}, implied: [] },
      ...opacityOf(type, id),
    });
    if (held.opaque === undefined) addImplied(world, held, behaviours[type]);
  }

  /** Loads a resource of a deployment file as it is, unchecked. */
  restore(resource: Deployed): void {
    const { urn, type, id, account } = resource;
    const region = text(resource.outputs.region) ?? resource.region;
    const { world } = this.operations;
    if (world.find({ account, region }, id, type) !== undefined) return;
    const held = world.add({
      ...{ type, id, account, region, urn, generation: 0 },
      ...{ inputs: plain(resource.inputs), outputs: plain(resource.outputs), facts: {}, implied: [] },
      ...opacityOf(type, id),
    });
    if (held.opaque === undefined) {
      addImplied(world, held, behaviours[type]);
      this.restored.push(held);
    }
    this.operations.remember({ [urn]: 0 });
    this.current.set(urn, held);
  }
}

/** Of a resource that was not created here: whether nothing is known of it but its id. */
function opacityOf(type: string, id: string): Pick<Held, "opaque"> {
  if (behaviours[type] === undefined) return { opaque: "type" };
  return isOpaque(id) ? { opaque: "dependence" } : {};
}
