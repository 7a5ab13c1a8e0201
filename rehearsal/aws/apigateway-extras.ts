import { AwsError } from "./aws-error";
import type { Behaviour, Behaviours, Situation } from "./behaviour";
import { refuse } from "./behaviour";
import { idOf, mustHaveApi, stageType } from "./apigateway-facts";
import { object, objects, text, texts } from "./properties";

const arnOf = (s: Situation, path: string): string => `arn:${s.partition}:apigateway:${s.region}::${path}`;

function partOfApi(extra: Partial<Behaviour>): Behaviour {
  return {
    required: ["restApi"],
    replaceOn: ["restApi"],
    id: (s) => s.token(6, "alphanumeric"),
    check: (s) => {
      mustHaveApi(s, s.inputs.restApi);
    },
    importedAs: (held, id) => id === `${idOf(held.outputs.restApi)}/${held.id}`,
    ...extra,
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html */
function checkAuthorizer(s: Situation): void {
  mustHaveApi(s, s.inputs.restApi);
  const type = text(s.inputs.type) ?? "TOKEN";
  refuse(
    !["TOKEN", "REQUEST", "COGNITO_USER_POOLS"].includes(type),
    "BadRequestException",
    `Invalid authorizer type specified: ${type}`,
  );
  refuse(
    type === "COGNITO_USER_POOLS" && texts(s.inputs.providerArns).length === 0,
    "BadRequestException",
    "Authorizer of type COGNITO_USER_POOLS needs at least one provider ARN",
  );
  const uri = text(s.inputs.authorizerUri);
  refuse(
    type !== "COGNITO_USER_POOLS" && !/^arn:[^:]+:apigateway:[^:]+:lambda:path\//.test(uri ?? ""),
    "BadRequestException",
    `Invalid Authorizer URI: ${uri ?? ""}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
  );
}

/** What stands beside an API: account settings, authorizers, validators, models, usage plans, keys, domain names. */
export const apiExtraBehaviours: Behaviours = {
  "aws:apigateway/account:Account": {
    // The settings are there from the beginning: https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html
    identity: () => "account",
    id: () => "api-gateway-account",
    computed: () => ({
      apiKeyVersion: "4",
      features: ["UsagePlans"],
      throttleSettings: [{ burstLimit: 5000, rateLimit: 10_000 }],
    }),
    check: (s) => {
      const role = text(s.inputs.cloudwatchRoleArn);
      refuse(
        role !== undefined && !/^arn:[^:]+:iam::\d{12}:role\//.test(role),
        "BadRequestException",
        "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
      );
    },
  },
  "aws:apigateway/authorizer:Authorizer": partOfApi({
    autoName: { property: "name", maxLength: 255 },
    defaults: () => ({ type: "TOKEN", identitySource: "method.request.header.Authorization" }),
    computed: (s, id) => ({ arn: arnOf(s, `/restapis/${idOf(s.inputs.restApi)}/authorizers/${id}`) }),
    check: checkAuthorizer,
  }),
  "aws:apigateway/requestValidator:RequestValidator": partOfApi({
    autoName: { property: "name", maxLength: 255 },
    defaults: () => ({ validateRequestBody: false, validateRequestParameters: false }),
  }),
  "aws:apigateway/model:Model": partOfApi({
    required: ["contentType", "restApi"],
    replaceOn: ["restApi", "name", "contentType"],
    check: (s) => {
      mustHaveApi(s, s.inputs.restApi);
      const name = text(s.inputs.name);
      refuse(
        name !== undefined && !/^[a-zA-Z0-9]+$/.test(name),
        "BadRequestException",
        `Model name must be alphanumeric: ${name ?? ""}`,
      );
    },
    defaults: (s) => ({
      name: s.kept("name", s.logicalName.replace(/[^a-zA-Z0-9]/g, "") + s.token(7, "hex", "name")),
    }),
  }),
  "aws:apigateway/response:Response": {
    required: ["responseType", "restApiId"],
    replaceOn: ["responseType", "restApiId"],
    // https://docs.aws.amazon.com/apigateway/latest/api/API_PutGatewayResponse.html
    identity: ({ outputs }) => `${idOf(outputs.restApiId)} ${String(outputs.responseType)}`,
    id: (s) => `aggr-${idOf(s.inputs.restApiId)}-${String(s.inputs.responseType)}`,
    check: (s) => {
      mustHaveApi(s, s.inputs.restApiId);
    },
  },
  "aws:apigateway/usagePlan:UsagePlan": {
    autoName: { property: "name", maxLength: 255 },
    id: (s) => s.token(6, "alphanumeric"),
    computed: (s, id) => ({ arn: arnOf(s, `/usageplans/${id}`), tagsAll: object(s.inputs.tags) }),
    check: (s) => {
      for (const each of objects(s.inputs.apiStages)) {
        const api = mustHaveApi(s, each.apiId);
        const stage = s.find(`ags-${api.id}-${String(each.stage)}`, stageType);
        refuse(
          stage === undefined,
          "NotFoundException",
          `API Stage not found: ${api.id}:${String(each.stage)}`,
        );
      }
    },
    notFound: () => new AwsError("NotFoundException", "Invalid Usage Plan ID specified"),
  },
  "aws:apigateway/apiKey:ApiKey": {
    autoName: { property: "name", maxLength: 255 },
    replaceOn: ["value"],
    id: (s) => s.token(10, "alphanumeric"),
    defaults: (s) => ({
      description: "Managed by Pulumi",
      enabled: true,
      value: s.kept("value", s.token(32, "alphanumeric", "value")),
    }),
    computed: (s, id) => ({ arn: arnOf(s, `/apikeys/${id}`), tagsAll: object(s.inputs.tags) }),
    notFound: () => new AwsError("NotFoundException", "Invalid API Key identifier specified"),
  },
  "aws:apigateway/usagePlanKey:UsagePlanKey": {
    required: ["keyId", "keyType", "usagePlanId"],
    replaceOn: ["keyId", "keyType", "usagePlanId"],
    id: (s) => String(s.inputs.keyId),
    computed: (s) => {
      const key = s.find(text(s.inputs.keyId), "aws:apigateway/apiKey:ApiKey");
      return { name: key?.outputs.name, value: key?.outputs.value };
    },
    check: (s) => {
      const [key, plan] = [text(s.inputs.keyId), text(s.inputs.usagePlanId)];
      refuse(
        s.find(key, "aws:apigateway/apiKey:ApiKey") === undefined,
        "NotFoundException",
        "Invalid API Key identifier specified",
      );
      refuse(
        s.find(plan, "aws:apigateway/usagePlan:UsagePlan") === undefined,
        "NotFoundException",
        "Invalid Usage Plan ID specified",
      );
    },
  },
};
