import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { isMap, parseDocument } from "yaml";
import { type Problem } from "../common/problems";
import { type LandscapeStack } from "../landscape/landscape";
import { repositoryFolder } from "../landscape/projects";
import { type StackResources } from "../resources/resource";
import { type EngineSettings, EngineStack, resourcesOf } from "./engine-stack";
import { type Report } from "./events";

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
  const known = await existingStacks(settings);
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

/** Fully qualified names of all stacks that the backend shows. */
async function existingStacks({ landscape, command, environment }: EngineSettings): Promise<Set<string>> {
  const first = landscape.stacks[0] as LandscapeStack;
  const { project } = first;
  const workspace = await LocalWorkspace.create({
    workDir: path.join(repositoryFolder, project.folder),
    pulumiCommand: command,
    envVars: { ...environment, ...first.environment },
  });
  const all = await workspace.listStacks({ all: true });
  // The command line leaves out what goes without saying: the organization, and this project.
  const full = (name: string): string => {
    const parts = name.split("/");
    const stack = parts.pop() ?? "";
    const inProject = parts.pop() ?? project.name;
    return `${parts.pop() ?? landscape.organization}/${inProject}/${stack}`;
  };
  return new Set(all.map(({ name }) => full(name)));
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

/** The stacks as they are deployed, without those that have no resources. */
export async function exportStacks(
  stacks: readonly EngineStack[],
): Promise<{ deployed: StackResources[]; pending: Map<EngineStack, number>; problems: Problem[] }> {
  const problems: Problem[] = [];
  const deployed: StackResources[] = [];
  const pending = new Map<EngineStack, number>();
  const states = await Promise.all(stacks.map(async (stack) => ({ stack, state: await stack.export() })));
  for (const { stack, state } of states) {
    const { resources, pending_operations: operations } = state.deployment as {
      resources?: unknown[];
      pending_operations?: unknown[];
    };
    if ((operations ?? []).length > 0) pending.set(stack, operations?.length ?? 0);
    if ((resources ?? []).length === 0) continue;
    const result = resourcesOf(state, `state of ${stack.name}`);
    if ("problems" in result) problems.push(...result.problems);
    else deployed.push(result.stack);
  }
  return { deployed, pending, problems };
}
