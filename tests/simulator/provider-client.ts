import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { type Properties } from "../../rehearsal/aws/properties";
import { plainObject } from "../../rehearsal/wire-values";
import { writeStruct } from "../../simulator/wire";
import { type Kind, region, types } from "../rehearsal/aws/bench";

/** A resource as the engine keeps it. */
export interface Recorded {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

type Answer<T> = (error: grpc.ServiceError | null, response: T) => void;

function answered<T>(ask: (answer: Answer<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, response) => {
      if (error === null) resolve(response);
      else reject(new Error(error.details));
    });
  });
}

/** One provider instance as the engine has it: a connection of its own, configured once. */
export class ProviderClient {
  private readonly client: ResourceProviderClient;

  constructor(port: number) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      // Clients of one process share connections otherwise, and the engine's instances do not.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
  }

  /** Configures the instance; lists and objects are JSON text, as the engine sends them. */
  async configure(configuration: Properties): Promise<this> {
    const message = new proto.ConfigureRequest().setArgs(writeStruct({ region, ...configuration }));
    await answered<proto.ConfigureResponse>((answer) => this.client.configure(message, answer));
    return this;
  }

  /** Configures the instance for one account. */
  async of(account: string, more: Properties = {}): Promise<this> {
    return this.configure({ allowedAccountIds: JSON.stringify([account]), ...more });
  }

  async check(kind: Kind, name: string, news: Properties): Promise<string[]> {
    const message = new proto.CheckRequest().setUrn(urn(kind, name)).setNews(writeStruct(news));
    const response = await answered<proto.CheckResponse>((answer) => this.client.check(message, answer));
    return response.getFailuresList().map((failure) => failure.getReason());
  }

  async diff(
    kind: Kind,
    name: string,
    olds: Recorded,
    news: Properties,
  ): Promise<proto.DiffResponse.AsObject> {
    const message = new proto.DiffRequest()
      .setUrn(urn(kind, name))
      .setId(olds.id)
      .setOldInputs(writeStruct(olds.inputs))
      .setOlds(writeStruct(olds.outputs))
      .setNews(writeStruct(news));
    return (await answered<proto.DiffResponse>((answer) => this.client.diff(message, answer))).toObject();
  }

  async create(kind: Kind, name: string, inputs: Properties, secret: string[] = []): Promise<Recorded> {
    const { id, properties } = await this.make(kind, name, inputs, { secret });
    return { id, inputs, outputs: plainObject(properties) };
  }

  /** The raw answer to a creation, secrets and all. */
  async make(
    kind: Kind,
    name: string,
    inputs: Properties,
    { secret = [], preview = false }: { secret?: string[]; preview?: boolean } = {},
  ) {
    const message = new proto.CreateRequest()
      .setUrn(urn(kind, name))
      .setPreview(preview)
      .setProperties(writeStruct(inputs, new Set(secret)));
    const response = await answered<proto.CreateResponse>((answer) => this.client.create(message, answer));
    return { id: response.getId(), properties: response.getProperties() };
  }

  async update(
    kind: Kind,
    name: string,
    olds: Recorded,
    inputs: Properties,
    preview = false,
  ): Promise<Recorded> {
    const message = new proto.UpdateRequest()
      .setUrn(urn(kind, name))
      .setId(olds.id)
      .setPreview(preview)
      .setOldInputs(writeStruct(olds.inputs))
      .setOlds(writeStruct(olds.outputs))
      .setNews(writeStruct(inputs));
    const response = await answered<proto.UpdateResponse>((answer) => this.client.update(message, answer));
    return { id: olds.id, inputs, outputs: plainObject(response.getProperties()) };
  }

  /** What a refresh finds; undefined when nothing is there. */
  async refresh(kind: Kind, olds: Recorded, secret: string[] = []) {
    const message = new proto.ReadRequest()
      .setUrn(urn(kind, "refreshed"))
      .setId(olds.id)
      .setInputs(writeStruct(olds.inputs, new Set(secret)))
      .setProperties(writeStruct(olds.outputs, new Set(secret)));
    const response = await answered<proto.ReadResponse>((answer) => this.client.read(message, answer));
    if (response.getId() === "") return undefined;
    const [inputs, outputs] = [response.getInputs(), response.getProperties()];
    return {
      ...{ id: response.getId(), inputs: plainObject(inputs), outputs: plainObject(outputs) },
      ...{ rawInputs: inputs?.toJavaScript(), rawOutputs: outputs?.toJavaScript() },
    };
  }

  /** What an import finds, which knows the id alone. */
  import(kind: Kind, id: string) {
    return this.refresh(kind, { id, inputs: {}, outputs: {} });
  }

  async delete(kind: Kind, name: string, { id, outputs }: Recorded): Promise<void> {
    const message = new proto.DeleteRequest()
      .setUrn(urn(kind, name))
      .setId(id)
      .setProperties(writeStruct(outputs));
    await answered((answer) => this.client.delete(message, answer));
  }

  async invoke(token: string, args: Properties = {}): Promise<Properties> {
    const message = new proto.InvokeRequest().setTok(token).setArgs(writeStruct(args));
    const response = await answered<proto.InvokeResponse>((answer) => this.client.invoke(message, answer));
    return plainObject(response.getReturn());
  }

  construct(message: proto.ConstructRequest): Promise<proto.ConstructResponse> {
    return answered((answer) => this.client.construct(message, answer));
  }

  close(): void {
    this.client.close();
  }
}

function urn(kind: Kind, name: string): string {
  return `urn:pulumi:dev::test::${types[kind]}::${name}`;
}
