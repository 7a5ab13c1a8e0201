import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as pulumi from "@pulumi/pulumi";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { getStore, withLocalStorage } from "../../rehearsal/sdk-internals";
import { inventOutputs } from "./invented-outputs";

export type Values = Record<string, unknown>;

/** One registration as the program asked for it. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; empty for the stack's own resource. */
  parent: string;
  /** Name of the explicit provider, `default` for none. */
  provider: string;
  custom: boolean;
  remote: boolean;
  /** Physical id that is read, for a resource of somebody else. */
  reads?: string;
  inputs: Values;
  outputs: Values;
  dependencies: string[];
  replaceWith: string[];
  replaceOnChanges: string[];
}

export interface RunOptions {
  project?: string;
  stack?: string;
  /** Configuration, `namespace:key` to text. */
  config?: Record<string, string>;
  /** Computed outputs are unknown, as in a preview of a stack that is not deployed. */
  preview?: boolean;
  /** Outputs of other stacks by fully qualified name. */
  stacks?: Record<string, { outputs: Values; secrets?: string[] }>;
  /** More text in ids, for a program whose resources get other ids. */
  idSuffix?: string;
  /** Ids of single resources by logical name, in place of the invented ones. */
  ids?: Record<string, string>;
}

export interface Run {
  resources: Registration[];
  /** The program's outputs. */
  outputs: Values;
  /** Log messages with their severity: 1 info, 2 warning, 3 error. */
  log: { severity: number; message: string }[];
  /** Everything that was thrown or rejected, inside `apply` too. */
  failures: Error[];
}

/** What stands for a value that is not known yet, between program and engine. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const resourceSignature = {
  "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
  packageVersion: "",
};
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

type Callback<T> = (error: Error | null, response?: T) => void;

class RecordingMonitor {
  readonly resources = new Map<string, Registration>();
  readonly failures: Error[] = [];
  outputs: Values = {};
  /** Children of remote components, which a program gets as references. */
  private readonly hidden = new Map<string, { id: string; state: Values }>();

  constructor(
    private readonly project: string,
    private readonly stack: string,
    private readonly options: RunOptions,
  ) {}

  registerResource(
    request: resourceProto.RegisterResourceRequest,
    callback: Callback<resourceProto.RegisterResourceResponse>,
  ): void {
    this.answer(callback, () => {
      const resource = this.record(request, plain(request.getObject()), {
        custom: request.getCustom(),
        remote: request.getRemote(),
        replaceWith: request.getReplaceWithList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        provider: request.getProvider() || String(request.getProvidersMap().get("aws") ?? ""),
      });
      const invented = inventOutputs(resource, (name) => this.idOf(name));
      for (const child of invented.children) {
        const urn = this.urnOf(resource.urn, child.type, child.name);
        this.hidden.set(urn, { id: child.id, state: { id: child.id } });
        child.urn = urn;
      }
      const preview = this.options.preview === true;
      const references = invented.children.map(({ urn, id }) => ({ ...resourceSignature, urn, id }));
      resource.outputs = {
        ...resource.inputs,
        ...(preview ? {} : invented.outputs),
        ...(preview || references.length === 0 ? {} : { routeTables: references }),
      };
      const response = new resourceProto.RegisterResourceResponse();
      response.setUrn(resource.urn);
      response.setId(preview || !resource.custom ? "" : this.idOf(resource.name, resource.type));
      response.setObject(struct(resource.outputs));
      return response;
    });
  }

  readResource(
    request: resourceProto.ReadResourceRequest,
    callback: Callback<resourceProto.ReadResourceResponse>,
  ): void {
    this.answer(callback, () => {
      const resource = this.record(request, plain(request.getProperties()), {
        custom: true,
        remote: false,
        replaceWith: [],
        replaceOnChanges: [],
        provider: request.getProvider(),
        reads: request.getId(),
      });
      if (resource.type === "pulumi:pulumi:StackReference") resource.outputs = this.refer(resource.inputs);
      else resource.outputs = { ...resource.inputs };
      const response = new resourceProto.ReadResourceResponse();
      response.setUrn(resource.urn);
      response.setProperties(struct(resource.outputs));
      return response;
    });
  }

  registerResourceOutputs(
    request: resourceProto.RegisterResourceOutputsRequest,
    callback: Callback<Record<string, never>>,
  ): void {
    const resource = this.resources.get(request.getUrn());
    const outputs = plain(request.getOutputs());
    if (resource !== undefined) resource.outputs = outputs;
    if (resource?.type === "pulumi:pulumi:Stack") this.outputs = outputs;
    callback(null, {});
  }

  invoke(
    request: resourceProto.ResourceInvokeRequest,
    callback: Callback<providerProto.InvokeResponse>,
  ): void {
    this.answer(callback, () => {
      const { urn } = plain(request.getArgs()) as { urn?: string };
      const found = request.getTok() === "pulumi:pulumi:getResource" ? this.hidden.get(urn ?? "") : undefined;
      if (found === undefined) throw new Error(`unexpected call of ${request.getTok()}`);
      const response = new providerProto.InvokeResponse();
      response.setReturn(struct({ urn, ...found }));
      return response;
    });
  }

  supportsFeature(request: resourceProto.SupportsFeatureRequest, callback: Callback<unknown>): void {
    const unsupported = ["outputValues", "transforms", "invokeTransforms"];
    callback(null, { getHassupport: () => !unsupported.includes(request.getId()) });
  }

  registerPackage(_request: unknown, callback: Callback<resourceProto.RegisterPackageResponse>): void {
    const response = new resourceProto.RegisterPackageResponse();
    response.setRef("package");
    callback(null, response);
  }

  private answer<T>(callback: Callback<T>, work: () => T): void {
    let response: T;
    try {
      response = work();
    } catch (error) {
      this.failures.push(error as Error);
      callback(error as Error);
      return;
    }
    callback(null, response);
  }

  private record(
    request: {
      getType(): string;
      getName(): string;
      getParent(): string;
      getDependenciesList(): string[];
    },
    inputs: Values,
    more: Pick<Registration, "custom" | "remote" | "replaceWith" | "replaceOnChanges" | "provider" | "reads">,
  ): Registration {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const urn = this.urnOf(parent, type, name);
    if (this.resources.has(urn)) throw new Error(`registered twice: ${urn}`);
    const resource: Registration = {
      urn,
      type,
      name,
      parent,
      ...more,
      provider: more.provider === "" ? "default" : (more.provider.split("::")[3] ?? ""),
      inputs,
      outputs: {},
      dependencies: [...request.getDependenciesList()].sort(),
      replaceWith: [...more.replaceWith].sort(),
    };
    this.resources.set(urn, resource);
    return resource;
  }

  private refer(inputs: Values): Values {
    const name = String(inputs.name);
    const referred = this.options.stacks?.[name];
    if (referred === undefined) throw new Error(`unknown stack "${name}"`);
    return { name, outputs: referred.outputs, secretOutputNames: referred.secrets ?? [] };
  }

  private idOf(name: string, type = ""): string {
    if (type === "pulumi:providers:aws") return "00000000-0000-4000-8000-000000000000";
    return this.options.ids?.[name] ?? `${name}-id${this.options.idSuffix ?? ""}`;
  }

  private urnOf(parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2] ?? "";
    const outer = parentType === "" || parentType === "pulumi:pulumi:Stack" ? "" : `${parentType}$`;
    return `urn:pulumi:${this.stack}::${this.project}::${outer}${type}::${name}`;
  }
}

