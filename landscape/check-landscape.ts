import * as path from "node:path";
import { Collector, nearest } from "../common/collector";
import { type Problem } from "../common/problems";
import { mapEntries } from "../common/records";
import { loadDocuments } from "../configuration/documents";
import { type GatewayConfig, readGatewayConfig } from "../configuration/gateway-config";
import { type GatewayPlan, planGateway } from "../configuration/plan-gateway";
import { type PlannedContract, planProvider } from "../configuration/plan-provider";
import { type ProviderNetworkConfig, readProviderConfig } from "../configuration/provider-config";
import { readSingleOperatorConfig } from "../single-operator/config";
import { unconnectedOverlaps } from "./check-blocks";
import { defaultProviderProblems } from "./default-providers";
import { type Landscape, type LandscapeStack, qualifiedName } from "./landscape";
import { locate, type Place, type Places, withoutEchoes } from "./places";

/**
 * Checks a landscape before any program runs: each stack's configuration, and what the gateway would make of all the
 * contracts that follow from them. The programs make the same checks with the contracts that they really receive.
 * Returns the gateway's plan as well; it is of use when there are no problems.
 */
export async function checkLandscape(
  landscape: Landscape,
): Promise<{ problems: Problem[]; plan: GatewayPlan | undefined }> {
  const problems: Problem[] = [];
  const plans: GatewayPlan[] = [];
  const providers: CheckedProvider[] = [];
  const gateways: CheckedGateway[] = [];
  for (const stack of landscape.stacks) {
    if (!stack.readable) continue;
    if (stack.project.role === "provider") providers.push(await checkProvider(stack, problems));
    else if (stack.project.role === "gateway") gateways.push(checkGateway(stack, problems));
    else problems.push(...(await checkSingleOperator(stack, plans)));
  }
  problems.push(...roleProblems(landscape, providers), ...joinProblems(landscape, gateways, providers));
  for (const gateway of gateways) problems.push(...contractProblems(landscape, gateway, providers, plans));
  problems.push(...unconnectedOverlaps(landscape, gateways, providers));
  return { problems: withoutEchoes(problems), plan: plans[0] };
}

function formOf(network: ProviderNetworkConfig): "create" | "adopt" {
  return network.adopt === undefined ? "create" : "adopt";
}

interface CheckedGateway {
  stack: LandscapeStack;
  config: Partial<GatewayConfig>;
  complete: boolean;
}

interface CheckedProvider {
  stack: LandscapeStack;
  name: string | undefined;
  /** The gateway stack that it names. */
  gateway: string | undefined;
  contract: PlannedContract;
  network: "create" | "adopt";
  /** False when parts of the configuration could not be read, so that the contract lacks them. */
  complete: boolean;
}

async function checkProvider(stack: LandscapeStack, problems: Problem[]): Promise<CheckedProvider> {
  const collector = new Collector();
  const namespace = stack.project.name;
  const config = readProviderConfig(stack.config, namespace, collector);
  const folder = path.dirname(stack.file);
  const loaded = await loadDocuments(config.services ?? {}, folder, `${namespace}:services`);
  const { plan, problems: planProblems } = planProvider(config, loaded.documents, namespace);
  problems.push(...inFile(stack, [...collector.problems, ...loaded.problems, ...planProblems]));
  return {
    stack,
    name: config.name,
    gateway: config.gateway?.stack,
    contract: plan.contract,
    network:
      config.network === undefined ? (config.readableNetwork?.form ?? "create") : formOf(config.network),
    complete: collector.problems.length === 0,
  };
}

function checkGateway(stack: LandscapeStack, problems: Problem[]): CheckedGateway {
  const collector = new Collector();
  const config = readGatewayConfig(stack.config, stack.project.name, collector);
  problems.push(...inFile(stack, collector.problems));
  return { stack, config, complete: collector.problems.length === 0 };
}

