import { Unknown, type Resource, type StackResources } from "../../resources/resource";
import type { Inventory } from "./inventory";
import { readDocument } from "./api-document";
import { PolicySources } from "./api-policies";
import { asNumber, asObject, asText, known, onlyRead, property, text, type Text } from "./values";

/** How a method's caller is checked. */
export type Authorization =
  "NONE" | "API_KEY" | "AWS_IAM" | "CUSTOM" | "COGNITO_USER_POOLS" | "untold" | "missing";

/** What a method does with a request. */
export interface Integration {
  type: Text;
  connectionType: Text;
  connectionId: Text;
  uri: Text;
  integrationTarget: Text;
  requestParameters: Record<string, unknown>;
  timeout?: number;
  resource: Resource;
}

/** One method of an API. */
export interface ApiMethod {
  /** Path of the API resource, for example `/payments/{id}`; undefined when the files do not tell. */
  path?: string;
  verb: string;
  authorization: Authorization;
  /** The authorizer named, for messages. */
  authorizer?: string;
  integration?: Integration;
  /** The API's method itself is in no file; only its integration is. */
  absent: boolean;
  /** Callers must send a key. */
  keyRequired: Text;
  resource: Resource;
}

/** A stage and the deployment that it serves. */
export interface ApiStage {
  name: string;
  resource: Resource;
  deploymentId: Text;
  variables: Record<string, unknown>;
}

/** A REST API. */
export interface Api {
  id: string;
  /** Missing when only parts of the API are in the files. */
  resource?: Resource;
  /** The first resource that names the API. */
  mention: Resource;
  stack: StackResources;
  account?: string;
  region?: string;
  methods: ApiMethod[];
  /** Reasons why there may be methods that are not among {@link methods}. */
  untold: string[];
  stages: ApiStage[];
  deployments: Set<string>;
  /** JSON text or object of the resource policy; undefined when there is none. */
  policy: unknown;
  /** True when both a document and resources set the policy and differ. */
  policyConflict: boolean;
}

const TREE_AUTHORIZATION: Record<string, Authorization> = {
  NONE: "NONE",
  AWS_IAM: "AWS_IAM",
  CUSTOM: "CUSTOM",
  COGNITO_USER_POOLS: "COGNITO_USER_POOLS",
};

const AUTHORIZER = "aws:apigateway/authorizer:Authorizer";

function treeIntegration(resource: Resource): Integration {
  return {
    type: text(resource, "type"),
    connectionType: text(resource, "connectionType"),
    connectionId: text(resource, "connectionId"),
    uri: text(resource, "uri"),
    integrationTarget: text(resource, "integrationTarget"),
    requestParameters: asObject(property(resource, "requestParameters")),
    timeout: asNumber(property(resource, "timeoutMilliseconds")),
    resource,
  };
}

/** Paths of API resources by resource id, put together from their parts. */
function treePaths(inventory: Inventory, roots: Map<string, string>): Map<string, string> {
  const parts = new Map<string, { parent?: string; part?: string }>();
  for (const { resource } of inventory.of("aws:apigateway/resource:Resource")) {
    parts.set(resource.id, { parent: known(resource, "parentId"), part: known(resource, "pathPart") });
  }
  const paths = new Map(roots);
  const resolve = (id: string, depth: number): string | undefined => {
    const found = paths.get(id);
    const own = parts.get(id);
    if (found !== undefined || own?.parent === undefined || own.part === undefined || depth > 40)
      return found;
    const parent = resolve(own.parent, depth + 1);
    if (parent === undefined) return undefined;
    const path = `${parent === "/" ? "" : parent}/${own.part}`;
    paths.set(id, path);
    return path;
  };
  for (const id of parts.keys()) resolve(id, 0);
  return paths;
}

