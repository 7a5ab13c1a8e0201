import { type StackReferenceOutputDetails } from "@pulumi/pulumi";
import { Collector } from "../common/collector";
import { type Problem } from "../common/problems";
import { readPlacement } from "../configuration/raw-config";
import { gatewayContractOutput, readGatewayContract } from "../contracts/gateway-contract";
import { providerContractOutput, readProviderContract } from "../contracts/provider-contract";
import { hidesSecret, type StackResources } from "../resources/resource";
import { type Landscape, qualifiedName } from "./landscape";

/**
 * Checks that the deployed stacks still have the contracts that connect them. A peer whose contract has vanished must
 * not be taken for one that never was: its program would stop, so nothing is worth rehearsing before that is mended.
 */
export function checkContracts(landscape: Landscape, deployed: readonly StackResources[]): Problem[] {
  const problems: Problem[] = [];
  const find = (project: string, stack: string) =>
    deployed.find((s) => s.project === project && s.stack === stack);
  const connected = new Set<string>();
  for (const gateway of landscape.stacks.filter((s) => s.project.role === "gateway")) {
    const output = details(find(gateway.project.name, gateway.stack), gatewayContractOutput);
    const reading = readGatewayContract(output, { stack: qualifiedName(landscape, gateway) });
    if (reading.state === "wrong") problems.push(...reading.problems);
    if (reading.state === "present")
      Object.keys(reading.contract.providers).forEach((name) => connected.add(name));
  }
  for (const { project, stack, config } of landscape.stacks.filter((s) => s.project.role === "provider")) {
    const provider = (config[`${project.name}:name`] ?? stack).replace(/^"|"$/g, "");
    const from = { provider, stack: `${landscape.organization}/${project.name}/${stack}` };
    const reading = readProviderContract(details(find(project.name, stack), providerContractOutput), from);
    if (reading.state === "wrong") problems.push(...reading.problems);
    if (reading.state === "absent" && connected.has(provider)) {
      problems.push({
        where: `contract of provider "${provider}", output ${providerContractOutput} of stack ${from.stack}`,
        what: "was there when the gateway was deployed and is missing now",
        allowed:
          "a contract for every provider that is connected; nothing of the provider is deleted until then",
        change: `run pulumi up in stack ${from.stack} again; to disconnect "${provider}" on purpose, remove it from providers in the gateway's configuration`,
      });
    }
    const joined =
      reading.state === "present" && reading.contract.connection.acceptedConnectionId !== undefined;
    if (
      joined &&
      !connected.has(provider) &&
      (config[`${project.name}:gateway`] ?? "").includes("stack") &&
      problems.length === 0
    ) {
      problems.push({
        where: `contract of the gateway, output ${gatewayContractOutput}`,
        what: `has no connection for provider "${provider}", which has accepted one`,
        allowed: "the contract with the connection that the provider has accepted",
        change:
          "run pulumi up in the gateway's stack again; to leave the gateway on purpose, remove gateway from the provider's configuration",
      });
    }
  }
  return problems;
}

/** Stacks whose files are of another account than their configuration: nothing in the file is in that account. */
export function checkAccounts(landscape: Landscape, deployed: readonly StackResources[]): Problem[] {
  return landscape.stacks.flatMap(({ project, stack, file, config }) => {
    const before = deployed.find((s) => s.project === project.name && s.stack === stack)?.account;
    const { account } = readPlacement(config, new Collector());
    if (before === undefined || account === undefined || before === account) return [];
    return [
      {
        where: `${file}, aws:allowedAccountIds`,
        what: "is another account than that of the stack's deployed resources",
        value: account,
        allowed: before,
        change: "name that account again; for another account, make a stack of another name",
      },
    ];
  });
}

/** A stack's output as a reference to the stack would give it. */
function details(stack: StackResources | undefined, output: string): StackReferenceOutputDetails {
  const value = stack?.outputs[output];
  return hidesSecret(value) ? { secretValue: "secret" } : { value: value as object | undefined };
}
