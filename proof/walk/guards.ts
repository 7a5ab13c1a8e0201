import { Unknown, type Resource } from "../../resources/resource";
import type { Api, ApiMethod, ApiStage } from "../graph/apis";
import type { Graph } from "../graph/graph";
import { asList, asObject, asText, known, property, text } from "../graph/values";
import type { Check } from "./trail";

const WEB_FILTERS = [
  "aws:wafv2/webAclAssociation:WebAclAssociation",
  "aws:wafregional/webAclAssociation:WebAclAssociation",
];

/**
 * A web application firewall decides about requests before the API does.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
 */
export function webFilters(graph: Graph, api: Api, stage: ApiStage): Check[] {
  const suffix = `/restapis/${api.id}/stages/${stage.name}`;
  const guards = (resource: Resource): boolean => {
    const arn = text(resource, "resourceArn");
    return arn instanceof Unknown || arn?.endsWith(suffix) === true;
  };
  const found = graph.inventory.of(...WEB_FILTERS).find(({ resource }) => guards(resource))?.resource;
  const named = known(stage.resource, "webAclArn");
  if (found === undefined && named === undefined) return [];
  return [
    {
      step: "stage",
      verdict: "unknown",
      text: `a web application firewall stands before stage ${stage.name} of API ${api.id}, which is not modelled`,
      at: found ?? stage.resource,
      code: "NOT_MODELLED",
      fix: "check the firewall's rules by hand",
    },
  ];
}

/** What a method's own settings say, else those of all methods; undefined when neither says anything. */
function limit(
  settings: Map<string, Resource>,
  method: ApiMethod,
  key: string,
): [number, Resource] | undefined {
  const path = (method.path ?? "").slice(1);
  for (const name of [`${path}/${method.verb}`, "*/*"]) {
    const resource = settings.get(name);
    const value = resource && asObject(property(resource, "settings"))[key];
    if (resource !== undefined && typeof value === "number") return [value, resource];
  }
  return undefined;
}

/**
 * A rate or burst of 0 refuses every request.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
function throttled(graph: Graph, api: Api, method: ApiMethod, stage: string): Check[] {
  const settings = new Map<string, Resource>();
  for (const { resource } of graph.inventory.of("aws:apigateway/methodSettings:MethodSettings")) {
    if (known(resource, "restApi") !== api.id || known(resource, "stageName") !== stage) continue;
    settings.set((known(resource, "methodPath") ?? "").replaceAll("~1", "/").replace(/^\//, ""), resource);
  }
  const zero = ["throttlingRateLimit", "throttlingBurstLimit"]
    .map((key) => limit(settings, method, key))
    .find((found) => found?.[0] === 0);
  if (zero === undefined) return [];
  const [, at] = zero;
  const what = known(at, "methodPath") === "*/*" ? "all methods" : `${method.verb} ${method.path ?? "?"}`;
  return [
    {
      step: "stage",
      verdict: "blocked",
      text: `stage ${stage} of API ${api.id} throttles ${what} to nothing`,
      at,
      code: "THROTTLED",
      fix: "set a throttling rate and burst above 0, or -1 for the account's own limits",
    },
  ];
}

/** True when some plan for the stage has a key that is not switched off. */
function keyGiven(graph: Graph, api: Api, stage: string): boolean {
  const { inventory } = graph;
  const plans = new Set<string>();
  for (const { resource } of inventory.of("aws:apigateway/usagePlan:UsagePlan")) {
    const stages = asList(property(resource, "apiStages"));
    for (const entry of stages instanceof Unknown ? [] : stages) {
      const { apiId, stage: name } = asObject(entry);
      if (asText(apiId) === api.id && asText(name) === stage) plans.add(resource.id);
    }
  }
  const off = new Set<string>();
  for (const { resource } of inventory.of("aws:apigateway/apiKey:ApiKey"))
    if (property(resource, "enabled") === false) off.add(resource.id);
  return inventory
    .of("aws:apigateway/usagePlanKey:UsagePlanKey")
    .some(
      ({ resource }) =>
        plans.has(known(resource, "usagePlanId") ?? "") && !off.has(known(resource, "keyId") ?? ""),
    );
}

/**
 * A method that requires a key refuses everybody until a usage plan gives the stage one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
function keyed(graph: Graph, api: Api, method: ApiMethod, stage: string): Check[] {
  if (method.keyRequired === undefined || method.keyRequired === "false" || keyGiven(graph, api, stage))
    return [];
  return [
    {
      step: "authorization",
      verdict: "unknown",
      text: `${method.verb} ${method.path ?? "?"} ${method.keyRequired === "true" ? "requires" : "may require"} a key, and no file holds a usage plan that gives stage ${stage} one`,
      at: method.resource,
      code: "API_KEY_UNKNOWN",
      fix: "give the file that holds the usage plan and its key",
    },
  ];
}

/** What stands before a method besides its authorization. */
export function guards(graph: Graph, api: Api, method: ApiMethod, stage: string): Check[] {
  return [...throttled(graph, api, method, stage), ...keyed(graph, api, method, stage)];
}
