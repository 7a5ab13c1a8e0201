import { ProblemsError } from "../common/problems";
import { AwsError } from "../rehearsal/aws/aws-error";
import { behaviours } from "../rehearsal/aws/behaviours";
import { invoke } from "../rehearsal/aws/data-sources";
import { type Difference, type Known, Operations, type Request } from "../rehearsal/aws/operations";
import { plain, type Properties } from "../rehearsal/aws/properties";
import { placeSeeds } from "../rehearsal/aws/seeds";
import { type ExistingResource } from "../rehearsal/aws/simulated-aws";
import { type Held, type Place, type Quotas, World } from "../rehearsal/aws/world";
import { ControlPlane, type Throttling } from "./control-plane";
import { type Call, Faults } from "./faults";
import { readStateFile, writeStateFile } from "./state-file";

export interface CloudOptions {
  /** What exists before anything is deployed. */
  existing?: readonly ExistingResource[];
  /** What AWS has raised, by account. */
  quotas?: Readonly<Record<string, Quotas>>;
  /** File in which the state outlives the process. Absent: it does not. */
  stateFile?: string;
  /** Present: API calls wait when they come faster than AWS documents. */
  throttling?: Throttling;
  /** True when the file is read and never written. Defaults to false. */
  readOnly?: boolean;
}

/** A resource as a provider answers with it. */
export interface Answer {
  id: string;
  outputs: Properties;
  /** The inputs that give these outputs. */
  inputs: Properties;
}

/** The result of an effect that has come about, and whose answer may be lost on the way. */
type Effect<T> = () => T;

/**
 * Simulated AWS behind a provider: all accounts meet in one state, which outlives the process, and calls fail on demand.
 * Resources are found by type and id, as in AWS; nothing is remembered of stacks but the URN that created a resource,
 * from which its id follows.
 */
export class Cloud {
  readonly world: World;
  readonly faults = new Faults();
  /** The API calls behind the operations; asked before each of them, because they may have to wait. */
  readonly controlPlane: ControlPlane;
  /** Calls that changed something, or failed to, in order. */
  readonly calls: Call[] = [];
  /** Told of each call that changes something, after its effect. */
  onChange: (call: Call) => void = () => undefined;
  /** Told of each call that is to change something, when its answer is known: why it failed, or that it did not. */
  onCall: (call: Call, failure?: string) => void = () => undefined;

  private readonly operations: Operations;
  private readonly stateFile: string | undefined;
  private readonly readOnly: boolean;
  private count = 0;

  /**
   * @throws ProblemsError when the state file is something else, or what exists could not be in AWS.
   */
  constructor({ existing = [], quotas = {}, stateFile, readOnly = false, throttling }: CloudOptions = {}) {
    this.controlPlane = new ControlPlane(throttling);
    this.world = new World(quotas);
    this.operations = new Operations(this.world);
    this.stateFile = stateFile;
    this.readOnly = readOnly;
    const saved = stateFile === undefined ? undefined : readStateFile(stateFile);
    if (saved !== undefined) {
      this.world.load(saved.held);
      this.operations.remember(saved.history);
      this.count = saved.calls;
      return;
    }
    const problems = placeSeeds(this.world, existing);
    if (problems.length > 0) throw new ProblemsError(problems, "existing resources could not be in AWS");
    this.save();
  }

  /** How many calls have changed something, or failed to, since the state was begun. */
  get changes(): number {
    return this.count;
  }

  /** True when the type's behaviour is simulated. */
  knows(type: string): boolean {
    return behaviours[type] !== undefined;
  }

  /** What some stack has created and that still exists. */
  owned(): Held[] {
    return this.world.everything().filter((held) => held.urn !== undefined);
  }

  /** Everything that exists, with outputs as a read finds them now. */
  show(): Held[] {
    return this.world.everything().map((held) => ({ ...held, outputs: this.operations.read(held) }));
  }

  /** Refuses what the provider refuses before it asks AWS. */
  validate(request: Request): void {
    this.operations.validate(request);
  }

