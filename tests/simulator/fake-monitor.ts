import * as grpc from "@grpc/grpc-js";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Properties } from "../../rehearsal/aws/properties";
import { plainObject } from "../../rehearsal/wire-values";
import { writeStruct } from "../../simulator/wire";

/** One registration as the engine received it. */
export interface Registered {
  type: string;
  name: string;
  parent: string;
  provider: string;
  protect: boolean | undefined;
  inputs: Properties;
}

/** An engine's resource monitor that writes down what is registered, and answers with ids by name. */
export class FakeMonitor {
  readonly registered: Registered[] = [];
  readonly outputs = new Map<string, Properties>();
  /** Tokens and providers of the data sources asked for. */
  readonly invoked: string[] = [];
  private readonly server = new grpc.Server();

  /** @param preview true when nothing is created, and ids are not known. */
  constructor(private readonly preview = false) {}

  /** Starts to listen and returns the address. */
  async listen(): Promise<string> {
    const handlers: grpc.UntypedServiceImplementation = {
      registerResource: unary((request: proto.RegisterResourceRequest) => this.register(request)),
      registerResourceOutputs: unary((request: proto.RegisterResourceOutputsRequest) => {
        this.outputs.set(request.getUrn(), plainObject(request.getOutputs()));
        return new Empty();
      }),
      invoke: unary((request: proto.ResourceInvokeRequest) => {
        this.invoked.push(`${request.getTok()} ${request.getProvider()}`);
        const names = ["xx-test-1a", "xx-test-1b", "xx-test-1c", "xx-test-1d"];
        return new InvokeResponse().setReturn(writeStruct({ names }));
      }),
    };
    this.server.addService(ResourceMonitorService, handlers);
    const port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, chosen) => {
        if (error === null) resolve(chosen);
        else reject(error);
      });
    });
    return `127.0.0.1:${port}`;
  }

  close(): void {
    this.server.forceShutdown();
  }

  private register(request: proto.RegisterResourceRequest): proto.RegisterResourceResponse {
    const [type, name] = [request.getType(), request.getName()];
    const inputs = plainObject(request.getObject());
    this.registered.push({
      ...{ type, name, parent: request.getParent(), provider: request.getProvider(), inputs },
      protect: request.hasProtect() ? request.getProtect() : undefined,
    });
    const response = new proto.RegisterResourceResponse()
      .setUrn(`urn:pulumi:dev::test::${type}::${name}`)
      .setObject(writeStruct(inputs));
    return request.getCustom() && !this.preview ? response.setId(`id-of-${name}`) : response;
  }
}

function unary<A, B>(handler: (request: A) => B) {
  return (call: grpc.ServerUnaryCall<A, B>, callback: grpc.sendUnaryData<B>): void =>
    callback(null, handler(call.request));
}