/** Runs a program once against invented answers. Nothing is thrown: what failed stands in the result. */
export async function run(program: () => Promise<Values> | Values, options: RunOptions = {}): Promise<Run> {
  const { project = "project", stack = "dev" } = options;
  const monitor = new RecordingMonitor(project, stack, options);
  const log: Run["log"] = [];
  const failures: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => failures.push(reason));
  const { stackTraceLimit } = Error;
  // The SDK keeps a stack trace for every promise, which takes most of the time.
  Error.stackTraceLimit = 0;
  try {
    await withLocalStorage(async () => {
      pulumi.runtime.setMockOptions(monitor, project, stack, options.preview === true, "organization");
      Object.assign(getStore(), {
        supportsSecrets: true,
        supportsResourceReferences: true,
        supportsOutputValues: false,
        supportsDeletedWith: true,
        supportsReplaceWith: true,
        supportsAliasSpecs: true,
        supportsParameterization: true,
      });
      getStore().settings.engine = engine(log);
      pulumi.runtime.setAllConfig({ ...options.config });
      try {
        await pulumi.runtime.runInPulumiStack(async () => program());
      } catch (error) {
        failures.push(error);
      }
      await pulumi.runtime.disconnect();
    });
    // Rejections that nobody handles are reported one turn of the event loop later.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
    Error.stackTraceLimit = stackTraceLimit;
  }
  return {
    resources: [...monitor.resources.values()],
    outputs: monitor.outputs,
    log,
    failures: distinct([...monitor.failures, ...failures]),
  };
}

/** Runs a program that is expected to succeed; anything thrown or rejected fails the test. */
export async function succeed(
  program: () => Promise<Values> | Values,
  options: RunOptions = {},
): Promise<Run> {
  const result = await run(program, options);
  if (result.failures[0] !== undefined) throw result.failures[0];
  return result;
}

/** One failure rejects several promises: each is told once. */
function distinct(failures: unknown[]): Error[] {
  const errors = failures.map((failure) => (failure instanceof Error ? failure : new Error(String(failure))));
  return errors.filter(
    (error, index) => errors.findIndex(({ message }) => message === error.message) === index,
  );
}

function engine(log: Run["log"]): object {
  type Message = { getSeverity(): number; getMessage(): string };
  return {
    log(request: Message, callback: () => void) {
      const severity = request.getSeverity();
      if (severity > 0) log.push({ severity, message: request.getMessage() });
      callback();
    },
    setRootResource: (_request: unknown, callback: Callback<object>) => callback(null, {}),
    getRootResource: (_request: unknown, callback: Callback<object>) => callback(null, { getUrn: () => "" }),
  };
}

function struct(values: Values): Struct {
  return Struct.fromJavaScript(values as Record<string, JavaScriptValue>);
}

function plain(value: Struct | undefined): Values {
  return value === undefined ? {} : (unwrapped(value.toJavaScript()) as Values);
}

/** The value with resources written as their URN and secrets as what they hold. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Values;
  if (object[signature] === secretSignature) return unwrapped(object.value);
  return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, unwrapped(part)]));
}
