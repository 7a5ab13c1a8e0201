import { type StackResources } from "../../resources/resource";
import { type EngineSettings, type EngineStack } from "../engine-stack";
import { clearLock, type LockOptions } from "../unlock";
import { adopt } from "./adopt";
import { search } from "./search";
import { partsOf, withResources } from "./state";

/** What a recovery came to. */
export interface Recovery {
  /** True when the state has been changed. */
  changed: boolean;
  /** What could not be found out or done, in words. */
  troubles: string[];
}

/**
 * Puts a stack's state in order after an update that did not come to its end: resources that AWS has and the state does not
 * know are taken over or deleted, and creations that came to nothing are forgotten.
 * https://www.pulumi.com/docs/support/troubleshooting/common-issues/interrupted-updates/
 * @param planned what the stack's program declares, from a rehearsal; undefined when it cannot be rehearsed.
 */
export async function recover(
  settings: EngineSettings,
  stack: EngineStack,
  planned: StackResources | undefined,
  locks: LockOptions,
): Promise<Recovery> {
  const { report } = locks;
  const state = await stack.export();
  const parts = partsOf(state);
  const { found, unanswered } = await search(settings, stack.stack, parts.resources);
  const candidates = (planned?.resources ?? []).filter(({ custom, external }) => custom && !external);
  const { project, stack: name } = stack.stack;
  const { taken, stray, forgotten } = adopt(found, parts, candidates, `urn:pulumi:${name}::${project.name}`);
  const added = [...taken, ...stray];
  if (added.length === 0 && parts.pending.length === 0) return { changed: false, troubles: unanswered };

  const changed = withResources(state, added);
  const { locked } = await stack.import(changed);
  if (locked !== undefined) {
    if (!(await clearLock(stack, locked, locks)))
      return { changed: false, troubles: ["the stack is locked"] };
    await stack.import(changed);
  }
  for (const { urn, id = "" } of taken)
    report({ event: "recovered", stack: stack.label, urn, id, action: "imported" });
  for (const { resource } of forgotten)
    report({ event: "recovered", stack: stack.label, urn: resource.urn, id: "", action: "forgotten" });
  const troubles = [...unanswered];
  if (added.length > 0) {
    const read = await stack.run("refresh", { target: added.map(({ urn }) => urn) });
    if (read.outcome !== "succeeded") troubles.push(...read.errors);
  }
  if (stray.length > 0) {
    const removed = await stack.run("destroy", { target: stray.map(({ urn }) => urn) });
    for (const { urn, id = "" } of removed.outcome === "succeeded" ? stray : [])
      report({ event: "recovered", stack: stack.label, urn, id, action: "deleted" });
    if (removed.outcome !== "succeeded") troubles.push(...removed.errors);
  }
  return { changed: true, troubles };
}
