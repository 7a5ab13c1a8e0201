import { existsSync, rmSync } from "node:fs";
import * as path from "node:path";
import {
  CommandError,
  ConcurrentUpdateError,
  type Deployment,
  type EngineEvent,
  LocalWorkspace,
  type PulumiCommand,
  Stack,
} from "@pulumi/pulumi/automation";
import { configurationFolderVariable } from "../configuration/documents";
import { type Landscape, type LandscapeStack, qualifiedName } from "../landscape/landscape";
import { repositoryFolder } from "../landscape/projects";
import { type DeploymentResult, parseDeployment } from "../resources/deployment-file";
import { errorOf, finishedStep, type ResourceStep } from "./engine-events";

/** What is done with a stack. */
export type Operation = "preview" | "up" | "refresh" | "destroy";

/** How one run of the engine ended. */
export interface EngineRun {
  outcome: "succeeded" | "failed" | "locked" | "interrupted";
  /** What the engine did, in its order. */
  steps: ResourceStep[];
  /** What went wrong, in the engine's and the program's words. */
  errors: string[];
  /** What the command wrote, for messages that no event carries. */
  output: string;
  /** Seconds from start to end. */
  seconds: number;
}

/** Everything that the commands on one landscape's stacks have in common. */
export interface EngineSettings {
  landscape: Landscape;
  command: PulumiCommand;
  /** Environment variables besides those of this process. */
  environment: Readonly<Record<string, string>>;
}

/** One stack of a landscape and the engine's commands on it, through Pulumi's Automation API. */
export class EngineStack {
  /** Fully qualified name. */
  readonly name: string;
  /** `project/stack`, as people are told. */
  readonly label: string;

  private constructor(
    readonly stack: LandscapeStack,
    private readonly workspace: LocalWorkspace,
    private readonly landscape: Landscape,
  ) {
    this.name = qualifiedName(landscape, stack);
    this.label = `${stack.project.name}/${stack.stack}`;
  }

  static async open(stack: LandscapeStack, settings: EngineSettings): Promise<EngineStack> {
    const workspace = await LocalWorkspace.create({
      workDir: path.join(repositoryFolder, stack.project.folder),
      pulumiCommand: settings.command,
      envVars: {
        ...settings.environment,
        ...stack.environment,
        [configurationFolderVariable]: path.dirname(stack.file),
      },
    });
    return new EngineStack(stack, lean(workspace), settings.landscape);
  }

  /** Runs an operation to its end. Never throws for what the engine refuses. */
  async run(
    operation: Operation,
    options: {
      onStep?: (step: ResourceStep) => void;
      /** Asks the engine to finish what it is doing and to stop. */
      signal?: AbortSignal;
      /** Only these resources are worked on. Defaults to all. */
      target?: string[];
    } = {},
  ): Promise<EngineRun> {
    const started = Date.now();
    const steps: ResourceStep[] = [];
    const errors: string[] = [];
    const onEvent = (event: EngineEvent): void => {
      const step = finishedStep(event, operation === "preview");
      if (step !== undefined) {
        steps.push(step);
        options.onStep?.(step);
      }
      const error = errorOf(event);
      if (error !== undefined) errors.push(error);
    };
    const end = (outcome: EngineRun["outcome"], output: string): EngineRun => ({
      ...{ outcome, steps, errors, output },
      seconds: (Date.now() - started) / 1000,
    });
    const { signal, target } = options;
    const common = {
      ...{ onEvent, configFile: this.stack.file, color: "never" as const },
      ...(signal === undefined ? {} : { signal }),
      ...(target === undefined ? {} : { target }),
    };
    try {
      const stack = await Stack.select(this.name, this.workspace);
      const { stdout } = await this.tidily<{ stdout: string }>(() => stack[operation](common));
      return end("succeeded", stdout);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (error instanceof ConcurrentUpdateError) return end("locked", error.message);
      return end(signal?.aborted === true ? "interrupted" : "failed", error.message);
    }
  }

  /** The stack's state as the engine keeps it. */
  async export(): Promise<Deployment> {
    return this.tidily(() => this.workspace.exportStack(this.name));
  }

  /**
   * Commands that take no configuration file make up how secrets are encrypted where they find none in the project's folder,
   * and write that down there. The operator's own file has it, so theirs goes again.
   */
  private async tidily<T>(work: () => Promise<T>): Promise<T> {
    const foreign = existsSync(this.configurationFile);
    try {
      return await work();
    } finally {
      if (!foreign) rmSync(this.configurationFile, { force: true });
    }
  }

  /** The configuration file that the engine expects in the project's folder, where the operator's own is not used. */
  get configurationFile(): string {
    return path.join(this.workspace.workDir, `Pulumi.${this.stack.stack}.yaml`);
  }

  /** Puts a state in the place of the stack's own; what the engine says when the stack is locked. */
  async import(state: Deployment): Promise<{ locked?: string }> {
    try {
      await this.tidily(() => this.workspace.importStack(this.name, state));
      return {};
    } catch (error) {
      if (error instanceof ConcurrentUpdateError) return { locked: error.message };
      throw error;
    }
  }

  /** How the last operation that changed the stack ended; undefined for a stack that has seen none. */
  async lastResult(): Promise<string | undefined> {
    const stack = await Stack.select(this.name, this.workspace);
    return this.tidily(async () => (await stack.info(false))?.result);
  }

  /** Fully qualified names of all stacks that the backend shows. */
  async list(): Promise<string[]> {
    const all = await this.workspace.listStacks({ all: true });
    // The command line leaves out what goes without saying: the organization, and this project.
    return all.map(({ name }) => {
      const parts = name.split("/");
      const stack = parts.pop() ?? "";
      const project = parts.pop() ?? this.stack.project.name;
      return `${parts.pop() ?? this.landscape.organization}/${project}/${stack}`;
    });
  }

  /** Creates the stack. The engine selects it, too: its command to create one without that is not in the Automation API. */
  async create(): Promise<void> {
    await this.workspace.createStack(this.name);
  }

  /** Removes the lock of an update that does not run any more. */
  async cancel(): Promise<void> {
    const stack = await Stack.select(this.name, this.workspace);
    await stack.cancel();
  }
}

/** The resources of an exported state; a stack without resources has none. */
export function resourcesOf(state: Deployment, name: string): DeploymentResult {
  return parseDeployment(JSON.stringify(state), name);
}

/**
 * The workspace without what the driver has no use for: selecting a stack would change what the operator has selected, and
 * outputs are read from the exported state, which needs one call of the command line instead of two.
 */
function lean(workspace: LocalWorkspace): LocalWorkspace {
  const overrides: Pick<LocalWorkspace, "selectStack" | "stackOutputs"> = {
    selectStack: () => Promise.resolve(),
    stackOutputs: () => Promise.resolve({}),
  };
  return Object.assign(Object.create(workspace) as LocalWorkspace, overrides);
}
