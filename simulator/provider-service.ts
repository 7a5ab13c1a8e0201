import * as grpc from "@grpc/grpc-js";
import * as pluginProto from "@pulumi/pulumi/proto/plugin_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { AwsError } from "../rehearsal/aws/aws-error";
import { type Known, type Request } from "../rehearsal/aws/operations";
import { type Properties, sameProperty, text } from "../rehearsal/aws/properties";
import { logicalName } from "../resources/resource";
import { type Cloud } from "./cloud";
import { detailedDiff } from "./detailed-diff";
import { constructVpc } from "./construct-vpc";
import { configureInstance, type Instance } from "./provider-instances";
import { readStruct, unknownValue, writeStruct } from "./wire";

/** Newer than any release, so that the engine does not warn that the program wants another one. */
const version = "99.0.0";

type Handler<Request, Response> = (request: Request, instance: Instance) => Response | Promise<Response>;

/** What the requests about one resource have in common. */
interface About {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/**
 * The provider protocol for `aws` and `awsx` over simulated AWS. One process serves all stacks: each provider instance has a
 * connection of its own, by which its configuration is found again.
 * https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/providers/README.html
 */
export class ProviderService {
  private readonly instances = new Map<string, Instance>();

  /** @param caller the account of the credentials that this provider has; undefined when it has some for every account. */
  constructor(
    private readonly cloud: Cloud,
    private readonly caller: string | undefined,
  ) {}

  /** The handlers of the protocol's methods. */
  get implementation(): grpc.UntypedServiceImplementation {
    const bare = <A, B>(handler: (request: A, peer: string) => B | Promise<B>) => answer(handler);
    const placed = <A, B>(handler: Handler<A, B>) =>
      answer((request: A, peer: string) => handler(request, this.instanceOf(peer)));
    return {
      handshake: bare(() =>
        new providerProto.ProviderHandshakeResponse().setAcceptResources(true).setAcceptSecrets(true),
      ),
      getPluginInfo: bare(() => new pluginProto.PluginInfo().setVersion(version)),
      getSchema: bare(() => new providerProto.GetSchemaResponse().setSchema("{}")),
      attach: bare(() => new Empty()),
      cancel: bare(() => new Empty()),
      checkConfig: bare((request: providerProto.CheckRequest) =>
        new providerProto.CheckResponse().setInputs(request.getNews()),
      ),
      diffConfig: bare(diffConfig),
      configure: bare((request: providerProto.ConfigureRequest, peer) => this.configure(request, peer)),
      check: placed((request: providerProto.CheckRequest, at) => this.check(request, at)),
      diff: placed((request: providerProto.DiffRequest, at) => this.diff(request, at)),
      create: placed((request: providerProto.CreateRequest, at) => this.create(request, at)),
      read: placed((request: providerProto.ReadRequest, at) => this.read(request, at)),
      update: placed((request: providerProto.UpdateRequest, at) => this.update(request, at)),
      delete: placed((request: providerProto.DeleteRequest, at) => this.delete(request, at)),
      invoke: placed((request: providerProto.InvokeRequest, at) => this.invoke(request, at)),
      construct: bare(async (request: providerProto.ConstructRequest) => {
        const { urn, state } = await constructVpc(request);
        return new providerProto.ConstructResponse().setUrn(urn).setState(writeStruct(state));
      }),
    };
  }

  private configure(request: providerProto.ConfigureRequest, peer: string): providerProto.ConfigureResponse {
    const instance = configureInstance(readStruct(request.getArgs()).properties, this.caller);
    this.instances.set(peer, instance);
    // `awsx` is configured, too, and has no configuration of its own.
    return new providerProto.ConfigureResponse()
      .setSupportspreview(true)
      .setAcceptresources(true)
      .setAcceptsecrets(true);
  }

  private instanceOf(peer: string): Instance {
    const instance = this.instances.get(peer);
    if (instance === undefined) throw new Error("the provider is not configured");
    if (instance.refusal !== undefined) throw new AwsError("ConfigurationError", instance.refusal);
    return instance;
  }

  private check(request: providerProto.CheckRequest, at: Instance): providerProto.CheckResponse {
    const response = new providerProto.CheckResponse().setInputs(request.getNews());
    // An argument whose value is not known yet is there all the same; one that is absent is missing for good.
    try {
      this.cloud.validate(about(request, at, readStruct(request.getNews()).properties));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      response.addFailures(new providerProto.CheckFailure().setReason(error.message));
    }
    return response;
  }

  private diff(request: providerProto.DiffRequest, at: Instance): providerProto.DiffResponse {
    const news = readStruct(request.getNews());
    const olds = known(request);
    const ignored = new Set(request.getIgnorechangesList());
    const properties = { ...news.properties };
    for (const name of ignored) properties[name] = olds.inputs[name];
    const { changed, replaces, deleteFirst } = this.cloud.compare(
      about(request, at, properties),
      olds,
      news.unknown,
    );
    const response = changeResponse(changed)
      .setReplacesList(replaces)
      .setDeletebeforereplace(deleteFirst)
      .setHasdetaileddiff(true);
    detailedDiff(olds.inputs, properties, changed, replaces).forEach((difference, path) =>
      response.getDetaileddiffMap().set(path, difference),
    );
    return response;
  }

