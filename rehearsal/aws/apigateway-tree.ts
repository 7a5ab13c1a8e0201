import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import {
  badRequest,
  checkResourceCount,
  idOf,
  integrationOf,
  integrationProblem,
  integrationType,
  methodType,
  mustHaveApi,
  resourceCount,
  resourceType,
} from "./apigateway-facts";
import type { Properties } from "./properties";
import { object, text } from "./properties";
import type { Held } from "./world";

function separateRoot(s: Situation, api: Held, parentId: string): string {
  if (parentId === api.outputs.rootResourceId) return "";
  const parent = must(
    s.find(parentId, resourceType),
    "NotFoundException",
    "Invalid Resource identifier specified",
  );
  refuse(
    idOf(parent.outputs.restApi) !== api.id,
    "NotFoundException",
    "Invalid Resource identifier specified",
  );
  return String(parent.outputs.path);
}

function checkResource(s: Situation): void {
  const api = mustHaveApi(s, s.inputs.restApi);
  const parentPath = separateRoot(s, api, String(s.inputs.parentId));
  const part = String(s.inputs.pathPart);
  const variable = /^\{[a-zA-Z0-9._$-]+\+?\}$/.test(part);
  refuse(
    !variable && !/^[a-zA-Z0-9._,:$~*-]+$/.test(part),
    "BadRequestException",
    `Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end. ('${part}')`,
  );
  refuse(
    parentPath.endsWith("+}"),
    "BadRequestException",
    "Cannot create a child of a resource with a greedy path variable.",
  );
  for (const other of s.others(resourceType)) {
    if (other.outputs.parentId !== s.inputs.parentId || idOf(other.outputs.restApi) !== api.id) continue;
    const otherPart = String(other.outputs.pathPart);
    refuse(
      otherPart === part,
      "ConflictException",
      `Another resource with the same parent already has this name: ${part}`,
    );
    refuse(
      variable && otherPart.startsWith("{"),
      "BadRequestException",
      `A sibling (${otherPart}) of this resource already has a variable path part -- only one is allowed`,
    );
  }
  if (s.previous === undefined) checkResourceCount(resourceCount(s.world, api) + 1);
}

const httpMethods = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

function methodKey(properties: Properties): string {
  return `${idOf(properties.restApi)}-${String(properties.resourceId)}-${String(properties.httpMethod)}`;
}

function mustHaveMethod(s: Situation): Held {
  mustHaveApi(s, s.inputs.restApi);
  return must(
    s.find(`agm-${methodKey(s.inputs)}`, methodType),
    "NotFoundException",
    "Invalid Method identifier specified",
  );
}

function checkMethod(s: Situation): void {
  const api = mustHaveApi(s, s.inputs.restApi);
  separateRoot(s, api, String(s.inputs.resourceId));
  const method = String(s.inputs.httpMethod);
  refuse(!httpMethods.includes(method), "BadRequestException", `Invalid HTTP method specified: ${method}`);
  refuse(
    s.others(methodType).some((other) => methodKey(other.outputs) === methodKey(s.inputs)),
    "ConflictException",
    "Method already exists for this resource",
  );
  const authorization = String(s.inputs.authorization);
  refuse(
    !["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"].includes(authorization),
    "BadRequestException",
    `Invalid authorization type specified: ${authorization}`,
  );
  if (authorization !== "CUSTOM" && authorization !== "COGNITO_USER_POOLS") return;
  const authorizer = s.find(text(s.inputs.authorizerId), "aws:apigateway/authorizer:Authorizer");
  refuse(
    authorizer === undefined || idOf(authorizer.outputs.restApi) !== api.id,
    "BadRequestException",
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
  );
}

function checkIntegration(s: Situation): void {
  const method = mustHaveMethod(s);
  const declared = Object.keys(object(method.outputs.requestParameters));
  const problem = integrationProblem(s, integrationOf(s.inputs, false), declared);
  if (problem !== undefined) throw badRequest(problem);
}

/** An API as a tree of separate resources: path parts, methods, integrations and their responses. */
export const apiTreeBehaviours: Behaviours = {
  [resourceType]: {
    required: ["parentId", "pathPart", "restApi"],
    replaceOn: ["restApi"],
    id: (s) => s.token(6, "alphanumeric"),
    computed: (s) => {
      const parent = s.find(text(s.inputs.parentId), resourceType);
      return {
        path: `${parent === undefined ? "" : String(parent.outputs.path)}/${String(s.inputs.pathPart)}`,
      };
    },
    check: checkResource,
    importedAs: (held, id) => id === `${idOf(held.outputs.restApi)}/${held.id}`,
    notFound: () => new AwsError("NotFoundException", "Invalid Resource identifier specified"),
  },
  [methodType]: {
    required: ["authorization", "httpMethod", "resourceId", "restApi"],
    replaceOn: ["httpMethod", "resourceId", "restApi"],
    id: (s) => `agm-${methodKey(s.inputs)}`,
    defaults: () => ({ apiKeyRequired: false }),
    check: checkMethod,
    importedAs: (held, id) => id.replaceAll("/", "-") === methodKey(held.outputs),
    notFound: () => new AwsError("NotFoundException", "Invalid Method identifier specified"),
  },
  [integrationType]: {
    required: ["httpMethod", "resourceId", "restApi", "type"],
    replaceOn: [
      ...["httpMethod", "resourceId", "restApi", "type"],
      ...["credentials", "integrationHttpMethod", "passthroughBehavior"],
    ],
    // https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go
    deletedFirst: true,
    // One that is there is written over: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    identity: ({ outputs }) => methodKey(outputs),
    id: (s) => `agi-${methodKey(s.inputs)}`,
    defaults: (s) => ({
      connectionType: "INTERNET",
      timeoutMilliseconds: 29_000,
      passthroughBehavior: "WHEN_NO_MATCH",
      cacheNamespace: String(s.inputs.resourceId),
    }),
    check: checkIntegration,
  },
  "aws:apigateway/methodResponse:MethodResponse": {
    required: ["httpMethod", "resourceId", "restApi", "statusCode"],
    replaceOn: ["httpMethod", "resourceId", "restApi", "statusCode"],
    id: (s) => `agmr-${methodKey(s.inputs)}-${String(s.inputs.statusCode)}`,
    check: (s) => {
      mustHaveMethod(s);
      refuse(
        !/^[1-5]\d\d$/.test(String(s.inputs.statusCode)),
        "BadRequestException",
        `Invalid status code ${String(s.inputs.statusCode)}`,
      );
    },
  },
  "aws:apigateway/integrationResponse:IntegrationResponse": {
    required: ["httpMethod", "resourceId", "restApi", "statusCode"],
    replaceOn: ["httpMethod", "resourceId", "restApi", "statusCode"],
    // https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html
    identity: ({ outputs }) => `${methodKey(outputs)} ${String(outputs.statusCode)}`,
    id: (s) => `agir-${methodKey(s.inputs)}-${String(s.inputs.statusCode)}`,
    check: (s) => {
      mustHaveMethod(s);
      refuse(
        s.find(`agi-${methodKey(s.inputs)}`, integrationType) === undefined,
        "NotFoundException",
        "Invalid Integration identifier specified",
      );
      refuse(
        s.find(
          `agmr-${methodKey(s.inputs)}-${String(s.inputs.statusCode)}`,
          "aws:apigateway/methodResponse:MethodResponse",
        ) === undefined,
        "NotFoundException",
        "Invalid Response status code specified",
      );
    },
  },
};
