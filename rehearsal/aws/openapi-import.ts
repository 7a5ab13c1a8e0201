import { parse } from "yaml";
import type { Properties } from "./properties";
import { isObject, object, objects, text, texts } from "./properties";

/** One operation of an OpenAPI document as import makes a method of it. */
interface ImportedMethod {
  path: string;
  /** Upper case, `ANY` for `x-amazon-apigateway-any-method`. */
  httpMethod: string;
  integrated: boolean;
  /** The `x-amazon-apigateway-integration` extension. */
  integration?: Properties;
  /** Declared parameters as mapping expressions: `method.request.path.id`. */
  declared: string[];
}

/** What import makes of a document. Errors refuse it; warnings do so with `failOnWarnings`. */
export interface ImportedApi {
  title?: string;
  description?: string;
  /** The resource policy in the document. */
  policy?: unknown;
  methods: ImportedMethod[];
  /** Every API resource, the root and those between included. */
  resourcePaths: string[];
  errors: string[];
  warnings: string[];
}

const operationNames = [
  "get",
  "put",
  "post",
  "delete",
  "options",
  "head",
  "patch",
  "x-amazon-apigateway-any-method",
];
const pathItemFields = ["$ref", "summary", "description", "servers", "parameters"];
const cache = new Map<string, ImportedApi>();

/**
 * Reads an OpenAPI 2.0 or 3.0 document, JSON or YAML, as API Gateway's import does.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html and the important notes for REST
 * APIs, https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function importDocument(body: string): ImportedApi {
  const known = cache.get(body);
  if (known !== undefined) return known;
  if (cache.size > 32) cache.clear();
  const imported = read(body);
  cache.set(body, imported);
  return imported;
}

function read(body: string): ImportedApi {
  const api: ImportedApi = { methods: [], resourcePaths: ["/"], errors: [], warnings: [] };
  const document = parseText(body);
  if (document === undefined) {
    api.errors.push("Unable to parse API definition because of a malformed document");
    return api;
  }
  // YAML without quotes reads `swagger: 2.0` as a number.
  const version = text(document.openapi) ?? text(document.swagger) ?? (document.swagger === 2 ? "2.0" : "");
  const supported = document.openapi === undefined ? version === "2.0" : /^3\.0\.\d+$/.test(version);
  if (!supported) {
    api.errors.push(`Unsupported OpenAPI version '${version}': API Gateway imports 2.0 and 3.0`);
    return api;
  }
  const info = object(document.info);
  for (const name of ["title", "version"])
    if (info[name] === undefined) api.errors.push(`Parse issue: attribute info.${name} is missing`);
  api.title = text(info.title);
  api.description = text(info.description);
  api.policy = document["x-amazon-apigateway-policy"];
  if (!isObject(document.paths)) api.errors.push("Parse issue: attribute paths is missing");
  readModels(document, api);
  readPaths(document, api);
  return api;
}

function parseText(body: string): Properties | undefined {
  try {
    const value: unknown = body.trimStart().startsWith("{") ? JSON.parse(body) : parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readModels(document: Properties, api: ImportedApi): void {
  const models = { ...object(document.definitions), ...object(object(document.components).schemas) };
  for (const name of Object.keys(models))
    if (!/^[a-zA-Z0-9]+$/.test(name))
      // An error, not a warning: https://github.com/edx/api-manager/pull/259
      api.errors.push(`Unable to create model for '${name}': Model name must be alphanumeric: ${name}`);
  const unresolved = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) {
      const reference = text(value.$ref);
      if (reference !== undefined && resolve(document, reference) === undefined) unresolved.add(reference);
      Object.values(value).forEach(visit);
    }
  };
  visit(document);
  for (const reference of unresolved)
    if (reference.startsWith("#/"))
      api.warnings.push(`Reference to model '${reference}' not found. Ignoring.`);
    else api.errors.push(`Unable to resolve '${reference}': references to other files are not supported`);
}

function resolve(document: Properties, reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), document);
}

function followed(document: Properties, value: Properties): Properties {
  const reference = text(value.$ref);
  return reference === undefined ? value : object(resolve(document, reference));
}

function readPaths(document: Properties, api: ImportedApi): void {
  const variables = new Map<string, string>();
  const resources = new Set(["/"]);
  const operationIds = new Set<string>();
  for (const [path, raw] of Object.entries(object(document.paths))) {
    if (path.startsWith("x-")) continue;
    const problem = pathProblem(path, variables);
    if (problem !== undefined) {
      api.errors.push(`Unable to create resource at path '${path}': ${problem}`);
      continue;
    }
    const parts = path.split("/").filter((part) => part !== "");
    parts.forEach((_, index) => resources.add(`/${parts.slice(0, index + 1).join("/")}`));
    const item = followed(document, object(raw));
    for (const [name, operation] of Object.entries(item)) {
      if (operationNames.includes(name))
        readOperation(document, api, path, name, item, object(operation), operationIds);
      else if (!pathItemFields.includes(name) && !name.startsWith("x-"))
        api.errors.push(
          `Unable to create method '${name.toUpperCase()}' on resource at path '${path}': Invalid HTTP method specified`,
        );
    }
  }
  api.resourcePaths = [...resources];
}

/** Path parts: letters, digits, `_ - . , : $ ~` or one variable as a whole; one variable below each resource. */
function pathProblem(path: string, variables: Map<string, string>): string | undefined {
  if (!path.startsWith("/")) return "Invalid path: it must begin with '/'";
  if (path === "/") return undefined;
  const parts = path.slice(1).split("/");
  if (parts[parts.length - 1] === "") parts.pop();
  for (const [index, part] of parts.entries()) {
    const variable = /^\{[a-zA-Z0-9._$-]+(\+?)\}$/.exec(part);
    if (variable === null && !/^[a-zA-Z0-9._,:$~*-]+$/.test(part))
      return `Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end. ('${part}')`;
    if (variable?.[1] === "+" && index < parts.length - 1)
      return `Cannot create a child of a resource with a greedy path variable: '${part}'`;
    if (variable === null) continue;
    const parent = parts.slice(0, index).join("/");
    const sibling = variables.get(parent);
    if (sibling !== undefined && sibling !== part)
      return `A sibling (${sibling}) of this resource already has a variable path part -- only one is allowed`;
    variables.set(parent, part);
  }
  return undefined;
}