async function checkSingleOperator(stack: LandscapeStack, plans: GatewayPlan[]): Promise<Problem[]> {
  const collector = new Collector();
  const namespace = stack.project.name;
  const config = readSingleOperatorConfig(stack.config, namespace, collector);
  const problems = [...collector.problems, ...defaultProviderProblems(stack.config)];
  const contracts: Record<string, PlannedContract> = {};
  for (const [name, provider] of Object.entries(config.providers)) {
    const where = `${namespace}:providers.${name}`;
    const loaded = await loadDocuments(
      provider.config.services ?? {},
      path.dirname(stack.file),
      `${where}:services`,
    );
    const { plan, problems: planProblems } = planProvider(provider.config, loaded.documents, where);
    problems.push(...loaded.problems, ...planProblems);
    contracts[name] = plan.contract;
  }
  const { plan, problems: planProblems } = planGateway(
    config.gateway.config,
    contracts,
    `${namespace}:gateway`,
  );
  plans.push(plan);
  const places: Places = {
    gateway: { file: stack.file, namespace: `${namespace}:gateway` },
    providers: mapEntries(config.providers, (name, provider) => ({
      file: stack.file,
      namespace: `${namespace}:providers.${name}`,
      network: provider.config.network?.adopt === undefined ? "create" : "adopt",
      services: Object.keys(provider.config.services ?? {}),
    })),
  };
  const located = planProblems.map((problem) => locate(problem, places));
  if (problems.length === 0) located.push(...unusedSettings(config.gateway.config, plan, places.gateway));
  return [...inFile(stack, problems), ...located];
}

/** Two stacks that would be the same party: the gateway, or one provider. */
function roleProblems(landscape: Landscape, providers: CheckedProvider[]): Problem[] {
  const problems: Problem[] = [];
  const central = landscape.stacks.filter(({ project }) => project.role !== "provider");
  if (central.length > 1 || (central.length === 0 && landscape.complete)) {
    problems.push({
      where: `${landscape.file}.stacks`,
      what: central.length === 0 ? "names no gateway stack" : "names more than one gateway stack",
      ...(central.length === 0 ? {} : { value: central.map(describe).join(", ") }),
      allowed: "exactly one stack of shared-services (or one of single-operator and no other)",
      change:
        central.length === 0
          ? "add the gateway's stack"
          : "keep one and give the others a landscape of their own",
    });
  }
  for (const { name, stack } of providers) {
    const other = firstOfName(providers, name);
    if (other === undefined || other.stack === stack || describe(other.stack) === describe(stack)) continue;
    problems.push({
      where: `${stack.file}, ${stack.project.name}:name`,
      what: `is the provider that stack ${describe(other.stack)} is, too`,
      value: name ?? "",
      allowed: "one stack for each provider",
      change: "give one of the stacks another name",
    });
  }
  if (central.length === 1 && central[0]?.project.role === "both" && landscape.stacks.length > 1) {
    problems.push({
      where: `${landscape.file}.stacks`,
      what: "has provider stacks beside a single-operator stack, which holds all providers itself",
      value: landscape.stacks
        .filter((stack) => stack !== central[0])
        .map(describe)
        .join(", "),
      allowed: "one single-operator stack alone, or one shared-services stack with provider-account stacks",
      change: "remove one or the other",
    });
  }
  return problems;
}

function firstOfName(providers: CheckedProvider[], name: string | undefined): CheckedProvider | undefined {
  return providers.find((provider) => name !== undefined && provider.name === name);
}

/** References between gateway and providers that do not find each other. */
function joinProblems(
  landscape: Landscape,
  gateways: CheckedGateway[],
  providers: CheckedProvider[],
): Problem[] {
  const problems: Problem[] = [];
  const gatewayStacks = namesOf(landscape, ["gateway"]);
  const providerStacks = namesOf(landscape, ["provider"]);
  for (const { stack, config } of gateways) {
    for (const [name, { stack: referred }] of Object.entries(config.providers ?? {})) {
      const where = `${stack.file}, ${stack.project.name}:providers.${name}.stack`;
      if (referred === undefined) continue;
      if (landscape.complete && !providerStacks.includes(referred))
        problems.push(unknownStack(where, referred, providerStacks));
      const provider = referredBy(landscape, providers, referred);
      if (provider?.name === undefined || provider.name === name) continue;
      // Two stacks of one name are told already.
      if (providers.filter((other) => other.name === provider.name).length > 1) continue;
      problems.push({
        where,
        what: `names the stack of provider "${provider.name}"`,
        value: referred,
        allowed: `the stack whose name is "${name}"`,
        change: `rename the entry to "${provider.name}", or name another stack`,
      });
    }
  }
  for (const { stack, gateway } of providers) {
    if (gateway === undefined) continue;
    const where = `${stack.file}, ${stack.project.name}:gateway.stack`;
    if (landscape.complete && gatewayStacks.length > 0 && !gatewayStacks.includes(gateway))
      problems.push(unknownStack(where, gateway, gatewayStacks));
  }
  return problems;
}

