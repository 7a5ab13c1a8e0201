import * as pulumi from "@pulumi/pulumi";
import { configurationFolderVariable } from "../configuration/documents";
import { type Resource } from "../resources/resource";
import { AwsError, type SimulatedAws } from "./aws/simulated-aws";
import { RehearsalMonitor } from "./monitor";
import { getStore, withLocalStorage } from "./sdk-internals";
import { type RunResult, type StackState } from "./stack-state";

/** A stack's program: what the project's entry file exports. */
export type Program = () => Promise<Record<string, unknown>>;

/**
 * Runs a stack's program once, as `pulumi up` would, and brings the stack's state up to date. When something was refused,
 * nothing is deleted and the resources made so far stay in the state, as with the engine.
 */
export async function runProgram(
  stack: StackState,
  program: Program,
  aws: SimulatedAws,
  backend: ReadonlyMap<string, StackState>,
): Promise<RunResult> {
  const monitor = new RehearsalMonitor(stack, aws, backend);
  const warnings: string[] = [];
  const failures = await inRuntime(stack, monitor, warnings, program);
  const refusals = [...monitor.refusals];
  // A refused registration also rejects everything that was waiting for it: only the cause is of interest.
  const stopped = refusals.length === 0 ? failures[0] : undefined;
  const result: RunResult = {
    changes: monitor.changes,
    refusals,
    notSimulated: monitor.notSimulated,
    warnings,
    references: [...monitor.references],
    ...(stopped === undefined ? {} : { stopped }),
  };
  if (refusals.length > 0 || stopped !== undefined) {
    const kept = stack.resources.filter((resource) => !monitor.resources.has(resource.urn));
    stack.resources = [...monitor.resources.values(), ...kept];
    return result;
  }
  const kept = deleteGone(stack, monitor, aws, result);
  stack.resources = [
    ...(isQuiet(result) ? withEarlierReads(stack, monitor) : monitor.resources.values()),
    ...kept,
  ];
  stack.outputs = monitor.outputs;
  return result;
}

function isQuiet(result: RunResult): boolean {
  return [...result.changes.values()].every((change) => change === "same");
}

/**
 * The resources of a look that changed nothing. Such a look is a preview: what it read of other parties' resources is
 * not saved, so the state keeps what was there before this stack added its own routes and rules to them, and the same
 * route does not stand in the state twice, as a resource and in what was read.
 */
function withEarlierReads(stack: StackState, monitor: RehearsalMonitor): Resource[] {
  const before = new Map(stack.resources.map((resource) => [resource.urn, resource]));
  return [...monitor.resources.values()].map((resource) => {
    const read = resource.external && resource.type.startsWith("aws:");
    return (read ? before.get(resource.urn) : undefined) ?? resource;
  });
}

/** Deletes what the program does not declare any more, dependants first, and the predecessors of what was replaced; returns what AWS keeps. */
function deleteGone(
  stack: StackState,
  monitor: RehearsalMonitor,
  aws: SimulatedAws,
  result: RunResult,
): Resource[] {
  const attempt = (resource: string, work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      result.refusals.push({ resource, code: error.code, message: error.message });
      return false;
    }
  };
  const replaced = [...monitor.changes].filter(([, change]) => change === "replace").map(([urn]) => urn);
  attempt(replaced.join(", "), () => aws.finishReplacements(replaced));
  const kept: Resource[] = [];
  for (const resource of [...stack.resources].reverse()) {
    if (monitor.resources.has(resource.urn) || resource.external) continue;
    const inAws = resource.custom && resource.type.startsWith("aws:");
    if (!inAws || attempt(resource.urn, () => aws.remove(resource.urn)))
      result.changes.set(resource.urn, "delete");
    else kept.unshift(resource);
  }
  return kept;
}

async function inRuntime(
  stack: StackState,
  monitor: RehearsalMonitor,
  warnings: string[],
  program: Program,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const collect = (reason: unknown) => failures.push(reason);
  const restoreEnvironment = setEnvironment(configurationFolderVariable, stack.configurationFolder);
  // The SDK keeps a stack trace for every promise; nobody reads them here, and they take most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  process.on("unhandledRejection", collect);
  try {
    await withLocalStorage(async () => {
      pulumi.runtime.setMockOptions(monitor, stack.project, stack.stack, false, stack.organization);
      Object.assign(getStore(), {
        supportsSecrets: true,
        supportsResourceReferences: true,
        supportsOutputValues: false,
        supportsDeletedWith: true,
        supportsReplaceWith: true,
        supportsAliasSpecs: true,
        supportsParameterization: true,
      });
      getStore().settings.engine = quietEngine(warnings);
      pulumi.runtime.setAllConfig(stack.config);
      const run = async () => {
        try {
          await pulumi.runtime.runInPulumiStack(() => {
            pulumi.runtime.registerStackTransformation(monitor.opaque.observe);
            return program();
          });
        } catch (error) {
          failures.push(error);
        }
        await pulumi.runtime.disconnect();
      };
      const watch = watchForStall(monitor);
      await Promise.race([run(), watch.stalled.then(collect)]);
      watch.stop();
    });
    // Rejections that nobody handles are reported one turn of the event loop later.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", collect);
    Error.stackTraceLimit = stackTraceLimit;
    restoreEnvironment();
  }
  return failures;
}

/**
 * Gives up on a program that does not end: soon after a refusal, because the SDK never settles some of what depends on
 * a refused remote component (the engine ends the process then), and late without one.
 */
function watchForStall(monitor: RehearsalMonitor): { stalled: Promise<Error>; stop: () => void } {
  let requests = -1;
  let quiet = 0;
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<Error>((resolve) => {
    timer = setInterval(() => {
      quiet = monitor.requests === requests ? quiet + 1 : 0;
      requests = monitor.requests;
      if (quiet * stallInterval >= (monitor.refusals.length > 0 ? 200 : 10_000))
        resolve(new Error("the program does not come to an end: it waits for something that never happens"));
    }, stallInterval);
  });
  return { stalled, stop: () => clearInterval(timer) };
}

/** Milliseconds between two looks at whether a program still asks for something. */
const stallInterval = 20;

/** Takes the program's log messages: warnings are kept, the others are told by the report itself. */
function quietEngine(warnings: string[]): object {
  return {
    log(request: { getSeverity(): number; getMessage(): string }, callback: () => void) {
      if (request.getSeverity() >= 2) warnings.push(request.getMessage());
      callback();
    },
    setRootResource: (_request: unknown, callback: (error: null, response: object) => void) =>
      callback(null, {}),
    getRootResource: (_request: unknown, callback: (error: null, response: object) => void) =>
      callback(null, { getUrn: () => "" }),
  };
}

function setEnvironment(name: string, value: string): () => void {
  const before = process.env[name];
  process.env[name] = value;
  return () => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  };
}