  /** See {@link Operations.compare}. */
  compare(request: Request, olds: Known, unknown: ReadonlySet<string>): Difference {
    return this.operations.compare(request, olds, unknown);
  }

  /** See {@link Operations.undecided}; of what cannot be worked out without a missing value, nothing is told. */
  undecided(request: Request, olds: Known | undefined, unknown: ReadonlySet<string>): string[] {
    try {
      return this.operations.undecided(request, olds, unknown);
    } catch (error) {
      if (unknown.size === 0) throw error;
      return [];
    }
  }

  create(request: Request): Answer {
    return this.change("create", request, () => {
      const { held } = this.operations.create(request);
      return { id: held.id, outputs: this.operations.read(held), inputs: held.inputs };
    });
  }

  update(request: Request & { id: string }): Answer {
    return this.change("update", request, () => {
      const held = this.find(request, request.id);
      if (held === undefined) throw this.missing(request.type, request.id);
      this.operations.update(request, held);
      return { id: held.id, outputs: this.operations.read(held), inputs: held.inputs };
    });
  }

  /** Deletes a resource; one that is gone already is no failure, as with the provider. */
  delete(request: Omit<Request, "inputs"> & { id: string }): void {
    this.change("delete", request, () => {
      const held = this.find(request, request.id);
      if (held !== undefined) this.operations.delete(held);
    });
  }

  /** A resource as it is now; undefined when it does not exist. */
  read(request: Omit<Request, "inputs"> & { id: string }): Answer | undefined {
    this.look("read", request.type, request.urn, request);
    const held = this.find(request, request.id);
    if (held === undefined) return undefined;
    return { id: held.id, outputs: this.operations.read(held), inputs: held.inputs };
  }

  /** A data source. */
  invoke(token: string, args: Properties, place: Place): Properties {
    this.look("invoke", token, "", place);
    return invoke(this.world, token, plain(args), place);
  }

  /** Something happens to a resource outside of all stacks, as by hand in the console. */
  tamper(held: Held, outputs: Properties): void {
    Object.assign(held, { inputs: { ...held.inputs, ...outputs }, outputs: { ...held.outputs, ...outputs } });
    this.save();
  }

  /** A resource disappears outside of all stacks. */
  lose(held: Held): void {
    this.operations.lose(held);
    this.save();
  }

  private find(request: Place & { type: string }, id: string): Held | undefined {
    return this.operations.find(request, request.type, id);
  }

  private missing(type: string, id: string): AwsError {
    return behaviours[type]?.notFound?.(id) ?? new AwsError("NotFound", `${type} "${id}" does not exist`);
  }

  private look(operation: Call["operation"], type: string, urn: string, { account, region }: Place): void {
    const fault = this.faults.meet({ index: 0, operation, type, urn, account, region });
    if (fault !== undefined) throw failure(fault.code, operation, type);
  }

  private change<T>(
    operation: Call["operation"],
    { type, urn, account, region }: Omit<Request, "inputs">,
    effect: Effect<T>,
  ): T {
    const call: Call = { index: ++this.count, operation, type, urn, account, region };
    this.calls.push(call);
    const fault = this.faults.meet(call);
    try {
      if (fault !== undefined && fault.afterEffect !== true) throw failure(fault.code, operation, type);
      const answer = effect();
      this.save();
      this.onChange(call);
      if (fault !== undefined) throw failure(fault.code, operation, type);
      this.onCall(call);
      return answer;
    } catch (error) {
      this.onCall(call, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** Writes the state file; every change has done so already. */
  save(): void {
    if (this.stateFile === undefined || this.readOnly) return;
    const { history } = this.operations;
    writeStateFile(this.stateFile, { format: 1, held: this.world.save(), history, calls: this.count });
  }
}

function failure(code: string | undefined, operation: string, type: string): AwsError {
  return new AwsError(
    code ?? "InternalFailure",
    `simulated failure of ${operation} ${type}: the request processing has failed because of an unknown error`,
  );
}
