import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { isDeepStrictEqual } from "node:util";
import { hidesSecret, type Properties, type Resource } from "../resources/resource";
import { AwsError, type SimulatedAws } from "./aws/simulated-aws";
import { opaqueText } from "./aws/opaque";
import { opaqueVpc } from "./awsx/opaque-vpc";
import { type ComponentPlan } from "./awsx/plan";
import { planVpc } from "./awsx/vpc";
import { OpaqueOutputs } from "./opaque-outputs";
import { awsProvider, defaultProviderInputs, defaultProviderName, placementOf } from "./provider-config";
import { declaredBy, readBy, type Registration } from "./registration";
import { childRegistration, resolveRefs } from "./remote-component";
import { type Change, fullName, type NotSimulated, type Refusal, type StackState } from "./stack-state";
import { plainObject } from "./wire-values";

type Callback<T> = (error: Error | null, response: T | undefined) => void;

/**
 * The engine's resource monitor for one run of one stack's program, in process and against simulated AWS. It does what
 * the engine does with a registration: URN, provider, the call to the provider, and the record in the stack's state.
 */
export class RehearsalMonitor {
  /** Resources in the order of registration. */
  readonly resources = new Map<string, Resource>();
  readonly changes = new Map<string, Change>();
  readonly refusals: Refusal[] = [];
  readonly notSimulated: NotSimulated[] = [];
  readonly references = new Set<string>();
  readonly opaque = new OpaqueOutputs();
  outputs: Properties = {};
  /** How much has been asked so far. */
  requests = 0;

  private readonly before: Map<string, Resource>;
  /** What outputs of components name although it is no resource of the stack. */
  private readonly placeholders = new Map<string, Resource>();

  constructor(
    private readonly stack: StackState,
    private readonly aws: SimulatedAws,
    private readonly backend: ReadonlyMap<string, StackState>,
  ) {
    this.before = new Map(stack.resources.map((resource) => [resource.urn, resource]));
  }

  registerResource(
    request: resourceProto.RegisterResourceRequest,
    callback: Callback<resourceProto.RegisterResourceResponse>,
  ): void {
    this.answer(callback, request.getType(), request.getName(), () => {
      const registration = declaredBy(request);
      const resource = request.getRemote()
        ? this.construct(registration, request.getProvidersMap().get("aws"))
        : this.register(registration);
      const response = new resourceProto.RegisterResourceResponse();
      response.setUrn(resource.urn);
      response.setId(resource.id);
      response.setObject(this.shown(resource));
      return response;
    });
  }

  readResource(
    request: resourceProto.ReadResourceRequest,
    callback: Callback<resourceProto.ReadResourceResponse>,
  ): void {
    this.answer(callback, request.getType(), request.getName(), () => {
      const registration = readBy(request);
      const resource =
        registration.type === "pulumi:pulumi:StackReference"
          ? this.refer(registration)
          : this.read(registration, request.getId());
      const response = new resourceProto.ReadResourceResponse();
      response.setUrn(resource.urn);
      response.setProperties(this.shown(resource));
      return response;
    });
  }

  registerResourceOutputs(
    request: resourceProto.RegisterResourceOutputsRequest,
    callback: Callback<Record<string, never>>,
  ): void {
    this.requests += 1;
    const outputs = plainObject(request.getOutputs());
    const resource = this.resources.get(request.getUrn());
    if (resource !== undefined) resource.outputs = outputs;
    if (resource?.type === "pulumi:pulumi:Stack") this.outputs = outputs;
    callback(null, {});
  }

  invoke(
    request: resourceProto.ResourceInvokeRequest,
    callback: Callback<providerProto.InvokeResponse>,
  ): void {
    this.answer(callback, request.getTok(), "", () => {
      const args = plainObject(request.getArgs());
      const response = new providerProto.InvokeResponse();
      response.setReturn(
        Struct.fromJavaScript(this.invokeFunction(request, args) as Record<string, JavaScriptValue>),
      );
      return response;
    });
  }

  supportsFeature(request: resourceProto.SupportsFeatureRequest, callback: Callback<unknown>): void {
    // As under the SDK's own mocks: outputs stay plain values, and there is no server for callbacks.
    const unsupported = ["outputValues", "transforms", "invokeTransforms"];
    callback(null, { getHassupport: () => !unsupported.includes(request.getId()) });
  }

  registerPackage(_request: unknown, callback: Callback<resourceProto.RegisterPackageResponse>): void {
    const response = new resourceProto.RegisterPackageResponse();
    response.setRef("package");
    callback(null, response);
  }

  private answer<T>(callback: Callback<T>, type: string, name: string, work: () => T): void {
    this.requests += 1;
    let response: T;
    try {
      response = work();
    } catch (error) {
      const code = error instanceof AwsError ? error.code : "ProgramError";
      const message = error instanceof Error ? error.message : String(error);
      this.refusals.push({ resource: name === "" ? type : `${type} ${name}`, code, message });
      callback(error instanceof Error ? error : new Error(message), undefined);
      return;
    }
    callback(null, response);
  }

