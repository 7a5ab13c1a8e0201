import { AwsError } from "./aws-error";
import type { Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { balancerTypes } from "./ec2-facts";
import { balancerKind } from "./elb-load-balancer";
import { importDocument } from "./openapi-import";
import type { Properties } from "./properties";
import { isObject, number, object, objects, text } from "./properties";
import type { Held, World } from "./world";

export const restApiType = "aws:apigateway/restApi:RestApi";
export const resourceType = "aws:apigateway/resource:Resource";
export const methodType = "aws:apigateway/method:Method";
export const integrationType = "aws:apigateway/integration:Integration";
export const deploymentType = "aws:apigateway/deployment:Deployment";
export const stageType = "aws:apigateway/stage:Stage";
export const v1LinkType = "aws:apigateway/vpcLink:VpcLink";
export const v2LinkType = "aws:apigatewayv2/vpcLink:VpcLink";

/** API Gateway's words for a wrong request. */
export function badRequest(message: string): AwsError {
  return new AwsError("BadRequestException", message);
}

/** The id in a property that takes an id or an API. */
export function idOf(value: unknown): string {
  return isObject(value) ? String(value.id) : String(value);
}

/** The REST API that a property names, or AWS's refusal. */
export function mustHaveApi(s: Situation, value: unknown): Held {
  const id = idOf(value);
  return must(
    s.find(id, restApiType),
    "NotFoundException",
    `Invalid API identifier specified ${s.account}:${id}`,
  );
}

/** One integration as the document and the separate resource have it, by the property names of the resource. */
export interface Integration {
  type: string;
  uri?: string;
  integrationHttpMethod?: string;
  connectionType: string;
  connectionId?: string;
  integrationTarget?: string;
  timeoutMilliseconds?: number;
  /** True when the response is passed on as it comes. */
  streams: boolean;
  requestParameters: Record<string, unknown>;
}

/** Reads the integration of a resource's inputs or, under their other names, of a document's extension. */
export function integrationOf(properties: Properties, inDocument: boolean): Integration {
  return {
    type: (text(properties.type) ?? "").toUpperCase(),
    uri: text(properties.uri),
    integrationHttpMethod: text(properties[inDocument ? "httpMethod" : "integrationHttpMethod"]),
    connectionType: (text(properties.connectionType) ?? "INTERNET").toUpperCase(),
    connectionId: text(properties.connectionId),
    integrationTarget: text(properties.integrationTarget),
    timeoutMilliseconds: number(properties[inDocument ? "timeoutInMillis" : "timeoutMilliseconds"]),
    streams: String(properties.responseTransferMode).toUpperCase() === "STREAM",
    requestParameters: object(properties.requestParameters),
  };
}

/**
 * Longest time-out in milliseconds; an integration that streams has 15 minutes.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-http.html
 */
function longestTimeout(integration: Integration): number {
  return integration.streams ? 900_000 : 29_000;
}

/**
 * What PutIntegration refuses; undefined when it accepts. https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
 */
export function integrationProblem(
  s: Situation,
  integration: Integration,
  declared: readonly string[],
): string | undefined {
  const { type, uri, timeoutMilliseconds } = integration;
  if (!["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"].includes(type))
    return "Enumeration value for integration type must be non-empty, one of AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK";
  const longest = longestTimeout(integration);
  if (timeoutMilliseconds !== undefined && (timeoutMilliseconds < 50 || timeoutMilliseconds > longest))
    return `Timeout should be between 50 ms and ${longest} ms, not ${timeoutMilliseconds} ms`;
  if (integration.streams && type !== "HTTP_PROXY" && type !== "AWS_PROXY")
    return "The response transfer mode STREAM is supported for HTTP_PROXY and AWS_PROXY integrations only";
  for (const [name, value] of Object.entries(integration.requestParameters)) {
    if (
      !/^integration\.request\.(path|querystring|header|multivalueheader|multivaluequerystring)\.[a-zA-Z0-9._$-]+$/.test(
        name,
      )
    )
      return `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${name}]`;
    const source = String(value);
    if (/^method\.request\.(path|querystring|header)\./.test(source) && !declared.includes(source))
      return `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ${source}]`;
  }
  if (type === "MOCK") return undefined;
  if (integration.integrationHttpMethod === undefined) return "Integration HTTP method must be specified";
  if (
    type.startsWith("HTTP") &&
    !/^(https?:\/\/[^/?#\s]+|\$\{stageVariables\.|https?:\/\/\$\{)/i.test(uri ?? "")
  )
    return `Invalid HTTP endpoint specified for URI: '${uri ?? ""}'`;
  if (type.startsWith("AWS") && !/^arn:[^:]+:apigateway:/.test(uri ?? ""))
    return "AWS ARN for integration must contain path or action";
  return linkProblem(s, integration);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html */
function linkProblem(s: Situation, integration: Integration): string | undefined {
  const { connectionType, connectionId, integrationTarget, type } = integration;
  if (connectionType === "INTERNET")
    return integrationTarget === undefined
      ? undefined
      : "integrationTarget needs the connection type VPC_LINK";
  if (connectionType !== "VPC_LINK")
    return `Invalid connection type '${connectionType}': INTERNET or VPC_LINK`;
  if (!type.startsWith("HTTP"))
    return "Connection type VPC_LINK is supported for HTTP and HTTP_PROXY integrations only";
  if (connectionId === undefined) return "A connectionId is required for the connection type VPC_LINK";
  if (connectionId.includes("${stageVariables.")) return undefined;
  const [first, second] = [s.find(connectionId, v1LinkType), s.find(connectionId, v2LinkType)];
  if (first === undefined && second === undefined)
    return `Invalid VPC link identifier specified: ${connectionId} does not exist in account ${s.account} in ${s.region}`;
  if (first !== undefined)
    return integrationTarget === undefined
      ? undefined
      : `integrationTarget cannot be used with the VPC link V1 ${connectionId}`;
  if (integrationTarget === undefined)
    return `integrationTarget, the ARN of a load balancer, is required with the VPC link V2 ${connectionId}`;
  const balancer = s.find(integrationTarget, ...balancerTypes);
  return balancer === undefined || balancerKind(balancer.outputs) === "gateway"
    ? `Invalid integration target: the load balancer '${integrationTarget}' does not exist in account ${s.account} in ${s.region}`
    : undefined;
}

/** What a method of an API looks like to a deployment. */
export interface ApiMethod {
  path: string;
  httpMethod: string;
  integrated: boolean;
}

/** All methods of an API: from its document and from separate resources. */
export function methodsOf(world: World, api: Held): ApiMethod[] {
  const of = (type: string): Held[] =>
    world.at(api, type).filter((held) => idOf(held.outputs.restApi) === api.id);
  const paths = new Map(of(resourceType).map((held) => [held.id, String(held.outputs.path)]));
  const place = (held: Held): string =>
    `${String(held.outputs.resourceId)} ${String(held.outputs.httpMethod)}`;
  const integrated = new Set(of(integrationType).map(place));
  const separate = of(methodType).map((held) => ({
    path: paths.get(String(held.outputs.resourceId)) ?? "/",
    httpMethod: String(held.outputs.httpMethod),
    integrated: integrated.has(place(held)),
  }));
  const body = text(api.outputs.body);
  return body === undefined ? separate : [...importDocument(body).methods, ...separate];
}

/** One method that sends its requests through a VPC link. */
export interface LinkUse {
  connectionId: string;
  path: string;
  httpMethod: string;
}

/** The methods of an API, from its document and from separate resources, that name a VPC link. */
export function linkUses(world: World, api: Held): LinkUse[] {
  const body = text(api.outputs.body);
  const imported = body === undefined ? [] : importDocument(body).methods;
  const fromDocument = imported.flatMap(({ path, httpMethod, integration }) => {
    const connectionId = integration && integrationOf(integration, true).connectionId;
    return connectionId === undefined ? [] : [{ connectionId, path, httpMethod }];
  });
  const separate = world
    .at(api, integrationType)
    .filter((held) => idOf(held.outputs.restApi) === api.id)
    .flatMap(({ outputs }) => {
      const connectionId = text(outputs.connectionId);
      const path = String(outputs.resourceId);
      return connectionId === undefined
        ? []
        : [{ connectionId, path, httpMethod: String(outputs.httpMethod) }];
    });
  return [...fromDocument, ...separate];
}

/** How many API resources an API has, the root and those from its document included. */
export function resourceCount(world: World, api: Held): number {
  const separate = world.at(api, resourceType).filter((held) => idOf(held.outputs.restApi) === api.id).length;
  const body = text(api.outputs.body);
  return separate + (body === undefined ? 1 : importDocument(body).resourcePaths.length);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const resourcesPerApi = 300;

/** Refuses more API resources than an API may have. */
export function checkResourceCount(count: number): void {
  refuse(
    count > resourcesPerApi,
    "LimitExceededException",
    `Maximum number of resources for this API has been reached: ${count}, ${resourcesPerApi} are allowed. Please contact AWS if you need additional resources.`,
  );
}

/** Refuses a policy that is no policy, or too long. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html */
export function checkPolicy(policy: unknown): void {
  const json = typeof policy === "string" ? policy : JSON.stringify(policy);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw badRequest(
      "Invalid policy document. Please check the policy syntax and ensure that Principals are valid: it is not JSON",
    );
  }
  const statements = objects(object(parsed).Statement);
  const complete = statements.every(
    (each) =>
      (each.Effect === "Allow" || each.Effect === "Deny") &&
      (each.Action ?? each.NotAction) !== undefined &&
      (each.Principal ?? each.NotPrincipal) !== undefined,
  );
  if (!isObject(parsed) || statements.length === 0 || !complete)
    throw badRequest(
      "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
    );
  const size = JSON.stringify(parsed).length;
  refuse(
    size > 8192,
    "LimitExceededException",
    `The resource policy has ${size} characters, 8192 are allowed`,
  );
}
