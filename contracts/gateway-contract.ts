import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { accountId, privateAddress, region, vpcCidrBlock } from "../common/values";
import { type ContractReading, readContract } from "./reading";
import { contractVersion } from "./version";

/** Stack output of the gateway's stack that carries its contract. */
export const gatewayContractOutput = "gatewayContract";

/** What the gateway's stack tells all provider stacks. */
export interface GatewayContract {
  account: string;
  region: string;
  vpcId: pulumi.Input<string>;
  cidrBlocks: string[];
  /** The balancers' pinned addresses: by balancer, by zone. */
  balancers: Record<string, Record<string, string>>;
  /** Balancer of each target, by target; a target with a balancer of its own has one of its own name. */
  placements: Record<string, string>;
  /** For each provider: the connection that the gateway has requested, and the addresses that its services must admit. */
  providers: Record<string, { connectionId: pulumi.Input<string>; sourceAddresses: string[] }>;
}

/** A gateway contract as it arrives: every id is known. */
export type ReceivedGatewayContract = Omit<GatewayContract, "vpcId" | "providers"> & {
  vpcId: string;
  providers: Record<string, { connectionId: string; sourceAddresses: string[] }>;
};

const schema = z.strictObject({
  version: z.literal(contractVersion),
  account: accountId,
  region,
  vpcId: z.string(),
  cidrBlocks: z.array(vpcCidrBlock).min(1),
  balancers: z.record(z.string(), z.record(z.string(), privateAddress)),
  placements: z.record(z.string(), z.string()),
  providers: z.record(
    z.string(),
    z.strictObject({ connectionId: z.string(), sourceAddresses: z.array(privateAddress).min(1) }),
  ),
});

/** The contract as a stack output. The only writer of this direction. */
export function writeGatewayContract(contract: GatewayContract): pulumi.Output<unknown> {
  return pulumi.output({ version: contractVersion, ...contract });
}

/** Reads the gateway's contract from its stack. The only reader of this direction. */
export function readGatewayContract(
  details: pulumi.StackReferenceOutputDetails,
  from: { stack: string },
): ContractReading<ReceivedGatewayContract> {
  return readContract(details, schema, {
    party: "the gateway",
    stack: from.stack,
    output: gatewayContractOutput,
  });
}
