import type { Cidr } from "../common/ipv4";
import type { Resource, StackResources } from "../resources/resource";
import { buildGraph, type Graph } from "./graph/graph";
import { known } from "./graph/values";
import type { Finding, Proof, TargetProof } from "./proof";
import { askQuestions, type Question } from "./questions";
import { authorized } from "./walk/authorization";
import { walkEndpoint } from "./walk/endpoint";
import { guards } from "./walk/guards";
import { endpointKey, type Endpoint } from "./walk/integration";
import { targetsOf } from "./walk/targets";
import { GIVE_FILE, Trail, type Check } from "./walk/trail";

const NOTES = [
  "Whether services answer, their instances run and health checks succeed beyond the network is not proven.",
  "Certificates, server names and DNS are not looked at beyond the URI.",
  "Network ACLs are not modelled: one that the files show makes a path unknown; one of a subnet that is only read does not show.",
  "Only IPv4 is modelled: IPv6 routes and rules are left out.",
  "A stage's deployment is a copy of its API from an earlier time: that it holds the API as the files show it is not proven.",
  "What a caller's own identity policy allows, and what a Lambda authorizer answers, is not looked at.",
];

function missingMethods(question: Question): Check {
  const { api, basePath } = question;
  const step = "api-method";
  if (api === undefined) {
    const text = `no file holds an API that serves ${basePath}`;
    return {
      step,
      verdict: "unknown",
      text,
      id: question.claimedBy,
      code: "API_METHOD_NOT_FOUND",
      fix: "give the file of the stack that holds the API",
    };
  }
  const untold = api.untold[0] ?? (api.resource?.external === true ? "the API is only read" : undefined);
  const text =
    untold === undefined
      ? `API ${api.id} has no method at or below ${basePath}`
      : `whether API ${api.id} serves ${basePath} is not known: ${untold}`;
  return {
    step,
    verdict: untold === undefined ? "blocked" : "unknown",
    text,
    at: api.resource,
    id: api.id,
    code: "API_METHOD_NOT_FOUND",
    fix: untold === undefined ? `add methods for ${basePath} to the API's document` : GIVE_FILE,
  };
}

function onlyElsewhere(question: Question, types: string[]): Check {
  const mock = types.every((type) => type === "MOCK");
  const text = `${question.basePath} is served by ${types.join(", ")}, not through a VPC link`;
  return {
    step: "integration",
    verdict: mock ? "blocked" : "unknown",
    text,
    at: question.asked[0]?.method.resource,
    code: mock ? "NO_INTEGRATION" : "NOT_MODELLED",
    fix: "integrate the methods through the VPC link",
  };
}

