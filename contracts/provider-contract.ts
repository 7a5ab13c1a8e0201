import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { contains, isPrivate } from "../common/ipv4";
import {
  accountId,
  basePath,
  hostName,
  port,
  privateAddress,
  region,
  shortName,
  vpcCidrBlock,
} from "../common/values";
import { type ContractReading, readContract } from "./reading";
import { contractVersion } from "./version";

/** Stack output of a provider's stack that carries its contract. */
export const providerContractOutput = "providerContract";

/** A health check as the gateway's load balancer runs it. */
export interface HealthCheckContract {
  protocol: "TCP" | "HTTP" | "HTTPS";
  /** Path of an HTTP or HTTPS check. */
  path?: string;
}

/** One service of a provider as the gateway sees it. */
export interface TargetContract {
  /** Addresses that the gateway dials. Over a peering connection these are the service's own addresses. */
  dialAddresses: string[];
  port: number;
  scheme: "http" | "https";
  /** Host header, TLS server name and certificate name. */
  serverName?: string;
  /** The certificate is of a private authority. */
  privateCa: boolean;
  healthCheck: HealthCheckContract;
  /** Path of the API below which the target is published. */
  basePath: string;
  /** Path at the service in front of every operation's path. */
  pathPrefix?: string;
  /** The provider's OpenAPI document, bundled. */
  openApi?: Record<string, unknown>;
}

/**
 * What a provider's stack tells the gateway's stack. Everything that decides how many resources there are, or which,
 * is plain and known from configuration; only AWS ids are inputs.
 */
export interface ProviderContract {
  /** Name of the provider in the gateway's configuration. */
  name: string;
  account: string;
  region: string;
  connection: {
    kind: "peering";
    vpcId: pulumi.Input<string>;
    cidrBlocks: string[];
    /** The connection that the provider has accepted; absent until then. */
    acceptedConnectionId?: pulumi.Input<string>;
    /** The gateway's addresses that the provider's services admit; absent until it has accepted. */
    admittedAddresses?: string[];
  };
  targets: Record<string, TargetContract>;
}

/** A provider contract as it arrives: every id is known. */
export type ReceivedProviderContract = ProviderContract & {
  connection: { vpcId: string; acceptedConnectionId?: string };
};

const targetSchema = z
  .strictObject({
    dialAddresses: z.array(privateAddress).min(1),
    port,
    scheme: z.enum(["http", "https"]),
    serverName: hostName.optional(),
    privateCa: z.boolean(),
    healthCheck: z.strictObject({
      protocol: z.enum(["TCP", "HTTP", "HTTPS"]),
      path: z.string().startsWith("/").max(1024).optional(),
    }),
    basePath,
    pathPrefix: basePath.optional(),
    openApi: z.record(z.string(), z.unknown()).optional(),
  })
  // What the gateway's components would refuse only when other resources are declared already.
  .superRefine(({ dialAddresses, scheme, serverName, privateCa, healthCheck }, ctx) => {
    const wrong = (path: string[], message: string) => ctx.addIssue({ code: "custom", path, message });
    if (new Set(dialAddresses).size < dialAddresses.length) wrong(["dialAddresses"], "an address twice");
    if (scheme === "https" && serverName === undefined) wrong(["serverName"], "needed for https");
    if (scheme === "http" && privateCa) wrong(["privateCa"], "has no effect without https");
    if (scheme === "http" && healthCheck.protocol === "HTTPS")
      wrong(["healthCheck", "protocol"], "the service speaks http");
    if (healthCheck.protocol === "TCP" && healthCheck.path !== undefined)
      wrong(["healthCheck", "path"], "has no effect on a TCP check");
  });

const schema = z
  .strictObject({
    version: z.literal(contractVersion),
    name: shortName,
    account: accountId,
    region,
    connection: z.strictObject({
      kind: z.literal("peering"),
      vpcId: z.string(),
      cidrBlocks: z.array(vpcCidrBlock).min(1),
      acceptedConnectionId: z.string().optional(),
      admittedAddresses: z.array(privateAddress).optional(),
    }),
    targets: z.record(shortName, targetSchema),
  })
  .superRefine(({ connection: { cidrBlocks }, targets }, ctx) => {
    for (const [name, { dialAddresses }] of Object.entries(targets)) {
      dialAddresses.forEach((address, index) => {
        // What is wrong with the blocks or the address by itself is told already.
        const comparable = cidrBlocks.length > 0 && isPrivate(address);
        if (!comparable || cidrBlocks.some((block) => contains(block, address))) return;
        const message = "outside of the provider's own CIDR blocks";
        ctx.addIssue({ code: "custom", path: ["targets", name, "dialAddresses", index], message });
      });
    }
  });

/** The contract as a stack output. The only writer of this direction. */
export function writeProviderContract(contract: ProviderContract): pulumi.Output<unknown> {
  return pulumi.output({ version: contractVersion, ...contract });
}

/** Reads a provider's contract from its stack. The only reader of this direction. */
export function readProviderContract(
  details: pulumi.StackReferenceOutputDetails,
  from: { provider: string; stack: string },
): ContractReading<ReceivedProviderContract> {
  return readContract(details, schema, {
    party: `provider "${from.provider}"`,
    stack: from.stack,
    output: providerContractOutput,
  });
}