  private invokeFunction(request: resourceProto.ResourceInvokeRequest, args: Properties): Properties {
    if (request.getTok() === "pulumi:pulumi:getResource") {
      const urn = String(args.urn);
      const resource = this.resources.get(urn) ?? this.placeholders.get(urn);
      if (resource === undefined) throw new Error(`unknown resource ${urn}`);
      return { urn, id: resource.id, state: this.opaque.shown(resource) };
    }
    const { account, region } = this.placement(this.providerOf(request.getProvider()));
    return this.aws.invoke(request.getTok(), args, account, region);
  }

  /** A resource or component that the program declares. */
  private register(registration: Registration): Resource {
    const { type, custom } = registration;
    if (type.startsWith("pulumi:providers:")) return this.registerProvider(registration);
    const resource = this.describe(registration, custom);
    if (!custom) {
      resource.outputs = resource.inputs;
      return this.record(resource, this.compare(resource));
    }
    if (!type.startsWith("aws:")) {
      this.notReproduced(resource, "the type belongs to a provider that is not simulated");
      const before = this.before.get(resource.urn);
      return this.record(
        { ...resource, id: before?.id ?? opaqueText(resource.urn), outputs: resource.inputs },
        this.compare(resource),
      );
    }
    const provider = this.providerOf(registration.provider);
    const { account, region } = this.placement(provider);
    const applied = this.aws.put({
      urn: resource.urn,
      type,
      name: resource.name,
      account,
      region,
      inputs: resource.inputs,
      replace: this.mustReplace(resource, registration),
    });
    if (!this.aws.knows(type)) this.notReproduced(resource, "the type is not simulated");
    else if (applied.unchecked) this.notReproduced(resource, "it depends on what is not simulated");
    return this.record(
      {
        ...resource,
        id: applied.id,
        outputs: applied.outputs,
        provider: referenceTo(provider),
        account,
        region,
      },
      applied.change,
    );
  }

  /** Whether the engine would replace the resource for the sake of its options, before it asks the provider. */
  private mustReplace(
    resource: Resource,
    { replaceOnChanges = [], replaceWith = [] }: Registration,
  ): boolean {
    const before = this.before.get(resource.urn);
    if (before === undefined) return false;
    const differs = (path: string) => !isDeepStrictEqual(at(before.inputs, path), at(resource.inputs, path));
    return replaceOnChanges.some(differs) || replaceWith.some((urn) => this.changes.get(urn) === "replace");
  }

  private registerProvider(registration: Registration): Resource {
    const provider = awsProvider(this.stack, registration.name, registration.inputs);
    const resource = { ...this.describe(registration, true), id: provider.id, outputs: registration.inputs };
    return this.record({ ...resource, ...placementOf(registration.inputs) }, this.compare(resource));
  }

  /** A remote component: its children are what its plugin would create. */
  private construct(registration: Registration, awsProviderReference: string | undefined): Resource {
    const component = this.describe(registration, false);
    if (registration.type !== "awsx:ec2:Vpc") {
      this.passComponent(component, "the component is not simulated");
      component.outputs = { ...this.opaque.of(component.urn, component.type), ...component.inputs };
      return component;
    }
    const zonesOf = (region: string | undefined): string[] => {
      const own = this.placement(this.providerOf(awsProviderReference ?? ""));
      const name = "aws:index/getAvailabilityZones:getAvailabilityZones";
      return this.aws.invoke(name, {}, own.account, region ?? own.region).names as string[];
    };
    const plan = planVpc(registration.name, registration.inputs, zonesOf);
    if ("error" in plan) throw new Error(plan.error);
    if ("unsupported" in plan) {
      this.passComponent(component, plan.unsupported);
      component.outputs = this.opaqueOutputs(component, opaqueVpc(registration.name, registration.inputs));
      return component;
    }
    this.record(component, this.compare(component));
    const children = new Map<string, Resource>();
    for (const child of plan.children) {
      const parent = children.get(child.parent)?.urn ?? component.urn;
      const registration = childRegistration(child, parent, children, awsProviderReference ?? "");
      children.set(child.key, this.register(registration));
    }
    component.outputs = resolveRefs(plan.outputs, children) as Properties;
    return component;
  }

  /** A component whose children are not known: those that a deployment file has stay as they are. */
  private passComponent(component: Resource, reason: string): void {
    this.notReproduced(component, reason);
    this.record(component, this.compare(component));
    const family = new Set([component.urn]);
    for (const resource of this.before.values()) {
      if (resource.parent === undefined || !family.has(resource.parent)) continue;
      family.add(resource.urn);
      this.record(resource, "same");
    }
  }

