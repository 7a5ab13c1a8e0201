import { contains, overlaps } from "../common/ipv4";
import { type Problem } from "../common/problems";
import { sortedEntries } from "../common/records";
import { planDemonstration, type DemonstrationPlan } from "../components/demonstration-plan";
import { nameProblems } from "../components/gateway-balancer";
import { type OpenApiDocument } from "../components/openapi/openapi-document";
import { cidrBlockProblems } from "../components/subnet-plan";
import { type ProviderContract, type TargetContract } from "../contracts/provider-contract";
import { type ProviderConfig, type ServiceConfig } from "./provider-config";

/** What a provider's contract says before anything is deployed: everything but AWS ids. */
export interface PlannedContract extends Omit<ProviderContract, "connection"> {
  connection: { kind: "peering"; cidrBlocks: string[] };
}

/** What follows from a provider's configuration alone. */
export interface ProviderPlan {
  contract: PlannedContract;
  /** Present when the VPC is created. */
  demonstration?: DemonstrationPlan;
}

/**
 * Plans a provider's stack from what could be read of its configuration, and checks it. Parts that could not be read
 * are left out, so that the other parts are checked all the same.
 */
export function planProvider(
  config: Partial<ProviderConfig>,
  documents: Record<string, OpenApiDocument>,
  where: string,
): { plan: ProviderPlan; problems: Problem[] } {
  const problems: Problem[] = [];
  const { network, services = {} } = config;
  const cidrBlocks = network?.create?.cidrBlocks ?? network?.adopt?.cidrBlocks ?? [];
  if (network !== undefined) {
    const form = network.create === undefined ? "adopt" : "create";
    problems.push(...cidrBlockProblems(cidrBlocks, `${where}:network.${form}.cidrBlocks`));
  }
  const demonstration = planOwnService(config, where, problems);
  const targets: Record<string, TargetContract> = {};
  for (const [name, service] of Object.entries(services)) {
    const at = `${where}:services.${name}`;
    problems.push(...serviceProblems(service, at));
    const addresses =
      service.existing === undefined
        ? Object.values(demonstration?.addresses ?? {})
        : service.existing.map((place) => place.address);
    if (service.existing !== undefined) problems.push(...existingProblems(service, config, cidrBlocks, at));
    else if (network?.adopt !== undefined) {
      problems.push({
        where: at,
        what: "has no addresses: a demonstration service needs a VPC of its own",
        allowed: "existing addresses in an adopted VPC",
        change: "give existing, or network.create",
      });
    }
    if (service.existing !== undefined && network?.create !== undefined) {
      problems.push({
        where: `${at}.existing`,
        what: "is given although the stack creates its VPC, where nothing exists beforehand",
        allowed: "existing addresses in an adopted VPC",
        change: "give network.adopt, or leave existing out for the demonstration service",
      });
    }
    targets[name] = toTarget(service, addresses, new Map(Object.entries(documents)).get(name));
  }
  problems.push(...portProblems(services, where));
  return {
    plan: {
      contract: {
        name: config.name ?? "",
        account: config.account ?? "",
        region: config.region ?? "",
        connection: {
          kind: "peering",
          cidrBlocks: network === undefined ? (config.readableNetwork?.cidrBlocks ?? []) : cidrBlocks,
        },
        targets,
      },
      ...(demonstration === undefined ? {} : { demonstration }),
    },
    problems,
  };
}

function planOwnService(
  config: Partial<ProviderConfig>,
  where: string,
  problems: Problem[],
): DemonstrationPlan | undefined {
  const create = config.network?.create;
  if (create === undefined || config.demonstration === undefined) return undefined;
  const { hostNumber, cidrBlock } = config.demonstration;
  const planned = planDemonstration(
    {
      cidrBlocks: create.cidrBlocks,
      zones: create.zones,
      hostNumber,
      ...(cidrBlock === undefined ? {} : { cidrBlock }),
    },
    { network: `${where}:network.create.`, demonstration: `${where}:demonstration.` },
  );
  problems.push(...planned.problems);
  // The demonstration service's load balancer bears the provider's name.
  const named = config.name === undefined ? [] : nameProblems(config.name, "load balancer");
  const own = Object.values(config.services ?? {}).some((service) => service.existing === undefined);
  if (own) problems.push(...named.map((problem) => ({ ...problem, where: `${where}:name` })));
  return planned.plan;
}

function toTarget(
  service: ServiceConfig,
  dialAddresses: string[],
  openApi: OpenApiDocument | undefined,
): TargetContract {
  const { port, scheme, serverName, privateCa, healthCheck, basePath, pathPrefix } = service;
  return {
    dialAddresses,
    port,
    scheme,
    ...(serverName === undefined ? {} : { serverName }),
    privateCa,
    healthCheck,
    basePath,
    ...(pathPrefix === undefined ? {} : { pathPrefix }),
    ...(openApi === undefined ? {} : { openApi }),
  };
}