function unknownStack(where: string, value: string, known: readonly string[]): Problem {
  const named = value.split("/");
  const elsewhere = known.find((name) => name.split("/").slice(1).join("/") === named.slice(1).join("/"));
  if (elsewhere !== undefined) {
    return {
      where,
      what: "names another organization than the landscape file",
      value,
      allowed: elsewhere,
      change: `write organization: ${named[0] ?? ""} in the landscape file if that is yours in Pulumi Cloud, else ${elsewhere} here`,
    };
  }
  const guess = nearest(value, known);
  return {
    where,
    what: "is an unknown stack: the landscape has no such stack for this role",
    value,
    allowed: known.join(" or ") || "a stack of the landscape",
    change: `${guess === undefined ? "name one of them" : `write ${guess}`}, or add the stack to the landscape`,
  };
}

function namesOf(landscape: Landscape, roles: readonly string[]): string[] {
  return landscape.stacks
    .filter(({ project }) => roles.includes(project.role))
    .map((stack) => qualifiedName(landscape, stack));
}

function referredBy(
  landscape: Landscape,
  providers: CheckedProvider[],
  referred: string | undefined,
): CheckedProvider | undefined {
  return providers.find((candidate) => qualifiedName(landscape, candidate.stack) === referred);
}

/** What the gateway makes of the contracts of the providers that it names. */
function contractProblems(
  landscape: Landscape,
  { stack, config, complete: readCompletely }: CheckedGateway,
  providers: CheckedProvider[],
  plans: GatewayPlan[],
): Problem[] {
  const contracts: Record<string, PlannedContract> = {};
  const places: Places = {
    gateway: { file: stack.file, namespace: stack.project.name },
    providers: {},
  };
  let complete = readCompletely;
  for (const [name, { stack: referred }] of Object.entries(config.providers ?? {})) {
    const provider = referredBy(landscape, providers, referred);
    if (provider?.complete !== true || provider.name !== name) complete = false;
    // An entry with another provider's stack is told already; here it would only repeat that provider.
    if (provider === undefined || (provider.name !== undefined && provider.name !== name)) continue;
    contracts[name] = { ...provider.contract, name };
    places.providers[name] = {
      file: provider.stack.file,
      namespace: provider.stack.project.name,
      network: provider.network,
      services: Object.keys(provider.contract.targets),
    };
  }
  const { plan, problems } = planGateway(config, contracts, stack.project.name);
  plans.push(plan);
  const located = problems.map((problem) => locate(problem, places));
  return complete ? [...located, ...unusedSettings(config, plan, places.gateway)] : located;
}

/** Settings for targets that no provider offers. */
function unusedSettings(config: Partial<GatewayConfig>, plan: GatewayPlan, place: Place): Problem[] {
  const offered = plan.targets.map((target) => target.name);
  return Object.keys(config.targets ?? {})
    .filter((name) => !offered.includes(name))
    .map((name) => {
      const guess = nearest(name, offered);
      return {
        where: `${place.file}, ${place.namespace}:targets.${name}`,
        what: "has settings for a target that no provider offers",
        value: name,
        allowed: offered.join(", ") || "no target",
        change:
          guess === undefined ? "remove the settings" : `write "${guess}" instead, or remove the settings`,
      };
    });
}

function inFile(stack: LandscapeStack, problems: Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, where: `${stack.file}, ${problem.where}` }));
}

function describe({ project, stack }: LandscapeStack): string {
  return `${project.name}/${stack}`;
}
