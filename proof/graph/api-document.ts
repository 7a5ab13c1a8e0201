import { parse } from "yaml";
import { Unknown, type Resource } from "../../resources/resource";
import type { ApiMethod, Authorization, Integration } from "./apis";
import { asNumber, asObject, asText } from "./values";

/** What an API's OpenAPI document says, or why it cannot be read. */
export type DocumentReading = { methods: ApiMethod[]; policy: unknown } | { untold: string };

const VERBS = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);
const ANY = "x-amazon-apigateway-any-method";

function parseBody(body: unknown): Record<string, unknown> | string {
  if (body instanceof Unknown) return "the API's document is not told by the file";
  if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  if (typeof body !== "string") return "the API's document is not text";
  try {
    const document: unknown = body.trimStart().startsWith("{") ? JSON.parse(body) : parse(body);
    return typeof document === "object" && document !== null
      ? (document as Record<string, unknown>)
      : "the API's document is not an object";
  } catch {
    return "the API's document is neither JSON nor YAML";
  }
}

/**
 * How a security scheme checks the caller.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
 */
function schemeAuthorization(scheme: unknown): Authorization {
  const entry = asObject(scheme);
  const authtype = asText(entry["x-amazon-apigateway-authtype"]);
  if (typeof authtype === "string" && authtype.toLowerCase() === "awssigv4") return "AWS_IAM";
  const authorizer = asObject(entry["x-amazon-apigateway-authorizer"]);
  if (authorizer.type === "cognito_user_pools") return "COGNITO_USER_POOLS";
  if (Object.keys(authorizer).length > 0 || authtype !== undefined) return "CUSTOM";
  return entry.type === "apiKey" ? "API_KEY" : "untold";
}

function readAuthorization(
  operation: Record<string, unknown>,
  document: Record<string, unknown>,
): Pick<ApiMethod, "authorization" | "authorizer" | "keyRequired"> {
  const auth = asText(asObject(operation["x-amazon-apigateway-auth"]).type);
  if (typeof auth === "string" && auth.toUpperCase() === "AWS_IAM")
    return { authorization: "AWS_IAM", keyRequired: undefined };
  const required = operation.security ?? document.security;
  const names = Array.isArray(required) ? required.flatMap((entry) => Object.keys(asObject(entry))) : [];
  const schemes = {
    ...asObject(document.securityDefinitions),
    ...asObject(asObject(document.components).securitySchemes),
  };
  const found = names.map((name) => ({
    authorizer: name,
    authorization: name in schemes ? schemeAuthorization(schemes[name]) : ("missing" as const),
  }));
  const keyRequired = found.some((entry) => entry.authorization === "API_KEY") ? "true" : undefined;
  const chosen = found.find((entry) => entry.authorization === "missing") ??
    found.find((entry) => entry.authorization !== "API_KEY") ??
    found[0] ?? { authorization: "NONE" as const };
  return { ...chosen, keyRequired };
}

function readIntegration(operation: Record<string, unknown>, resource: Resource): Integration | undefined {
  const extension = operation["x-amazon-apigateway-integration"];
  if (extension === undefined) return undefined;
  const entry = asObject(extension);
  return {
    type: extension instanceof Unknown ? extension : asText(entry.type),
    connectionType: asText(entry.connectionType),
    connectionId: asText(entry.connectionId),
    uri: asText(entry.uri),
    integrationTarget: asText(entry.integrationTarget),
    requestParameters: asObject(entry.requestParameters),
    timeout: asNumber(entry.timeoutInMillis),
    resource,
  };
}

/**
 * The methods of an OpenAPI document as API Gateway imports them: version 2.0 or 3.0, JSON or YAML.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function readDocument(
  body: unknown,
  resource: Resource,
  parameters: Record<string, unknown>,
): DocumentReading {
  const document = parseBody(body);
  if (typeof document === "string") return { untold: document };
  const basepath = asText(parameters.basepath) ?? "ignore";
  if (basepath !== "ignore")
    return { untold: "the API is imported with a base path of its own, which is not modelled" };
  const methods: ApiMethod[] = [];
  for (const [path, item] of Object.entries(asObject(document.paths))) {
    for (const [key, value] of Object.entries(asObject(item))) {
      const verb = key.toLowerCase();
      if (verb !== ANY && !VERBS.has(verb)) continue;
      const operation = asObject(value);
      const integration = readIntegration(operation, resource);
      methods.push({
        path: path.length > 1 ? path.replace(/\/+$/, "") : path,
        verb: verb === ANY ? "ANY" : verb.toUpperCase(),
        ...readAuthorization(operation, document),
        ...(integration === undefined ? {} : { integration }),
        absent: false,
        resource,
      });
    }
  }
  return { methods, policy: document["x-amazon-apigateway-policy"] };
}