  /** The outputs of a plan whose children are no resources of the stack. */
  private opaqueOutputs(component: Resource, plan: ComponentPlan): Properties {
    const children = new Map(
      plan.children.map(({ key, type, name }) => {
        const urn = this.urnOf(component.urn, type, name);
        const parent = component.urn;
        return [key, { ...component, urn, type, name, parent, id: opaqueText(urn), custom: true }];
      }),
    );
    for (const child of children.values()) this.placeholders.set(child.urn, child);
    return resolveRefs(plan.outputs, children) as Properties;
  }

  private notReproduced({ urn, type }: Resource, reason: string): void {
    this.notSimulated.push({ resource: urn, type, reason });
  }

  /** A resource's outputs as an answer to the program. */
  private shown(resource: Resource): Struct {
    return Struct.fromJavaScript(this.opaque.shown(resource) as Record<string, JavaScriptValue>);
  }

  private read(registration: Registration, id: string): Resource {
    const resource = this.describe(registration, true);
    const provider = this.providerOf(registration.provider);
    const { account, region } = this.placement(provider);
    if (!this.aws.knows(resource.type)) this.notReproduced(resource, "the type is not simulated");
    const found = this.aws.read({
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      account,
      region,
      id,
    });
    return this.record(
      {
        ...resource,
        id,
        external: true,
        outputs: found.outputs,
        provider: referenceTo(provider),
        account,
        region,
      },
      "same",
    );
  }

  private refer(registration: Registration): Resource {
    const name = String(registration.inputs.name);
    const referred = this.backend.get(name);
    if (referred === undefined) throw new Error(`unknown stack "${name}"`);
    this.references.add(name);
    const resource = { ...this.describe(registration, true), id: name, external: true };
    const secret = Object.keys(referred.outputs).filter((key) => hidesSecret(referred.outputs[key]));
    const outputs = Object.fromEntries(
      Object.entries(referred.outputs).map(([key, value]) => [key, secret.includes(key) ? "secret" : value]),
    );
    resource.outputs = { name, outputs, secretOutputNames: secret };
    return this.record(resource, "same");
  }

  private describe(registration: Registration, custom: boolean): Resource {
    const { type, name, parent, inputs } = registration;
    // What depends on a child that is no resource depends on the component.
    const known = (urns: string[]) => [
      ...new Set(urns.map((urn) => this.placeholders.get(urn)?.parent ?? urn)),
    ];
    const propertyDependencies = Object.fromEntries(
      Object.entries(registration.propertyDependencies).map(([key, urns]) => [key, known(urns)]),
    );
    const urn = this.urnOf(parent, type, name);
    if (this.resources.has(urn))
      throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    return {
      urn,
      type,
      name,
      id: "",
      custom,
      external: false,
      ...(parent === "" ? {} : { parent }),
      dependencies: known(registration.dependencies),
      propertyDependencies,
      inputs,
      outputs: {},
    };
  }

  private record(resource: Resource, change: Change): Resource {
    this.resources.set(resource.urn, resource);
    this.changes.set(resource.urn, change);
    return resource;
  }

  private compare(resource: Resource): Change {
    const before = this.before.get(resource.urn);
    if (before === undefined) return "create";
    return isDeepStrictEqual(before.inputs, resource.inputs) ? "same" : "update";
  }

  private urnOf(parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2] ?? "";
    const qualified =
      parentType === "" || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
    return `urn:pulumi:${this.stack.stack}::${this.stack.project}::${qualified}::${name}`;
  }

  /** The provider that a resource names, or the stack's default one, which comes into being when it is first used. */
  private providerOf(reference: string): Resource {
    const named = this.resources.get(reference.split("::").slice(0, 4).join("::"));
    if (named !== undefined) return named;
    const disabled = this.stack.config["pulumi:disable-default-providers"];
    if (
      disabled !== undefined &&
      (JSON.parse(disabled) as string[]).some((name) => name === "aws" || name === "*")
    ) {
      throw new Error(
        `Default provider for 'aws' disabled in stack ${fullName(this.stack)}. A resource must use an explicit provider.`,
      );
    }
    const provider = awsProvider(this.stack, defaultProviderName, defaultProviderInputs(this.stack.config));
    const known = this.resources.get(provider.urn);
    if (known !== undefined) return known;
    return this.record(provider, this.compare(provider));
  }

  private placement(provider: Resource): { account: string; region: string } {
    const { account, region } = placementOf(provider.inputs);
    if (account === undefined || region === undefined) {
      throw new Error(
        `provider ${provider.name} has no region, or not exactly one allowedAccountIds: simulated AWS cannot tell which account it acts in`,
      );
    }
    return { account, region };
  }
}

/** The value at a property path such as `tags.Name`. */
function at(inputs: Properties, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Properties | undefined)?.[key], inputs);
}

function referenceTo(provider: Resource): string {
  return `${provider.urn}::${provider.id}`;
}
