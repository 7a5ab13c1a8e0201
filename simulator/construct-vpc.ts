import * as grpc from "@grpc/grpc-js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type * as providerProto from "@pulumi/pulumi/proto/provider_pb";
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
  const plan = planVpc(name, inputs);
  if ("error" in plan) throw new Error(plan.error);
  if ("unsupported" in plan) throw new Error(`${type} ${name} is not simulated: ${plan.unsupported}`);
  const monitor = new Monitor(request);
  try {
    const component = await monitor.register({
      ...{ type, name, parent: request.getParent(), custom: false, provider: "", inputs },
      ...{ dependencies: request.getDependenciesList(), propertyDependencies: {} },
    });
    const children = new Map<string, Resource>();
    const provider = request.getProvidersMap().get("aws") ?? "";
    for (const child of plan.children) {
      const parent = children.get(child.parent)?.urn ?? component.urn;
      children.set(child.key, await monitor.register(childRegistration(child, parent, children, provider)));
    }
    const state = resolveRefs(plan.outputs, children) as Properties;
    await monitor.registerOutputs(component.urn, state);
    return { urn: component.urn, state };
  } finally {
    monitor.close();
  }
}

/** The engine's resource monitor as a component's plugin sees it. */
class Monitor {
  private readonly client: ResourceMonitorClient;
  private readonly preview: boolean;

  constructor(request: providerProto.ConstructRequest) {
    const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    this.client = new ResourceMonitorClient(
      request.getMonitorendpoint(),
      grpc.credentials.createInsecure(),
      limits,
    );
    this.preview = request.getDryrun();
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
