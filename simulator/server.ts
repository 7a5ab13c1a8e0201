import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { type Cloud } from "./cloud";
import { ProviderService } from "./provider-service";

/** One address at which the engine finds the simulated providers. */
export interface Endpoint {
  /** Port on the loopback interface. */
  port: number;
  close(): void;
}

/**
 * Serves the simulated providers `aws` and `awsx` on a port of the loopback interface.
 * @param caller the account of the credentials that a stack has which uses this endpoint. Absent: credentials for every
 *   account, and the account is the one that the stack's configuration allows.
 * @param port the port; 0, the default, lets the system choose.
 */
export async function serveProviders(cloud: Cloud, caller?: string, port = 0): Promise<Endpoint> {
  // What goes wrong is told to the caller, who has words for it.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(
    // The declarations type the service by method; grpc-js wants an index by name.
    ResourceProviderService,
    new ProviderService(cloud, caller).implementation,
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, chosen) => {
      if (error === null) resolve(chosen);
      else reject(error);
    });
  });
  return { port: bound, close: () => server.forceShutdown() };
}

/** The environment in which the engine uses these providers instead of plugins. */
export function providerEnvironment(endpoint: Pick<Endpoint, "port">): Record<string, string> {
  return {
    PULUMI_DEBUG_PROVIDERS: `aws:${endpoint.port},awsx:${endpoint.port}`,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
