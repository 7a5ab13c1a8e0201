import type { StackResources } from "../resources/resource";
import type { Api, ApiMethod } from "./graph/apis";
import type { Graph } from "./graph/graph";
import { known } from "./graph/values";
import { endpointKey, readEndpoint, type Endpoint, type EndpointReading } from "./walk/integration";
import { chooseStage } from "./walk/stage";
import type { Check } from "./walk/trail";

/** A method together with where it leads. */
export interface Asked {
  method: ApiMethod;
  reading: EndpointReading;
}

/** One target to ask about: a name, a base path, and the methods that serve it. */
export interface Question {
  name: string;
  basePath: string;
  /** Who provides it, when a component says so. */
  provider?: string;
  /** The API that serves it; undefined when no file holds one. */
  api?: Api;
  stage: string;
  stageChecks: Check[];
  asked: Asked[];
  /** URN of the component that claims the base path. */
  claimedBy?: string;
}

interface Claim {
  name: string;
  basePath: string;
  provider?: string;
  urn: string;
  stack: StackResources;
}

/** Components only add questions: nothing about the answer is taken from them. */
function readClaims(graph: Graph): Claim[] {
  return graph.inventory.items.flatMap(({ resource, stack }): Claim[] => {
    if (!/:PrivateApiTarget$/.test(resource.type)) return [];
    const path = known(resource, "basePath");
    if (path === undefined) return [];
    return [
      {
        name: known(resource, "targetName") ?? resource.name,
        basePath: `/${path.replace(/^\/+|\/+$/g, "")}`,
        provider: known(resource, "provider"),
        urn: resource.urn,
        stack,
      },
    ];
  });
}

function covers(basePath: string, path: string): boolean {
  return basePath === "/" || path === basePath || path.startsWith(`${basePath}/`);
}

/** The longest path that all paths lie below, without variables. */
function commonBase(paths: string[]): string {
  const split = paths.map((path) => path.split("/").filter((part) => part !== ""));
  const [first = []] = split;
  const common: string[] = [];
  for (const [index, part] of first.entries()) {
    if (part.includes("{") || split.some((other) => other[index] !== part)) break;
    common.push(part);
  }
  return `/${common.join("/")}`;
}

function leadsInside(reading: EndpointReading): boolean {
  return reading.kind === "endpoint" || reading.kind === "broken";
}

/** Bases by path, so that the longest one that covers a path is found by looking at the path's own parts. */
function longest<T>(byBase: Map<string, T>, path: string): T | undefined {
  for (let base = path; base !== ""; base = base.slice(0, base.lastIndexOf("/"))) {
    const found = byBase.get(base);
    if (found !== undefined) return found;
  }
  return byBase.get("/");
}

/** Methods without a usable endpoint go to the target below whose base path they lie; the others by endpoint. */
function grouped(api: Api, asked: Asked[]): Asked[][] {
  const groups = new Map<string, Asked[]>();
  const broken: Asked[] = [];
  for (const entry of asked) {
    if (entry.reading.kind !== "endpoint") {
      broken.push(entry);
      continue;
    }
    const key = endpointKey(api, entry.reading.endpoint);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  const byBase = new Map<string, Asked[]>();
  for (const group of groups.values())
    byBase.set(commonBase(group.map(({ method }) => method.path ?? "/")), group);
  const alone = new Map<string, Asked[]>();
  for (const entry of broken) {
    const path = entry.method.path ?? "/";
    const base = `/${path.split("/")[1] ?? ""}`;
    const home = [...byBase].length > 0 ? longest(byBase, path) : undefined;
    if (home !== undefined && path !== "/") home.push(entry);
    else alone.set(base, [...(alone.get(base) ?? []), entry]);
  }
  return [...groups.values(), ...alone.values()];
}

function nameOf(basePath: string, endpoint: Endpoint | undefined): string {
  const name = basePath.slice(1).replaceAll("/", "-");
  return name === "" ? (endpoint?.host ?? "root") : name;
}

function questionsOf(graph: Graph, api: Api, claims: Claim[]): Question[] {
  const { stage, checks } = chooseStage(graph, api);
  const base = { api, stage: stage?.name ?? "", stageChecks: checks };
  const byBase = new Map<string, Question>();
  for (const claim of claims) {
    byBase.set(claim.basePath, {
      ...base,
      name: claim.name,
      basePath: claim.basePath,
      provider: claim.provider,
      asked: [],
      claimedBy: claim.urn,
    });
  }
  const rest: Asked[] = [];
  for (const method of api.methods) {
    const reading = readEndpoint(method, stage);
    const claim = method.path === undefined ? undefined : longest(byBase, method.path);
    if (claim !== undefined && covers(claim.basePath, method.path ?? ""))
      claim.asked.push({ method, reading });
    else if (leadsInside(reading)) rest.push({ method, reading });
  }
  const free = grouped(api, rest).map((asked): Question => {
    const basePath = commonBase(asked.map(({ method }) => method.path ?? "/"));
    const first = asked.find(({ reading }) => reading.kind === "endpoint")?.reading;
    return {
      ...base,
      name: nameOf(basePath, first?.kind === "endpoint" ? first.endpoint : undefined),
      basePath,
      asked,
    };
  });
  return [...byBase.values(), ...free];
}

/** The API whose stack a claim belongs to, or the only ones there are. */
function apisFor(claim: Claim, apis: Api[]): Api | undefined {
  return apis.find((api) => api.stack === claim.stack) ?? (apis.length === 1 ? apis[0] : undefined);
}

/**
 * All targets that the resources raise: every base path that a component claims, and every group of methods with the
 * same endpoint behind a VPC link. Names that would be equal get their endpoint added.
 */
export function askQuestions(graph: Graph): Question[] {
  const byApi = new Map<Api, Claim[]>();
  const homeless: Question[] = [];
  for (const claim of readClaims(graph)) {
    const api = apisFor(claim, graph.apis);
    const list = api === undefined ? undefined : byApi.get(api);
    if (list !== undefined) list.push(claim);
    else if (api !== undefined) byApi.set(api, [claim]);
    else
      homeless.push({
        name: claim.name,
        basePath: claim.basePath,
        provider: claim.provider,
        stage: "",
        stageChecks: [],
        asked: [],
        claimedBy: claim.urn,
      });
  }
  const questions = [
    ...graph.apis.flatMap((api) => questionsOf(graph, api, byApi.get(api) ?? [])),
    ...homeless,
  ];
  const count = new Map<string, number>();
  for (const { name } of questions) count.set(name, (count.get(name) ?? 0) + 1);
  for (const question of questions) {
    if ((count.get(question.name) ?? 0) < 2) continue;
    const first = question.asked.find(({ reading }) => reading.kind === "endpoint")?.reading;
    if (first?.kind === "endpoint") question.name += ` (${first.endpoint.host}:${first.endpoint.port})`;
  }
  return questions.sort((a, b) =>
    a.basePath < b.basePath ? -1 : a.basePath > b.basePath ? 1 : a.name < b.name ? -1 : 1,
  );
}