function readOperation(
  document: Properties,
  api: ImportedApi,
  path: string,
  name: string,
  item: Properties,
  operation: Properties,
  operationIds: Set<string>,
): void {
  const httpMethod = name.startsWith("x-") ? "ANY" : name.toUpperCase();
  const where = `method '${httpMethod}' on resource at path '${path}'`;
  const id = text(operation.operationId);
  if (id !== undefined && operationIds.has(id))
    api.warnings.push(`Parse issue: attribute paths.'${path}'(${name}).operationId is repeated`);
  if (id !== undefined) operationIds.add(id);
  const parameters = [...objects(item.parameters), ...objects(operation.parameters)].map((each) =>
    followed(document, each),
  );
  const integration = operation["x-amazon-apigateway-integration"];
  if (!isObject(integration)) api.warnings.push(`No integration defined for ${where}`);
  api.methods.push({
    path,
    httpMethod,
    integrated: isObject(integration),
    integration: isObject(integration) ? integration : undefined,
    declared: parameters.flatMap((parameter) => declaration(parameter, where, api)),
  });
  const problem = securityProblem(document, operation);
  if (problem !== undefined) api.errors.push(`Unable to put ${where}: ${problem}`);
}

const places: Record<string, string> = { path: "path", query: "querystring", header: "header" };

function declaration(parameter: Properties, where: string, api: ImportedApi): string[] {
  const place = places[String(parameter.in)];
  if (parameter.in === "body" || parameter.in === "formData") return [];
  if (place === undefined) {
    api.warnings.push(`Unsupported parameter location '${String(parameter.in)}' of ${where}`);
    return [];
  }
  const name = String(parameter.name);
  if (!/^[a-zA-Z0-9._$-]+$/.test(name)) {
    api.warnings.push(`Invalid parameter name '${name}' of ${where}: only a-zA-Z0-9._$- are allowed`);
    return [];
  }
  return [`method.request.${place}.${name}`];
}

/** Each scheme that a method requires must be declared; an authorizer among them must be complete. */
function securityProblem(document: Properties, operation: Properties): string | undefined {
  const schemes = {
    ...object(document.securityDefinitions),
    ...object(object(document.components).securitySchemes),
  };
  for (const requirement of objects(operation.security ?? document.security))
    for (const name of Object.keys(requirement)) {
      const scheme = schemes[name];
      if (!isObject(scheme))
        return `Invalid authorizer ID specified. The security scheme '${name}' is not defined`;
      const authorizer = scheme["x-amazon-apigateway-authorizer"];
      if (!isObject(authorizer)) continue;
      const type = String(authorizer.type).toLowerCase();
      if (
        type === "cognito_user_pools"
          ? texts(authorizer.providerARNs).length === 0
          : text(authorizer.authorizerUri) === undefined
      )
        return `Invalid authorizer '${name}': ${type === "cognito_user_pools" ? "providerARNs" : "authorizerUri"} is required`;
    }
  return undefined;
}
