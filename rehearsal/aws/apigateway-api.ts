import { AwsError } from "./aws-error";
import type { Behaviours, Situation } from "./behaviour";
import { refuse } from "./behaviour";
import {
  badRequest,
  checkPolicy,
  checkResourceCount,
  deploymentType,
  idOf,
  integrationOf,
  integrationProblem,
  linkUses,
  methodsOf,
  mustHaveApi,
  restApiType,
  stageType,
} from "./apigateway-facts";
import { importDocument } from "./openapi-import";
import type { Properties } from "./properties";
import { isObject, number, object, objects, text, yes } from "./properties";
import type { Held, World } from "./world";

/** A fixed point in time: outputs do not depend on the clock. */
const created = "2026-01-01T00:00:00Z";

function checkApi(s: Situation): void {
  const kind = text(object(s.inputs.endpointConfiguration).types) ?? "EDGE";
  refuse(
    !["EDGE", "REGIONAL", "PRIVATE"].includes(kind),
    "BadRequestException",
    `expected endpointConfiguration.types to be one of EDGE, PRIVATE, REGIONAL, got ${kind}`,
  );
  const name = s.physicalName();
  refuse(name.length > 1024, "BadRequestException", "API name is limited to 1024 characters");
  if (s.inputs.policy !== undefined) checkPolicy(s.inputs.policy);
  const body = text(s.inputs.body);
  if (body === undefined) return;
  const imported = importDocument(body);
  const errors = [...imported.errors];
  for (const method of imported.methods) {
    if (method.integration === undefined) continue;
    const problem = integrationProblem(s, integrationOf(method.integration, true), method.declared);
    if (problem !== undefined)
      errors.push(
        `Unable to put integration on '${method.httpMethod}' for resource at path '${method.path}': ${problem}`,
      );
  }
  if (errors.length > 0) throw badRequest(`Errors found during import:\n\t${errors.join("\n\t")}`);
  if (yes(s.inputs.failOnWarnings) && imported.warnings.length > 0)
    throw badRequest(`Warnings found during import:\n\t${imported.warnings.join("\n\t")}`);
  checkResourceCount(imported.resourcePaths.length);
  if (imported.policy !== undefined) checkPolicy(imported.policy);
}

function apiDefaults(s: Situation): Properties {
  const body = text(s.inputs.body);
  const imported = body === undefined ? undefined : importDocument(body);
  const policy = imported?.policy;
  return {
    apiKeySource: "HEADER",
    binaryMediaTypes: [],
    description: imported?.description ?? "",
    disableExecuteApiEndpoint: false,
    failOnWarnings: false,
    putRestApiMode: "overwrite",
    minimumCompressionSize: "",
    ...(policy === undefined ? {} : { policy: typeof policy === "string" ? policy : JSON.stringify(policy) }),
    endpointConfiguration: { types: "EDGE", ipAddressType: "ipv4" },
  };
}

function checkDeployment(s: Situation): void {
  const api = mustHaveApi(s, s.inputs.restApi);
  const methods = methodsOf(s.world, api);
  const policies = s.world
    .at(s, "aws:apigateway/restApiPolicy:RestApiPolicy")
    .some((held) => idOf(held.outputs.restApiId) === api.id);
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
  refuse(
    object(api.outputs.endpointConfiguration).types === "PRIVATE" &&
      !policies &&
      api.outputs.policy === undefined,
    "BadRequestException",
    "Private REST API doesn't have a resource policy attached to it",
  );
  refuse(methods.length === 0, "BadRequestException", "The REST API doesn't contain any methods");
  const bare = methods.find((method) => !method.integrated);
  refuse(
    bare !== undefined,
    "BadRequestException",
    `No integration defined for method (${bare?.httpMethod ?? ""} ${bare?.path ?? ""})`,
  );
}

