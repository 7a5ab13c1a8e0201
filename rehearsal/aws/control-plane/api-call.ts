import { type Properties, sameProperty } from "../properties";

/** What the provider is asked to bring about. */
export interface Asked {
  inputs: Properties;
  /** The inputs before an update; empty otherwise. */
  before: Properties;
}

/** API actions in the order in which the provider calls them. */
export type Actions = readonly string[] | ((asked: Asked) => readonly string[]);

/** Which API actions the provider calls for a resource type, each as `service:Action`. */
export interface TypeCalls {
  create: Actions;
  read: Actions;
  update: Actions;
  delete: Actions;
}

/** A type's calls as a table has them: without the service, and creation and update without the read that follows. */
export interface TypeEntry {
  create: Actions;
  read: readonly string[];
  /** Absent: every change replaces the resource. */
  update?: Actions;
  delete: Actions;
  /** False where the provider does not read back what it has created or updated. Defaults to true. */
  readsBack?: boolean;
}

/** The calls of a table's types; an action that names its service belongs to another one than the table's. */
export function typeCalls(
  service: string,
  entries: Readonly<Record<string, TypeEntry>>,
): Record<string, TypeCalls> {
  const named = (actions: readonly string[]) =>
    actions.map((action) => (action.includes(":") ? action : `${service}:${action}`));
  return Object.fromEntries(
    Object.entries(entries).map(([type, entry]): [string, TypeCalls] => {
      const after = entry.readsBack === false ? [] : entry.read;
      const full = (actions: Actions, then: readonly string[]) => (asked: Asked) =>
        named([...actionsFor(actions, asked), ...then]);
      return [
        type,
        {
          create: full(entry.create, after),
          read: named(entry.read),
          update: full(entry.update ?? [], after),
          delete: full(entry.delete, []),
        },
      ];
    }),
  );
}

export function actionsFor(actions: Actions, asked: Asked): readonly string[] {
  return typeof actions === "function" ? actions(asked) : actions;
}

/** Names of the inputs that an update changes. */
export function changedInputs({ inputs, before }: Asked): string[] {
  const names = new Set([...Object.keys(inputs), ...Object.keys(before)]);
  return [...names].filter((name) => !name.startsWith("__") && !sameProperty(inputs[name], before[name]));
}

/**
 * An update's actions: for a changed property its own, for all others together `otherwise`, each group once.
 * @param byProperty several properties with the same list share one call.
 */
export function onChange(
  byProperty: Readonly<Record<string, readonly string[]>>,
  otherwise: readonly string[] = [],
): Actions {
  return (asked) => {
    const groups = changedInputs(asked).map((name) => byProperty[name] ?? otherwise);
    return [...new Set(groups)].flat();
  };
}
