import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";
import { type Problem } from "../common/problems";
import { type LandscapeStack } from "../landscape/landscape";
import { type StackResources } from "../resources/resource";
import { type EngineSettings, EngineStack, resourcesOf } from "./engine-stack";
import { type Report } from "./events";
import { partsOf } from "./recovery/state";

/** What a stack configuration file holds beside the configuration: how the stack's secrets are encrypted. */
const encryptionKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/**
 * Opens all stacks of a landscape and creates those that do not exist yet, because a reference to a stack that was never
 * created fails. `creatable` are those that may be created.
 * @returns the stacks, and the names of those that do not exist and may not be created.
 */
export async function openStacks(
  settings: EngineSettings,
  creatable: readonly LandscapeStack[],
  report: Report,
): Promise<{ stacks: EngineStack[]; missing: string[] }> {
  const { landscape } = settings;
  const stacks = await Promise.all(landscape.stacks.map((stack) => EngineStack.open(stack, settings)));
  const known = new Set(await stacks[0]?.list());
  const missing: string[] = [];
  for (const stack of stacks) {
    if (known.has(stack.name)) continue;
    if (!creatable.includes(stack.stack)) {
      missing.push(stack.name);
      continue;
    }
    await createStack(stack);
    report({ event: "stack-created", stack: stack.label });
  }
  return { stacks, missing };
}

/**
 * Creates a stack. The engine writes how its secrets are encrypted into a configuration file in the project's folder; that
 * belongs into the operator's own file.
 */
async function createStack(stack: EngineStack): Promise<void> {
  const { file } = stack.stack;
  const written = stack.configurationFile;
  const foreign = existsSync(written);
  await stack.create();
  if (foreign || !existsSync(written)) return;
  const source = parseDocument(readFileSync(written, "utf8"));
  const target = parseDocument(readFileSync(file, "utf8"));
  if (isMap(target.contents)) {
    const lacking = encryptionKeys.filter((key) => source.has(key) && !target.has(key));
    for (const key of lacking) target.set(key, source.get(key));
    if (lacking.length > 0) writeFileSync(file, target.toString({ lineWidth: 0 }));
  }
  rmSync(written);
}

/** True for the resources of this stack. */
export function isOf({ project, stack }: StackResources, wanted: LandscapeStack): boolean {
  return project === wanted.project.name && stack === wanted.stack;
}

/** The stacks as they are deployed, without those that have no resources. */
export async function exportStacks(
  stacks: readonly EngineStack[],
): Promise<{ deployed: StackResources[]; pending: Map<EngineStack, number>; problems: Problem[] }> {
  const problems: Problem[] = [];
  const deployed: StackResources[] = [];
  const pending = new Map<EngineStack, number>();
  const states = await Promise.all(stacks.map(async (stack) => ({ stack, state: await stack.export() })));
  for (const { stack, state } of states) {
    const parts = partsOf(state);
    if (parts.pending.length > 0) pending.set(stack, parts.pending.length);
    if (parts.resources.length === 0) continue;
    const result = resourcesOf(state, `state of ${stack.name}`);
    if ("problems" in result) problems.push(...result.problems);
    else deployed.push(result.stack);
  }
  return { deployed, pending, problems };
}
