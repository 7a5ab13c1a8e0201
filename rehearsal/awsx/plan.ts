/**
 * The plan of a remote component: the children that its plugin would create, in the order in which it creates them, and
 * the outputs that it hands back.
 */
export interface ComponentPlan {
  children: PlannedChild[];
  /** By output name; a value is plain, a {@link Ref}, a {@link ResourceRef}, or a list of these. */
  outputs: Record<string, unknown>;
}

/**
 * What became of a component's arguments: the plan; or the reason why this form of it is not reproduced, so that nothing
 * is known of its children; or the message with which the real component would fail, having created nothing.
 */
export type PlanResult = ComponentPlan | { unsupported: string } | { error: string };

/** One child resource of a remote component. */
export interface PlannedChild {
  /** Unique in the plan. Names are not: a subnet and its route table share one. */
  key: string;
  /** Type token, for example `aws:ec2/subnet:Subnet`. */
  type: string;
  /** Logical name, the last part of the URN. */
  name: string;
  /** Key of the child that is its parent; `""` for the component itself. */
  parent: string;
  /** What the component passes, arguments left out being absent; values may hold a {@link Ref}. */
  inputs: Record<string, unknown>;
  /** Keys of the children named in the `dependsOn` option, beside those that inputs refer to. */
  dependsOn: string[];
}

/** Stands for one output property of another child, or for its physical id when the property is `id`. */
export class Ref {
  constructor(
    readonly child: string,
    readonly property: string,
  ) {}
}

/** Stands for a whole child resource: what a program gets where a component's output is a resource. */
export class ResourceRef {
  constructor(readonly child: string) {}
}

/** Thrown inside a planner to leave it with one of the two results that are not a plan. */
export class NoPlan extends Error {
  constructor(readonly result: { unsupported: string } | { error: string }) {
    super("unsupported" in result ? result.unsupported : result.error);
    this.name = "NoPlan";
  }
}

/** Leaves the planner: this form is not reproduced. The reason names the argument. */
export function unsupported(reason: string): never {
  throw new NoPlan({ unsupported: reason });
}

/** Leaves the planner: the real component fails with such a message. */
export function fail(message: string): never {
  throw new NoPlan({ error: message });
}
