import * as grpc from "@grpc/grpc-js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import { texts } from "../rehearsal/aws/properties";
import { type PlanResult } from "../rehearsal/awsx/plan";
import { planVpc } from "../rehearsal/awsx/vpc";
import { type Registration } from "../rehearsal/registration";
import { childRegistration, resolveRefs } from "../rehearsal/remote-component";
import { plainObject } from "../rehearsal/wire-values";
import { type Properties, type Resource } from "../resources/resource";
import { unknownValue, writeStruct } from "./wire";

/** What a construction gives back to the engine. */
export interface Constructed {
  urn: string;
  state: Properties;
}

/**
 * Makes the remote component `awsx:ec2:Vpc` as its plugin does: registers the component and its children with the engine.
 * @throws Error when the component is another one, or its arguments have a form that is not reproduced.
 */
export async function constructVpc(request: providerProto.ConstructRequest): Promise<Constructed> {
  const [type, name] = [request.getType(), request.getName()];
  if (type !== "awsx:ec2:Vpc") throw new Error(`the component ${type} is not simulated`);
  const inputs = plainObject(request.getInputs());
  const monitor = new Monitor(request);
  try {
    const plan = await planWithZones(name, inputs, monitor);
    if ("error" in plan) throw new Error(plan.error);
    if ("unsupported" in plan) throw new Error(`${type} ${name} is not simulated: ${plan.unsupported}`);
    const component = await monitor.register({
      ...{ type, name, parent: request.getParent(), custom: false, provider: "", inputs },
      ...{ dependencies: request.getDependenciesList(), propertyDependencies: {} },
    });
    const children = new Map<string, Resource>();
    for (const child of plan.children) {
      const parent = children.get(child.parent)?.urn ?? component.urn;
      const registration = childRegistration(child, parent, children, monitor.provider);
      children.set(child.key, await monitor.register(registration));
    }
    const state = resolveRefs(plan.outputs, children) as Properties;
    await monitor.registerOutputs(component.urn, state);
    return { urn: component.urn, state };
  } finally {
    monitor.close();
  }
}

/** Ends a plan that cannot go on before a region's zones are known. */
class ZonesWanted extends Error {
  constructor(readonly region: string | undefined) {
    super("the zones of the region are not known yet");
  }
}

/** The plan of the component; a zone that it needs and is not told is looked up, as the plugin does. */
async function planWithZones(name: string, inputs: Properties, monitor: Monitor): Promise<PlanResult> {
  const known = new Map<string | undefined, string[]>();
  const zonesOf = (region: string | undefined): string[] => {
    const zones = known.get(region);
    if (zones === undefined) throw new ZonesWanted(region);
    return zones;
  };
  for (;;) {
    try {
      return planVpc(name, inputs, zonesOf);
    } catch (error) {
      if (!(error instanceof ZonesWanted)) throw error;
      known.set(error.region, await monitor.zones(error.region));
    }
  }
}

/** The engine's resource monitor as a component's plugin sees it. */
class Monitor {
  private readonly client: ResourceMonitorClient;
  private readonly preview: boolean;
  private readonly protect: boolean | undefined;
  /** Reference to the AWS provider of the children; empty for the default one. */
  readonly provider: string;

  constructor(request: providerProto.ConstructRequest) {
    const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    this.client = new ResourceMonitorClient(
      request.getMonitorendpoint(),
      grpc.credentials.createInsecure(),
      limits,
    );
    this.preview = request.getDryrun();
    this.protect = request.hasProtect() ? request.getProtect() : undefined;
    this.provider = request.getProvidersMap().get("aws") ?? "";
  }

  /** Names of the zones of a region; of the provider's own when none is named. */
  async zones(region: string | undefined): Promise<string[]> {
    const message = new resourceProto.ResourceInvokeRequest()
      .setTok("aws:index/getAvailabilityZones:getAvailabilityZones")
      .setArgs(writeStruct({ region }))
      .setProvider(this.provider)
      .setAcceptresources(true);
    const response = await new Promise<providerProto.InvokeResponse>((resolve, reject) => {
      this.client.invoke(message, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
    const failures = response.getFailuresList().map((failure) => failure.getReason());
    if (failures.length > 0) throw new Error(failures.join("; "));
    return texts(plainObject(response.getReturn()).names);
  }

  async register(registration: Registration): Promise<Resource> {
    const { type, name, parent, custom, provider, dependencies, propertyDependencies, inputs } = registration;
    const message = new resourceProto.RegisterResourceRequest()
      .setType(type)
      .setName(name)
      .setParent(parent)
      .setCustom(custom)
      .setProvider(provider)
      .setDependenciesList(dependencies)
      .setObject(writeStruct(inputs))
      .setAcceptsecrets(true)
      .setAcceptresources(true);
    if (this.protect !== undefined) message.setProtect(this.protect);
    for (const [property, urns] of Object.entries(propertyDependencies)) {
      const list = new resourceProto.RegisterResourceRequest.PropertyDependencies().setUrnsList(urns);
      message.getPropertydependenciesMap().set(property, list);
    }
    const response = await new Promise<resourceProto.RegisterResourceResponse>((resolve, reject) => {
      this.client.registerResource(message, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
    const outputs = plainObject(response.getObject());
    return {
      ...{ urn: response.getUrn(), type, name, custom, external: false, parent, provider },
      ...{ dependencies, propertyDependencies, inputs },
      id: response.getId() === "" && custom && this.preview ? unknownValue : response.getId(),
      outputs: this.preview ? withUnknowns(outputs) : outputs,
    };
  }

  async registerOutputs(urn: string, outputs: Properties): Promise<void> {
    const message = new resourceProto.RegisterResourceOutputsRequest()
      .setUrn(urn)
      .setOutputs(writeStruct(outputs));
    await new Promise<void>((resolve, reject) => {
      this.client.registerResourceOutputs(message, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  close(): void {
    this.client.close();
  }
}

/** In a preview, an output that is not there is one that is not known yet. */
function withUnknowns(outputs: Properties): Properties {
  return new Proxy(outputs, {
    get: (target, name) => (name in target ? target[name as string] : unknownValue),
  });
}
