import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Collector } from "../common/collector";
import { type Problem } from "../common/problems";
import { mapEntries } from "../common/records";
import { configurationFolder } from "../configuration/configuration-folder";
import { loadDocuments } from "../configuration/documents";
import { stopOnProblems } from "../configuration/failure";
import { planGateway, replacementProblems } from "../configuration/plan-gateway";
import { planProvider, type ProviderPlan } from "../configuration/plan-provider";
import {
  gatewayContractOutput,
  readGatewayContract,
  writeGatewayContract,
} from "../contracts/gateway-contract";
import { readOwnOutput } from "../contracts/references";
import { registerOwnerTags } from "../ownership/owner-tags";
import { joinGateway } from "../provider-account/join-gateway";
import { provideServices } from "../provider-account/provide-services";
import { gateway } from "../shared-services/gateway";
import { type Credentials, readSingleOperatorConfig, type SingleOperatorConfig } from "./config";

/**
 * The program for somebody who holds the credentials of all accounts: gateway and providers in one stack and one pass,
 * with one explicit AWS provider for each account and the same resources as the two projects make in several stacks.
 */
export async function singleOperator(): Promise<Record<string, unknown>> {
  const project = pulumi.getProject();
  const collector = new Collector();
  const partial = readSingleOperatorConfig(pulumi.runtime.allConfig(), project, collector);
  const problems: Problem[] = [...collector.problems];
  const plans: Record<string, ProviderPlan> = {};
  const folder = configurationFolder();
  for (const [name, { config }] of Object.entries(partial.providers)) {
    const where = `${project}:providers.${name}`;
    const loaded = await loadDocuments(config.services ?? {}, folder, `${where}:services`);
    const planned = planProvider(config, loaded.documents, where);
    problems.push(...loaded.problems, ...planned.problems);
    plans[name] = planned.plan;
  }
  const contracts = Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, plan.contract]));
  const {
    plan,
    problems: gatewayProblems,
    warnings,
  } = planGateway(partial.gateway.config, contracts, `${project}:gateway`);
  problems.push(
    ...gatewayProblems,
    ...replacementProblems(await lastBalancers(), plan, `${project}:gateway`),
  );
  stopOnProblems(problems, "The stack cannot be deployed");
  for (const warning of warnings) await pulumi.log.warn(warning);

  registerOwnerTags();
  const config = partial as SingleOperatorConfig;
  const provided = mapEntries(config.providers, (name, party) => {
    const opts = { provider: connectTo(name, party.credentials) };
    return { opts, services: provideServices(party.config, plans[name] as ProviderPlan, opts) };
  });
  const central = gateway(
    config.gateway.config,
    mapEntries(provided, (_name, { services }) => services.contract),
    plan,
    { provider: connectTo("gateway", config.gateway.credentials) },
  );
  for (const [name, { services, opts }] of Object.entries(provided))
    joinGateway(name, services, central.contract, opts);
  return {
    [gatewayContractOutput]: writeGatewayContract(central.contract),
    ...(central.api === undefined ? {} : { url: central.api.url }),
  };
}

/** The AWS provider of one account. It refuses credentials of any other. */
function connectTo(name: string, { account, region, assumeRoleArn, profile }: Credentials): aws.Provider {
  return new aws.Provider(name, {
    region: region as aws.Region,
    allowedAccountIds: [account],
    ...(assumeRoleArn === undefined ? {} : { assumeRoles: [{ roleArn: assumeRoleArn }] }),
    ...(profile === undefined ? {} : { profile }),
  });
}

async function lastBalancers(): Promise<Record<string, Record<string, string>>> {
  const own = `${pulumi.getProject()}/${pulumi.getStack()}`;
  const reading = readGatewayContract(await readOwnOutput(gatewayContractOutput), { stack: own });
  if (reading.state === "wrong")
    stopOnProblems(reading.problems, "The stack cannot read its own last contract");
  return reading.state === "present" ? reading.contract.balancers : {};
}
