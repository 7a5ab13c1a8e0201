import * as pulumi from "@pulumi/pulumi";
import { Collector } from "../common/collector";
import { type Problem } from "../common/problems";
import { configurationFolder } from "../configuration/configuration-folder";
import { loadDocuments } from "../configuration/documents";
import { stopOnProblems } from "../configuration/failure";
import { overlapProblems, planProvider } from "../configuration/plan-provider";
import { type ProviderConfig, readProviderConfig } from "../configuration/provider-config";
import {
  gatewayContractOutput,
  type ReceivedGatewayContract,
  readGatewayContract,
} from "../contracts/gateway-contract";
import {
  providerContractOutput,
  readProviderContract,
  writeProviderContract,
} from "../contracts/provider-contract";
import { readOutput, readOwnOutput } from "../contracts/references";
import { registerOwnerTags } from "../ownership/owner-tags";
import { joinGateway } from "./join-gateway";
import { provideServices } from "./provide-services";

/**
 * The program of a provider's stack: reads its configuration and the gateway's contract, stops with all problems before
 * the first resource, declares network and services, and joins the gateway once it has asked for a connection.
 */
export async function providerAccount(): Promise<Record<string, unknown>> {
  const project = pulumi.getProject();
  const collector = new Collector();
  const config = readProviderConfig(pulumi.runtime.allConfig(), project, collector);
  const folder = configurationFolder();
  const { documents, problems } = await loadDocuments(config.services ?? {}, folder, `${project}:services`);
  const { plan, problems: planProblems } = planProvider(config, documents, project);
  stopOnProblems(
    [...collector.problems, ...problems, ...planProblems],
    "The configuration of the provider's stack has mistakes",
  );
  const complete = config as ProviderConfig;

  const { contract: gateway, waitingFor } = await readGateway(complete);
  for (const reason of waitingFor) await pulumi.log.info(`Waiting: ${reason}`);
  registerOwnerTags();
  const services = provideServices(complete, plan);
  const contract = gateway === undefined ? services.contract : joinGateway(complete.name, services, gateway);
  return { [providerContractOutput]: writeProviderContract(contract), waitingFor };
}

async function readGateway(
  config: ProviderConfig,
): Promise<{ contract: ReceivedGatewayContract | undefined; waitingFor: string[] }> {
  const { name, gateway } = config;
  const joined = await hadJoined(name);
  const stack = gateway?.stack;
  if (stack === undefined) {
    // Removing the gateway from the configuration is the owner's decision to leave it.
    return {
      contract: undefined,
      waitingFor: ["the gateway's stack is not in the configuration yet; name it in gateway.stack"],
    };
  }
  const reading = readGatewayContract(await readOutput(stack, gatewayContractOutput), { stack });
  if (reading.state === "wrong") stopOnProblems(reading.problems, "The gateway's contract cannot be used");
  const contract = reading.state === "present" ? reading.contract : undefined;
  if (contract?.providers[name] === undefined && joined)
    stopOnProblems(
      [vanished(name, stack, contract !== undefined)],
      "The provider's stack cannot be deployed",
    );
  if (contract === undefined) {
    return {
      contract,
      waitingFor: [`the gateway publishes its contract: run pulumi up in stack ${stack}, then here again`],
    };
  }
  const gatewaySide = { who: "the gateway", cidrBlocks: contract.cidrBlocks };
  const blocks = config.network.create?.cidrBlocks ?? config.network.adopt?.cidrBlocks ?? [];
  stopOnProblems(
    overlapProblems(
      { who: `provider ${name}`, cidrBlocks: blocks, where: `${pulumi.getProject()}:network` },
      gatewaySide,
    ),
    "The provider's stack cannot be connected",
  );
  const waitingFor =
    contract.providers[name] === undefined
      ? [
          `the gateway asks provider "${name}" for a connection: run pulumi up in stack ${stack}, then here again`,
        ]
      : [];
  return { contract, waitingFor };
}

async function hadJoined(name: string): Promise<boolean> {
  const own = `${pulumi.getProject()}/${pulumi.getStack()}`;
  const reading = readProviderContract(await readOwnOutput(providerContractOutput), {
    provider: name,
    stack: own,
  });
  if (reading.state === "wrong")
    stopOnProblems(reading.problems, "The provider's stack cannot read its own last contract");
  return reading.state === "present" && reading.contract.connection.acceptedConnectionId !== undefined;
}

function vanished(name: string, stack: string, published: boolean): Problem {
  return {
    where: `contract of the gateway, output ${gatewayContractOutput} of stack ${stack}`,
    what: published
      ? `asked provider "${name}" for a connection at the last deployment and does not now`
      : "was there at the last deployment and is missing now",
    allowed:
      "the contract with the connection that this stack has accepted; the path is left as it is until then",
    change: `run pulumi up in stack ${stack} again; to leave the gateway on purpose, remove gateway from this stack's configuration`,
  };
}
