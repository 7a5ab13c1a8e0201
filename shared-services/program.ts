import * as pulumi from "@pulumi/pulumi";
import { Collector } from "../common/collector";
import { type Problem } from "../common/problems";
import { mapEntries, sortedEntries } from "../common/records";
import { stopOnProblems } from "../configuration/failure";
import { type GatewayConfig, readGatewayConfig } from "../configuration/gateway-config";
import { holdBack } from "../configuration/hold-back";
import { planGateway, replacementProblems } from "../configuration/plan-gateway";
import {
  gatewayContractOutput,
  type ReceivedGatewayContract,
  readGatewayContract,
  writeGatewayContract,
} from "../contracts/gateway-contract";
import {
  providerContractOutput,
  type ReceivedProviderContract,
  readProviderContract,
} from "../contracts/provider-contract";
import { readOutput, readOwnOutput } from "../contracts/references";
import { registerOwnerTags } from "../ownership/owner-tags";
import { gateway } from "./gateway";

/**
 * The program of the gateway's stack: reads its configuration and every provider's contract, stops with all problems
 * before the first resource, and declares the gateway for the providers whose contracts are there.
 */
export async function sharedServices(): Promise<Record<string, unknown>> {
  const project = pulumi.getProject();
  const collector = new Collector();
  const config = readGatewayConfig(pulumi.runtime.allConfig(), project, collector);
  stopOnProblems(collector.problems, "The configuration of the gateway's stack has mistakes");
  const complete = config as GatewayConfig;

  const before = await readLastContract();
  const { contracts, waitingFor, problems } = await readContracts(complete, before);
  const { plan, problems: planProblems, warnings } = planGateway(complete, contracts, project);
  problems.push(...planProblems, ...replacementProblems(before?.balancers ?? {}, plan, project));
  const admitted = mapEntries(contracts, (_name, { connection }) => connection.admittedAddresses ?? []);
  const held = holdBack(plan, before, admitted, project);
  problems.push(...held.problems);
  waitingFor.push(...held.waitingFor);
  stopOnProblems(problems, "The gateway's stack cannot be deployed");

  for (const warning of warnings) await pulumi.log.warn(warning);
  for (const reason of waitingFor) await pulumi.log.info(`Waiting: ${reason}`);
  registerOwnerTags();
  const { contract, api } = gateway(complete, contracts, held.plan);
  return {
    [gatewayContractOutput]: writeGatewayContract(contract),
    waitingFor,
    ...(api === undefined ? {} : { url: api.url }),
  };
}

async function readLastContract(): Promise<ReceivedGatewayContract | undefined> {
  const own = `${pulumi.getProject()}/${pulumi.getStack()}`;
  const reading = readGatewayContract(await readOwnOutput(gatewayContractOutput), { stack: own });
  if (reading.state === "wrong")
    stopOnProblems(reading.problems, "The gateway's stack cannot read its own last contract");
  return reading.state === "present" ? reading.contract : undefined;
}

async function readContracts(
  config: GatewayConfig,
  before: ReceivedGatewayContract | undefined,
): Promise<{
  contracts: Record<string, ReceivedProviderContract>;
  waitingFor: string[];
  problems: Problem[];
}> {
  const contracts: Record<string, ReceivedProviderContract> = {};
  const waitingFor: string[] = [];
  const problems: Problem[] = [];
  for (const [provider, { stack }] of sortedEntries(config.providers)) {
    const seen = before?.providers[provider] !== undefined;
    if (stack === undefined) {
      if (seen) problems.push(vanished(provider, "its stack is not named in the configuration any more"));
      else
        waitingFor.push(
          `provider "${provider}" has no stack in the configuration yet; name it in providers.${provider}.stack`,
        );
      continue;
    }
    const reading = readProviderContract(await readOutput(stack, providerContractOutput), {
      provider,
      stack,
    });
    if (reading.state === "wrong") problems.push(...reading.problems);
    else if (reading.state === "present") {
      contracts[provider] = reading.contract;
      if (reading.contract.connection.acceptedConnectionId === undefined) {
        waitingFor.push(
          `provider "${provider}" accepts the peering connection: run pulumi up in stack ${stack} after this one`,
        );
      }
    } else if (seen)
      problems.push(vanished(provider, `stack ${stack} has no output ${providerContractOutput} any more`));
    else
      waitingFor.push(
        `provider "${provider}" publishes its contract: run pulumi up in stack ${stack}, then here again`,
      );
  }
  return { contracts, waitingFor, problems };
}

function vanished(provider: string, reason: string): Problem {
  return {
    where: `contract of provider "${provider}"`,
    what: `was there at the last deployment and is missing now: ${reason}`,
    allowed: "a contract for every provider that is connected; nothing of the provider is deleted until then",
    change: `run pulumi up in the provider's stack again; to disconnect "${provider}" on purpose, remove it from providers in the gateway's configuration`,
  };
}