/** Hops of the API itself: which methods, who may call them, what their integrations say. */
function walkMethods(
  graph: Graph,
  question: Question,
  trail: Trail,
): { endpoint: Endpoint; user: Resource }[] {
  const { api, asked } = question;
  if (api === undefined || asked.length === 0) {
    trail.add("request", missingMethods(question));
    return [];
  }
  const inside = asked.filter(({ reading }) => reading.kind !== "elsewhere");
  if (inside.length === 0) {
    const types = asked.map(({ reading }) => (reading.kind === "elsewhere" ? reading.type : ""));
    trail.add("request", onlyElsewhere(question, [...new Set(types)].sort()));
    return [];
  }
  const names = inside.map(({ method }) => `${method.verb} ${method.path ?? "(path not told)"}`).sort();
  const shown =
    names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  trail.add("request", {
    step: "api-method",
    verdict: "reachable",
    text: shown,
    at: api.resource ?? api.mention,
  });
  const endpoints = new Map<string, { endpoint: Endpoint; user: Resource }>();
  for (const { method, reading } of inside) {
    const name = `${method.verb} ${method.path ?? "?"}`;
    const at = method.resource;
    if (method.absent) {
      trail.add("request", {
        step: "api-method",
        verdict: "blocked",
        text: `an integration for ${name} exists, but the method does not`,
        at,
        code: "API_METHOD_NOT_FOUND",
        fix: "add the method",
      });
    } else if (method.path === undefined) {
      trail.add("request", {
        step: "api-method",
        verdict: "unknown",
        text: `the path of a ${method.verb} method of API ${api.id} is in no file`,
        at,
        code: "API_METHOD_NOT_FOUND",
        fix: "give the API resource that the method belongs to",
      });
    }
    if (!method.absent) {
      trail.add("request", authorized(api, method, question.stage));
      trail.addAll("request", guards(graph, api, method, question.stage));
    }
    if (reading.kind === "elsewhere") continue;
    for (const check of reading.checks) trail.add("request", check);
    if (reading.kind === "endpoint") {
      const key = endpointKey(api, reading.endpoint);
      if (!endpoints.has(key))
        endpoints.set(key, { endpoint: reading.endpoint, user: method.integration?.resource ?? at });
    }
  }
  return [...endpoints.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** The stack that holds the VPC of the target's address, else its account: only a label. */
function providerOf(graph: Graph, endpoints: { endpoint: Endpoint }[]): string {
  for (const { endpoint } of endpoints) {
    const link = graph.links.get(endpoint.connectionId);
    const arn = endpoint.integrationTarget ?? link?.balancerArn ?? "";
    const listener = graph.listeners.get(arn)?.byPort.get(endpoint.port);
    const forwards = listener !== undefined && Array.isArray(listener.forwards) ? listener.forwards : [];
    for (const groupArn of forwards) {
      const group = graph.targetGroups.get(groupArn);
      const address = group && targetsOf(graph, group).targets[0]?.address;
      if (group === undefined || address === undefined) continue;
      const stack = holder(graph, address, group.vpcId);
      if (stack !== undefined) return stack;
    }
  }
  return "";
}

function holder(graph: Graph, address: Cidr, ownVpc: string | undefined): string | undefined {
  for (const vpcId of connectedVpcs(graph, ownVpc)) {
    const vpc = graph.network.vpcs.get(vpcId);
    const [entry] = vpc === undefined ? [] : [...vpc.subnets.covering(address)];
    const subnet = entry?.values[0];
    if (subnet !== undefined) return subnet.stack.stack;
  }
  return undefined;
}

const neighbours = new WeakMap<Graph, Map<string, string[]>>();

function connectedVpcs(graph: Graph, vpcId: string | undefined): string[] {
  let index = neighbours.get(graph);
  if (index === undefined) {
    index = new Map();
    for (const { vpcId: a, peerVpcId: b } of graph.network.connections.values()) {
      if (a === undefined || b === undefined) continue;
      index.set(a, [...(index.get(a) ?? []), b]);
      index.set(b, [...(index.get(b) ?? []), a]);
    }
    neighbours.set(graph, index);
  }
  return vpcId === undefined ? [] : [...(index.get(vpcId) ?? []), vpcId];
}

function proveTarget(graph: Graph, question: Question, notes: Set<string>): TargetProof {
  const trail = new Trail();
  trail.addAll("request", question.stageChecks);
  const endpoints = walkMethods(graph, question, trail);
  const { api } = question;
  const others = api?.stages.filter(({ name }) => name !== question.stage) ?? [];
  if (api !== undefined && others.length > 0) {
    const names = others.map(({ name }) => name).join(", ");
    notes.add(`API ${api.id} is walked through stage ${question.stage}, not through ${names}.`);
  }
  if (api !== undefined)
    for (const { endpoint, user } of endpoints) walkEndpoint(graph, api, endpoint, user, trail);
  for (const note of trail.notes) notes.add(note);
  const stage = question.stage === "" ? "" : `/${question.stage}`;
  return {
    name: question.name,
    provider: question.provider ?? (providerOf(graph, endpoints) || (api?.account ?? "")),
    path: `${stage}${question.basePath === "/" && stage !== "" ? "/" : question.basePath}`,
    verdict: trail.verdict,
    hops: trail.hops,
    findings: trail.findings,
  };
}

/** APIs of the other kinds whose integrations lead into a VPC: nothing is walked for them. */
function otherApis(graph: Graph): Finding[] {
  const linked = new Set<string>();
  for (const { resource } of graph.inventory.of("aws:apigatewayv2/integration:Integration")) {
    if (known(resource, "connectionType") === "VPC_LINK") linked.add(known(resource, "apiId") ?? "");
  }
  return graph.inventory
    .of("aws:apigatewayv2/api:Api")
    .filter(({ resource }) => linked.has(resource.id) || /VPC_LINK/.test(known(resource, "body") ?? ""))
    .map(({ resource }) => ({
      code: "NOT_MODELLED",
      severity: "unknown",
      resource: resource.urn,
      account: resource.account,
      message: `API ${resource.id} is no REST API, and its paths are not walked`,
      fix: "check its paths by hand",
    }));
}

function generalFindings(graph: Graph, questions: Question[]): Finding[] {
  const findings: Finding[] = [];
  findings.push(...otherApis(graph));
  if (graph.apis.length === 0) {
    findings.push({
      code: "API_NOT_FOUND",
      severity: "unknown",
      resource: "",
      message: "no file holds an API, so there is no request path to walk",
      fix: "give the gateway stack's file",
    });
  }
  for (const api of graph.apis) {
    for (const reason of api.untold) {
      const message = `not all methods of API ${api.id} are known: ${reason}`;
      findings.push({
        code: "API_UNKNOWN",
        severity: "unknown",
        resource: api.resource?.urn ?? api.id,
        account: api.account,
        message,
        fix: "export the stack again after it is deployed",
      });
    }
    if (
      api.methods.length === 0 &&
      api.untold.length === 0 &&
      !questions.some((question) => question.api === api)
    ) {
      const name = api.resource === undefined ? api.id : (known(api.resource, "name") ?? api.id);
      findings.push({
        code: "API_METHOD_NOT_FOUND",
        severity: "blocks",
        resource: api.resource?.urn ?? api.id,
        account: api.account,
        message: `API ${name} has no methods`,
        fix: "give the API a document or methods",
      });
    }
  }
  return findings;
}

/**
 * Proves, for every target behind the APIs in the given stacks, whether a request gets from the API to the service and
 * its answer back. It decides from AWS resources and their properties alone; components, names and tags only label.
 * The order of stacks and resources makes no difference.
 */
export function prove(stacks: StackResources[]): Proof {
  const graph = buildGraph(stacks);
  const questions = askQuestions(graph);
  const notes = new Set(NOTES);
  const targets = questions.map((question) => proveTarget(graph, question, notes));
  return { targets, notes: [...notes], findings: generalFindings(graph, questions) };
}