/** Refuses logging in an account whose account-wide role is not set. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
function checkLogging(s: Situation, wanted: boolean): void {
  const role = s.world
    .at(s, "aws:apigateway/account:Account")
    .some((held) => text(held.outputs.cloudwatchRoleArn));
  refuse(
    wanted && !role,
    "BadRequestException",
    "CloudWatch Logs role ARN must be set in account settings to enable logging",
  );
}

function checkStage(s: Situation): void {
  const api = mustHaveApi(s, s.inputs.restApi);
  const name = String(s.inputs.stageName);
  refuse(
    !/^[a-zA-Z0-9_-]{1,128}$/.test(name),
    "BadRequestException",
    `Stage name only allows a-zA-Z0-9_- and at most 128 characters: '${name}'`,
  );
  const deployment = s.find(idOf(s.inputs.deployment), deploymentType);
  refuse(
    deployment === undefined || idOf(deployment.outputs.restApi) !== api.id,
    "BadRequestException",
    `Invalid deployment identifier specified: ${idOf(s.inputs.deployment)} is not a deployment of the API ${api.id}`,
  );
  const siblings = s.others(stageType).filter((other) => idOf(other.outputs.restApi) === api.id);
  refuse(
    siblings.some((other) => other.outputs.stageName === name),
    "ConflictException",
    "Stage already exists",
  );
  refuse(
    siblings.length >= 10,
    "LimitExceededException",
    "Maximum number of stages for this API has been reached: 10",
  );
  const logs = s.inputs.accessLogSettings;
  const stream = isObject(logs)
    ? /:firehose:.*:deliverystream\/(.*)$/.exec(String(logs.destinationArn))
    : null;
  checkLogging(s, isObject(logs) && stream === null);
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-logging-to-kinesis.html: with a role of the service's own
  refuse(
    stream !== null && !String(stream[1]).startsWith("amazon-apigateway-"),
    "BadRequestException",
    `The name of the Firehose stream '${stream?.[1] ?? ""}' must begin with amazon-apigateway-`,
  );
  if (isObject(logs))
    refuse(
      text(logs.destinationArn) === undefined ||
        !String(logs.destinationArn).startsWith("arn:") ||
        text(logs.format) === undefined,
      "BadRequestException",
      "accessLogSettings needs the ARN of a log group or delivery stream, and a format",
    );
  if (
    isObject(logs) &&
    /:log-group:/.test(String(logs.destinationArn)) &&
    !/:\*$/.test(String(logs.destinationArn))
  ) {
    const group = s.world
      .at(s, "aws:cloudwatch/logGroup:LogGroup")
      .some((held) => held.outputs.arn === logs.destinationArn);
    refuse(!group, "NotFoundException", `The log group '${String(logs.destinationArn)}' does not exist`);
  }
}

function stagesOf(world: World, held: Held, property: string): Held | undefined {
  return world.at(held, stageType).find((stage) => idOf(stage.outputs[property]) === held.id);
}

const arnOf = (s: Situation, path: string): string => `arn:${s.partition}:apigateway:${s.region}::${path}`;

/** REST APIs, their policies, deployments and stages. */
export const apiBehaviours: Behaviours = {
  [restApiType]: {
    autoName: { property: "name", maxLength: 255 },
    id: (s) => s.token(10, "alphanumeric"),
    defaults: apiDefaults,
    computed: (s, id) => {
      const kind = text(object(s.inputs.endpointConfiguration).types) ?? "EDGE";
      return {
        arn: arnOf(s, `/restapis/${id}`),
        executionArn: s.arn("execute-api", id),
        rootResourceId: s.previous?.outputs.rootResourceId ?? s.token(10, "alphanumeric", "root"),
        createdDate: created,
        endpointConfiguration: {
          types: kind,
          ipAddressType: kind === "PRIVATE" ? "dualstack" : "ipv4",
          ...object(s.inputs.endpointConfiguration),
        },
        tagsAll: object(s.inputs.tags),
      };
    },
    check: checkApi,
    notFound: (id) => new AwsError("NotFoundException", `Invalid API identifier specified ${id}`),
  },
  "aws:apigateway/restApiPolicy:RestApiPolicy": {
    required: ["policy", "restApiId"],
    replaceOn: ["restApiId"],
    // Part of the API: https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateRestApi.html
    identity: ({ outputs }) => idOf(outputs.restApiId),
    id: (s) => idOf(s.inputs.restApiId),
    check: (s) => {
      mustHaveApi(s, s.inputs.restApiId);
      checkPolicy(s.inputs.policy);
    },
  },
  [deploymentType]: {
    required: ["restApi"],
    replaceOn: ["restApi", "triggers", "variables"],
    id: (s) => s.token(6, "alphanumeric"),
    computed: () => ({ createdDate: created }),
    check: checkDeployment,
    arrived: (held, world) => {
      const api = world.find(held, idOf(held.outputs.restApi), restApiType);
      held.facts.links = api === undefined ? [] : linkUses(world, api);
    },
    removable: (held, world) => {
      const stage = stagesOf(world, held, "deployment");
      refuse(
        stage !== undefined,
        "BadRequestException",
        `Active stages pointing to this deployment must be moved or deleted (${String(stage?.outputs.stageName)})`,
      );
    },
    importedAs: (held, id) => id === `${idOf(held.outputs.restApi)}/${held.id}`,
    notFound: () => new AwsError("NotFoundException", "Invalid Deployment identifier specified"),
  },
  [stageType]: {
    required: ["deployment", "restApi", "stageName"],
    replaceOn: ["restApi", "stageName"],
    id: (s) => `ags-${idOf(s.inputs.restApi)}-${String(s.inputs.stageName)}`,
    defaults: () => ({ cacheClusterEnabled: false, xrayTracingEnabled: false }),
    computed: (s) => {
      const [api, stage] = [idOf(s.inputs.restApi), String(s.inputs.stageName)];
      const domain = s.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
      return {
        arn: arnOf(s, `/restapis/${api}/stages/${stage}`),
        executionArn: s.arn("execute-api", `${api}/${stage}`),
        invokeUrl: `https://${api}.execute-api.${s.region}.${domain}/${stage}`,
        webAclArn: "",
        tagsAll: object(s.inputs.tags),
      };
    },
    check: checkStage,
    importedAs: (held, id) => id === `${idOf(held.outputs.restApi)}/${String(held.outputs.stageName)}`,
    notFound: () => new AwsError("NotFoundException", "Invalid stage identifier specified"),
  },
  "aws:apigateway/methodSettings:MethodSettings": {
    required: ["methodPath", "restApi", "settings", "stageName"],
    replaceOn: ["methodPath", "restApi", "stageName"],
    // Part of the stage: https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html
    identity: ({ outputs }) =>
      [idOf(outputs.restApi), outputs.stageName, outputs.methodPath].map(String).join(" "),
    id: (s) => `${idOf(s.inputs.restApi)}-${String(s.inputs.stageName)}-${String(s.inputs.methodPath)}`,
    check: (s) => {
      const api = mustHaveApi(s, s.inputs.restApi);
      const stage = s.find(`ags-${api.id}-${String(s.inputs.stageName)}`, stageType);
      refuse(stage === undefined, "NotFoundException", "Invalid stage identifier specified");
      refuse(
        !/^([^/].*)?\/[A-Z*]+$/.test(String(s.inputs.methodPath)),
        "BadRequestException",
        `Invalid method setting path '${String(s.inputs.methodPath)}': resource path without leading slash, then the method, or */*`,
      );
      const settings = objects(s.inputs.settings)[0] ?? {};
      const level = text(settings.loggingLevel) ?? "OFF";
      refuse(
        !["OFF", "ERROR", "INFO"].includes(level),
        "BadRequestException",
        `Invalid logging level: ${level}`,
      );
      checkLogging(s, level !== "OFF");
      for (const name of ["throttlingBurstLimit", "throttlingRateLimit"])
        refuse(
          (number(settings[name]) ?? 0) < -1,
          "BadRequestException",
          `Invalid ${name}: ${String(settings[name])}`,
        );
    },
  },
};