function serviceProblems(service: ServiceConfig, where: string): Problem[] {
  const problems: Problem[] = [];
  if (service.scheme === "https" && service.serverName === undefined) {
    problems.push({
      where: `${where}.serverName`,
      what: "is missing: the API checks the certificate of an https service for it",
      allowed: "a host name in the service's certificate",
      change: "add serverName, or use scheme http",
    });
  }
  if (service.scheme === "http" && service.privateCa) {
    problems.push({
      where: `${where}.privateCa`,
      what: "has no effect without https",
      value: "true",
      allowed: "privateCa with scheme https",
      change: "remove it, or use scheme https",
    });
  }
  if (service.scheme === "https" && service.existing === undefined) {
    problems.push({
      where: `${where}.scheme`,
      what: "is https, which the demonstration service does not speak",
      value: "https",
      allowed: "http for the demonstration service",
      change: "use http, or give the addresses of an existing service",
    });
  }
  if (service.healthCheck.protocol === "HTTPS" && service.scheme === "http") {
    problems.push({
      where: `${where}.healthCheck.protocol`,
      what: "is HTTPS although the service speaks http",
      value: "HTTPS",
      allowed: "TCP or HTTP for an http service",
      change: "use HTTP, or scheme https",
    });
  }
  if (service.healthCheck.protocol === "TCP" && service.healthCheck.path !== undefined) {
    problems.push({
      where: `${where}.healthCheck.path`,
      what: "has no effect on a TCP check",
      value: service.healthCheck.path,
      allowed: "a path with protocol HTTP or HTTPS",
      change: "remove it, or use another protocol",
    });
  }
  return problems;
}

function existingProblems(
  service: ServiceConfig,
  config: Partial<ProviderConfig>,
  blocks: string[],
  where: string,
): Problem[] {
  const problems: Problem[] = [];
  const adopted = config.network?.adopt;
  const seen = new Set<string>();
  service.existing?.forEach((place, index) => {
    const at = `${where}.existing[${index}]`;
    if (blocks.length > 0 && !blocks.some((block) => contains(block, place.address))) {
      problems.push({
        where: `${at}.address`,
        what: "lies outside of the provider's VPC",
        value: place.address,
        allowed: `an address in ${blocks.join(" or ")}`,
        change: "correct the address, or add its block to the network",
      });
    }
    if (seen.has(place.address)) {
      problems.push({
        where: `${at}.address`,
        what: "is given twice",
        value: place.address,
        allowed: "each address once",
        change: "remove one",
      });
    }
    seen.add(place.address);
    const tables = Object.values(adopted?.routeTableIds ?? {});
    if (adopted !== undefined && place.routeTableId !== undefined && !tables.includes(place.routeTableId)) {
      problems.push({
        where: `${at}.routeTableId`,
        what: "is not among network.adopt.routeTableIds, so that it would get no return route",
        value: place.routeTableId,
        allowed: tables.join(" or ") || "a route table of the network",
        change: "add the route table to network.adopt.routeTableIds",
      });
    }
  });
  return problems;
}

/** Services of the demonstration service share its load balancer, a port each; existing ones an address and port each. */
function portProblems(services: Record<string, ServiceConfig>, where: string): Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  for (const [name, service] of sortedEntries(services)) {
    if (service.existing !== undefined) continue;
    const other = taken.get(String(service.port));
    if (other !== undefined) {
      problems.push({
        where: `${where}:services.${name}.port`,
        what: `is the port of service "${other}", too, on the same load balancer`,
        value: String(service.port),
        allowed: "a port of its own for each demonstration service",
        change: `give "${name}" or "${other}" another port`,
      });
    }
    taken.set(String(service.port), name);
  }
  return problems;
}

/** Blocks of the provider that overlap the gateway's: AWS fails such a peering connection. */
export function overlapProblems(
  mine: { who: string; cidrBlocks: readonly string[]; where: string },
  theirs: { who: string; cidrBlocks: readonly string[] },
): Problem[] {
  return mine.cidrBlocks.flatMap((block, index) =>
    theirs.cidrBlocks
      .filter((other) => overlaps(block, other))
      .map((other) => ({
        where: `${mine.where}[${index}]`,
        what: `overlaps ${other} of ${theirs.who}`,
        value: `${block} of ${mine.who}`,
        allowed:
          "CIDR blocks apart from each other: AWS fails a peering connection with any overlap, and one route cannot lead to two providers",
        change: `give ${mine.who} or ${theirs.who} another block`,
      })),
  );
}