function readTree(
  inventory: Inventory,
  api: (id: string | undefined, mention: Resource, stack: StackResources) => Api | undefined,
  roots: Map<string, string>,
): void {
  const paths = treePaths(inventory, roots);
  const authorizers = new Map(
    inventory.of(AUTHORIZER).map(({ resource }) => [resource.id, text(resource, "restApi")] as const),
  );
  /** A method with an authorizer needs one of its own API. */
  const checkedBy = (authorization: Authorization, method: Resource): Authorization => {
    if (authorization !== "CUSTOM" && authorization !== "COGNITO_USER_POOLS") return authorization;
    const id = text(method, "authorizerId");
    if (id instanceof Unknown) return "untold";
    if (id === undefined) return "missing";
    if (!authorizers.has(id)) return inventory.removed(method, AUTHORIZER) ? "missing" : "untold";
    const owner = authorizers.get(id);
    if (owner instanceof Unknown) return "untold";
    return owner === undefined || owner === known(method, "restApi") ? authorization : "missing";
  };
  const methods = new Map<string, ApiMethod>();
  const key = (resource: Resource): string =>
    [known(resource, "restApi"), known(resource, "resourceId"), known(resource, "httpMethod")].join(" ");
  for (const { resource, stack } of inventory.of("aws:apigateway/method:Method")) {
    const named = text(resource, "authorization");
    const authorizer = known(resource, "authorizerId");
    const authorization = typeof named === "string" ? (TREE_AUTHORIZATION[named] ?? "untold") : "untold";
    const method: ApiMethod = {
      path: paths.get(known(resource, "resourceId") ?? ""),
      verb: known(resource, "httpMethod") ?? "ANY",
      authorization: checkedBy(authorization, resource),
      authorizer,
      absent: false,
      keyRequired: text(resource, "apiKeyRequired"),
      resource,
    };
    methods.set(key(resource), method);
    api(known(resource, "restApi"), resource, stack)?.methods.push(method);
  }
  for (const { resource, stack } of inventory.of("aws:apigateway/integration:Integration")) {
    const method = methods.get(key(resource));
    const integration = treeIntegration(resource);
    if (method !== undefined) method.integration = integration;
    else
      api(known(resource, "restApi"), resource, stack)?.methods.push({
        path: paths.get(known(resource, "resourceId") ?? ""),
        verb: known(resource, "httpMethod") ?? "ANY",
        authorization: "untold",
        integration,
        absent: true,
        keyRequired: undefined,
        resource,
      });
  }
}

/**
 * REST APIs with the methods of their OpenAPI document and of their resource tree, their stages and their policy.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
 */
export function readApis(inventory: Inventory): Api[] {
  const apis = new Map<string, Api>();
  const roots = new Map<string, string>();
  const api = (id: string | undefined, mention: Resource, stack: StackResources): Api | undefined => {
    if (id === undefined) return undefined;
    const found: Api = apis.get(id) ?? {
      id,
      mention,
      stack,
      account: mention.account,
      region: mention.region,
      methods: [],
      untold: [],
      stages: [],
      deployments: new Set(),
      policy: undefined,
      policyConflict: false,
    };
    apis.set(id, found);
    return found;
  };
  const policies = new PolicySources();
  const addDocument = (to: Api, resource: Resource): void => {
    const body = property(resource, "body");
    if (body === undefined) return;
    const document = readDocument(body, resource, asObject(property(resource, "parameters")));
    if ("untold" in document) {
      to.untold.push(document.untold);
      return;
    }
    to.methods.push(...document.methods);
    policies.add(to.id, "document", resource, document.policy);
  };
  for (const { resource, stack } of inventory.of("aws:apigateway/restApi:RestApi")) {
    const found = api(resource.id, resource, stack);
    if (found === undefined || found.resource !== undefined) continue;
    found.resource = resource;
    const root = known(resource, "rootResourceId");
    if (root !== undefined) roots.set(root, "/");
    policies.add(
      found.id,
      onlyRead(resource, "policy") ? "copy" : "argument",
      resource,
      property(resource, "policy"),
    );
    addDocument(found, resource);
  }
  for (const { resource, stack } of inventory.of("aws:apigateway/restApiPut:RestApiPut")) {
    const found = api(known(resource, "restApiId"), resource, stack);
    if (found !== undefined) addDocument(found, resource);
  }
  for (const { resource, stack } of inventory.of("aws:apigateway/restApiPolicy:RestApiPolicy")) {
    const found = api(known(resource, "restApiId"), resource, stack);
    if (found !== undefined) policies.add(found.id, "attached", resource, property(resource, "policy"));
  }
  for (const found of apis.values()) Object.assign(found, policies.of(found.id));
  readTree(inventory, api, roots);
  for (const { resource, stack } of inventory.of("aws:apigateway/deployment:Deployment")) {
    api(known(resource, "restApi"), resource, stack)?.deployments.add(resource.id);
  }
  for (const { resource, stack } of inventory.of("aws:apigateway/stage:Stage")) {
    api(known(resource, "restApi"), resource, stack)?.stages.push({
      name: known(resource, "stageName") ?? "",
      resource,
      deploymentId: asText(property(resource, "deployment")),
      variables: asObject(property(resource, "variables")),
    });
  }
  // Earlier versions of the provider let a deployment make a stage.
  for (const { resource, stack } of inventory.of("aws:apigateway/deployment:Deployment")) {
    const name = known(resource, "stageName");
    const found = name === undefined ? undefined : api(known(resource, "restApi"), resource, stack);
    if (name === undefined || found === undefined || found.stages.some((stage) => stage.name === name))
      continue;
    const variables = asObject(property(resource, "variables"));
    found.stages.push({ name, resource, deploymentId: resource.id, variables });
  }
  for (const type of ["method:Method", "integration:Integration"]) {
    if (!inventory.untold(`aws:apigateway/${type}`, "restApi")) continue;
    for (const found of apis.values()) found.untold.push(`a ${type.split(":")[0]} does not tell its API`);
  }
  for (const found of apis.values()) found.stages.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...apis.values()];
}
