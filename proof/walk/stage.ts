import { Unknown } from "../../resources/resource";
import type { Api, ApiStage } from "../graph/apis";
import type { Graph } from "../graph/graph";
import { asObject, known, property } from "../graph/values";
import { webFilters } from "./guards";
import { GIVE_FILE, type Check } from "./trail";

const DEPLOYMENT = "aws:apigateway/deployment:Deployment";

function stageCheck(graph: Graph, api: Api, stage: ApiStage): Check {
  const step = "stage";
  const at = stage.resource;
  const id = stage.deploymentId;
  if (typeof id === "string" && api.deployments.has(id)) {
    return {
      step,
      verdict: "reachable",
      text: `stage ${stage.name} of API ${api.id} serves deployment ${id}`,
      at,
    };
  }
  const other =
    typeof id === "string" && graph.apis.some((entry) => entry !== api && entry.deployments.has(id));
  const fix = "deploy the API and let the stage serve that deployment";
  if (other)
    return {
      step,
      verdict: "blocked",
      text: `stage ${stage.name} serves deployment ${id} of another API`,
      at,
      code: "NO_DEPLOYMENT",
      fix,
    };
  if (id === undefined)
    return {
      step,
      verdict: "blocked",
      text: `stage ${stage.name} serves no deployment`,
      at,
      code: "NO_DEPLOYMENT",
      fix,
    };
  const elsewhere =
    graph.inventory.untold(DEPLOYMENT, "restApi") ||
    (api.deployments.size === 0 && !graph.inventory.removed(at, DEPLOYMENT));
  const untold = id instanceof Unknown || at.external || elsewhere;
  const text = `stage ${stage.name} serves deployment ${untold ? "that the files do not tell" : `${id}, which is no deployment of API ${api.id}`}`;
  return {
    step,
    verdict: untold ? "unknown" : "blocked",
    text,
    at,
    code: "NO_DEPLOYMENT",
    fix: untold ? GIVE_FILE : fix,
  };
}

/**
 * The stage through which an API is called, and whether it serves a deployment of it. Of several, one that works.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 */
export function chooseStage(graph: Graph, api: Api): { stage?: ApiStage; checks: Check[] } {
  const step = "stage";
  if (api.resource === undefined) {
    const removed = graph.inventory.removed(api.mention, "aws:apigateway/restApi:RestApi");
    const text = `API ${api.id} ${removed ? "has been removed" : "is in no file"}`;
    const check: Check = {
      step,
      verdict: removed ? "blocked" : "unknown",
      text,
      at: api.mention,
      code: "API_NOT_FOUND",
      fix: removed ? "restore the API" : GIVE_FILE,
    };
    return { stage: api.stages[0], checks: [check] };
  }
  const rated = api.stages.map((stage) => ({ stage, check: stageCheck(graph, api, stage) }));
  const best =
    rated.find(({ check }) => check.verdict === "reachable") ??
    rated.find(({ check }) => check.verdict === "unknown") ??
    rated[0];
  if (best === undefined) {
    const untold = api.resource.external || graph.inventory.untold("aws:apigateway/stage:Stage", "restApi");
    const text = untold ? `the stages of API ${api.id} are in no file` : `API ${api.id} has no stage`;
    return {
      checks: [
        {
          step,
          verdict: untold ? "unknown" : "blocked",
          text,
          at: api.resource,
          code: "NO_STAGE",
          fix: untold ? GIVE_FILE : "add a stage that serves a deployment",
        },
      ],
    };
  }
  const checks = [best.check];
  if (property(api.resource, "disableExecuteApiEndpoint") === true) {
    const mapped = graph.inventory
      .of("aws:apigateway/basePathMapping:BasePathMapping")
      .some(({ resource }) => known(resource, "restApi") === api.id);
    checks.push({
      step,
      verdict: mapped ? "unknown" : "blocked",
      text: `the default endpoint of API ${api.id} is switched off${mapped ? ", and custom domains are not modelled" : ""}`,
      at: api.resource,
      code: mapped ? "NOT_MODELLED" : "ENDPOINT_DISABLED",
      fix: "set disableExecuteApiEndpoint to false, or add a custom domain",
    });
  }
  const endpoint = property(api.resource, "endpointConfiguration");
  const types = JSON.stringify(endpoint ?? "");
  const silent = [property(api.resource, "disableExecuteApiEndpoint"), endpoint, asObject(endpoint).types];
  if (silent.some((value) => value instanceof Unknown))
    checks.push({
      step,
      verdict: "unknown",
      text: `whether API ${api.id} can be called from outside is not told by the file`,
      at: api.resource,
      code: "API_UNKNOWN",
      fix: "export the stack again after it is deployed",
    });
  if (types.includes("PRIVATE"))
    checks.push({
      step,
      verdict: "unknown",
      text: `API ${api.id} is private: callers reach it through an interface endpoint, which is not modelled`,
      at: api.resource,
      code: "NOT_MODELLED",
      fix: "make the endpoint REGIONAL, or check the interface endpoint by hand",
    });
  checks.push(...webFilters(graph, api, best.stage));
  return { stage: best.stage, checks };
}
