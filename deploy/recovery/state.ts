import { type Deployment } from "@pulumi/pulumi/automation";

/** A resource as the engine's state has it, as far as a recovery reads it. */
export interface StateResource {
  urn: string;
  type: string;
  custom?: boolean;
  id?: string;
  external?: boolean;
  parent?: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependencies?: string[];
}

/** An operation that had begun when an update ended, and of which the engine does not know what became. */
export interface PendingOperation {
  resource: StateResource;
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** The parts of a state that a recovery looks at. */
export interface StateParts {
  resources: StateResource[];
  pending: PendingOperation[];
}

/** Takes the parts out of an exported state. */
export function partsOf(state: Deployment): StateParts {
  const { resources, pending_operations: pending } = state.deployment as {
    resources?: StateResource[] | null;
    pending_operations?: PendingOperation[] | null;
  };
  return { resources: resources ?? [], pending: pending ?? [] };
}

/** The state with further resources and without pending operations. */
export function withResources(state: Deployment, added: readonly StateResource[]): Deployment {
  const { resources } = partsOf(state);
  const deployment = { ...(state.deployment as Record<string, unknown>), pending_operations: [] };
  return { ...state, deployment: { ...deployment, resources: [...resources, ...added] } };
}
