import type { ApiPlan, PlannedRoute, PlannedTarget } from "./api-plan";
import { deployedScheme, schemeName, securityOf } from "./authorizer";
import type { JsonObject } from "./openapi-document";
import type { PolicyDocument } from "./resource-policy";

/** Where the API sends a target's requests. */
export interface IntegrationEndpoint {
  /** Id of the VPC link. */
  connectionId: string;
  /** `scheme://host:port`, nothing behind it: Host header, certificate name, and the port that selects the listener. */
  origin: string;
  /** ARN of the load balancer; with a VPC link V2 only, which reaches several. */
  integrationTarget?: string;
  /** Accept a certificate of a private authority; name and expiry are checked all the same. Default: false. */
  insecureSkipVerification?: boolean;
}

/** What the deployed document holds beside the plan. */
export interface DeploymentOptions {
  /** Becomes the API's name. */
  title: string;
  description?: string;
  /** Endpoint of each target, by the target's name. */
  endpoints: Readonly<Record<string, IntegrationEndpoint>>;
  policy: PolicyDocument;
}

/**
 * The OpenAPI 3.0.1 document that API Gateway imports: paths, parameters, security, integrations and the resource
 * policy, and nothing of a provider's schemas or texts, so that only what the API does can change it.
 *
 * How a request reaches the target: the base path is taken off and the target's prefix put in front, so with base path
 * `/payments` and prefix `/v1`, `/payments` arrives as `/v1/` and `/payments/a/b` as `/v1/a/b`. Headers, query strings
 * and the body pass without being declared: with `http_proxy`, "API Gateway simply passes the entire request and response
 * between the frontend and the backend" (page "Set up a proxy integration with a proxy resource"), except for what
 * "Amazon API Gateway important notes" lists, and bodies only as long as the API takes every media type for a binary
 * one. Parameters are declared for the console and for generated clients; nothing validates them. Only path variables
 * need a mapping.
 *
 * Pages "x-amazon-apigateway-integration object" and "x-amazon-apigateway-policy" of the API Gateway Developer Guide.
 * Throws when a target has no endpoint.
 */
export function deployedDocument(plan: ApiPlan, options: DeploymentOptions): JsonObject {
  const targets = new Map(plan.targets.map((target) => [target.name, target]));
  const paths: Record<string, JsonObject> = {};
  const schemes: Record<string, JsonObject> = {};
  for (const route of plan.routes) {
    const target = targets.get(route.target);
    const endpoint = Object.hasOwn(options.endpoints, route.target)
      ? options.endpoints[route.target]
      : undefined;
    if (target === undefined || endpoint === undefined)
      throw new Error(`target ${route.target} has no endpoint`);
    const key = route.method === "any" ? "x-amazon-apigateway-any-method" : route.method;
    (paths[route.path] ??= {})[key] = deployedOperation(route, target, endpoint);
    const [name, scheme] = [schemeName(target.authorizer), deployedScheme(target.authorizer)];
    if (name !== undefined && scheme !== undefined) schemes[name] = scheme;
  }
  return {
    openapi: "3.0.1",
    info: {
      title: options.title,
      ...(options.description === undefined ? {} : { description: options.description }),
      version: "1.0",
    },
    paths,
    components: { securitySchemes: schemes },
    "x-amazon-apigateway-policy": options.policy,
  };
}

function deployedOperation(
  route: PlannedRoute,
  target: PlannedTarget,
  endpoint: IntegrationEndpoint,
): JsonObject {
  const parameters = route.parameters.map(({ name, in: place, required }) => ({
    name,
    in: place,
    required,
    schema: { type: "string" },
  }));
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: { "200": { description: "The target's response" } },
    security: securityOf(target.authorizer),
    "x-amazon-apigateway-integration": integration(route, target, endpoint),
  };
}

function integration(route: PlannedRoute, target: PlannedTarget, endpoint: IntegrationEndpoint): JsonObject {
  const variables = route.parameters.filter((parameter) => parameter.in === "path");
  const mappings = variables.map(({ name }) => [
    `integration.request.path.${name}`,
    `method.request.path.${name}`,
  ]);
  return {
    type: "http_proxy",
    httpMethod: route.method.toUpperCase(),
    uri: `${endpoint.origin}${route.targetPath}`,
    connectionType: "VPC_LINK",
    connectionId: endpoint.connectionId,
    ...(endpoint.integrationTarget === undefined ? {} : { integrationTarget: endpoint.integrationTarget }),
    ...(mappings.length === 0 ? {} : { requestParameters: Object.fromEntries(mappings) }),
    passthroughBehavior: "when_no_match",
    timeoutInMillis: target.timeoutMilliseconds,
    ...(endpoint.insecureSkipVerification === true ? { tlsConfig: { insecureSkipVerification: true } } : {}),
  };
}