  private async create(
    request: providerProto.CreateRequest,
    at: Instance,
  ): Promise<providerProto.CreateResponse> {
    const { properties, secret, unknown } = readStruct(request.getProperties());
    const response = new providerProto.CreateResponse();
    const asked = about(request, at, properties);
    if (request.getPreview()) {
      const open = withoutValues(this.cloud.undecided(asked, undefined, unknown));
      return response.setProperties(writeStruct({ ...open, ...properties }, secret));
    }
    await this.cloud.controlPlane.admit("create", asked);
    const { id, outputs } = this.cloud.create(asked);
    return response.setId(id).setProperties(writeStruct(outputs, secret));
  }

  private async update(
    request: providerProto.UpdateRequest,
    at: Instance,
  ): Promise<providerProto.UpdateResponse> {
    const { properties, secret, unknown } = readStruct(request.getNews());
    const response = new providerProto.UpdateResponse();
    const asked = about(request, at, properties);
    if (request.getPreview()) {
      const olds = known(request);
      const open = withoutValues(this.cloud.undecided(asked, olds, unknown));
      return response.setProperties(writeStruct({ ...olds.outputs, ...open, ...properties }, secret));
    }
    await this.cloud.controlPlane.admit("update", asked, readStruct(request.getOldInputs()).properties);
    const { outputs } = this.cloud.update({ ...asked, id: request.getId() });
    return response.setProperties(writeStruct(outputs, secret));
  }

  private async read(request: providerProto.ReadRequest, at: Instance): Promise<providerProto.ReadResponse> {
    const state = readStruct(request.getProperties());
    const asked = { ...about(request, at, regionOf(state.properties)), id: request.getId() };
    await this.cloud.controlPlane.admit("read", asked);
    const found = this.cloud.read(asked);
    if (found === undefined) return new providerProto.ReadResponse();
    const given = readStruct(request.getInputs());
    const secret = new Set([...given.secret, ...state.secret]);
    // Without a state it is an import, and the inputs follow from what AWS has.
    const imported = Object.keys(state.properties).length === 0;
    const inputs = imported ? found.inputs : withDrift(given.properties, found.outputs, state.properties);
    return new providerProto.ReadResponse()
      .setId(found.id)
      .setProperties(writeStruct(found.outputs, secret))
      .setInputs(writeStruct(inputs, secret));
  }

  private async delete(request: providerProto.DeleteRequest, at: Instance): Promise<Empty> {
    const { properties } = readStruct(request.getProperties());
    const asked = { ...about(request, at, regionOf(properties)), id: request.getId() };
    await this.cloud.controlPlane.admit("delete", asked);
    this.cloud.delete(asked);
    return new Empty();
  }

  private invoke(request: providerProto.InvokeRequest, at: Instance): providerProto.InvokeResponse {
    const { properties } = readStruct(request.getArgs());
    const region = typeof properties.region === "string" ? properties.region : at.region;
    const result = this.cloud.invoke(request.getTok(), properties, { account: at.account, region });
    return new providerProto.InvokeResponse().setReturn(writeStruct(result));
  }
}

/** The request that a message means. The type and name come from the URN where the engine leaves them out. */
function about(message: About, at: Instance, inputs: Properties): Request {
  const urn = message.getUrn();
  const type = message.getType() === "" ? (urn.split("::")[2]?.split("$").pop() ?? "") : message.getType();
  const name = message.getName() === "" ? logicalName(urn) : message.getName();
  const region = inputs.region === unknownValue ? undefined : text(inputs.region);
  return { urn, type, name, account: at.account, region: region ?? at.region, inputs };
}

/** Where a resource is that need not be in its provider's region. */
function regionOf({ region }: Properties): Properties {
  return region === undefined ? {} : { region };
}

/** A resource as the engine knows it. */
function known(request: providerProto.DiffRequest | providerProto.UpdateRequest): Known {
  return {
    id: request.getId(),
    inputs: readStruct(request.getOldInputs()).properties,
    outputs: readStruct(request.getOlds()).properties,
  };
}

function withoutValues(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, unknownValue]));
}

/** Inputs after a read: where AWS has another value than the engine last saw, that is the input now. */
function withDrift(inputs: Properties, now: Properties, before: Properties): Properties {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      sameProperty(now[name], before[name]) ? value : now[name],
    ]),
  );
}

/** A provider whose account or region changes is another one: what it made is replaced. */
function diffConfig(request: providerProto.DiffRequest): providerProto.DiffResponse {
  const olds = readStruct(request.getOldInputs() ?? request.getOlds()).properties;
  const news = readStruct(request.getNews()).properties;
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = names.filter(
    (name) => !sameProperty(olds[name], news[name]) && news[name] !== unknownValue,
  );
  return changeResponse(changed).setReplacesList(changed.filter((name) => name === "region"));
}

function changeResponse(changed: string[]): providerProto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = providerProto.DiffResponse.DiffChanges;
  return new providerProto.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed);
}

/** A handler as gRPC wants it: what is thrown becomes the error that the engine shows. */
function answer<A, B>(handler: (request: A, peer: string) => B | Promise<B>) {
  return (call: grpc.ServerUnaryCall<A, B>, callback: grpc.sendUnaryData<B>): void => {
    const respond = async (): Promise<void> => {
      try {
        callback(null, await handler(call.request, call.getPeer()));
      } catch (error) {
        const details = error instanceof Error ? error.message : String(error);
        callback({ code: grpc.status.UNKNOWN, details });
      }
    };
    void respond();
  };
}
