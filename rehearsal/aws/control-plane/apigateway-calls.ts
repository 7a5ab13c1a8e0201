import { object, objects, text, texts } from "../properties";
import { type Actions, type Asked, changedInputs, onChange, type TypeEntry, typeCalls } from "./api-call";

const tagging = { tags: ["TagResource"] };

/** The name of the action tells what rate it has: an edge-optimized API, the default, takes ten times as long. */
function createAction({ inputs }: Asked): string {
  const [kind] = texts(object(inputs.endpointConfiguration).types);
  return kind === "REGIONAL" || kind === "PRIVATE" ? "CreateRestApi" : "CreateRestApi for edge";
}

/**
 * The import overwrites what the arguments have set, so the provider sets it once more. It leaves that call out when
 * the document says exactly the same; a generated name never does.
 */
const importDocument = ["PutRestApi", "UpdateRestApi"];

const createApi: Actions = (asked) => [
  createAction(asked),
  ...(text(asked.inputs.body) === undefined ? [] : importDocument),
];

const updateApi: Actions = (asked) => {
  const changed = new Set(changedInputs(asked));
  const tags = changed.delete("tags") ? tagging.tags : [];
  const document = changed.delete("body") ? importDocument : [];
  return [...tags, ...(changed.size > 0 ? ["UpdateRestApi"] : []), ...document];
};

/** Access logs and the client certificate are set on a stage that exists. */
const createStage: Actions = ({ inputs }) => [
  "CreateStage",
  ...(objects(inputs.accessLogSettings).length > 0 || text(inputs.clientCertificateId) !== undefined
    ? ["UpdateStage"]
    : []),
];

/** A part of an API with one call of each kind; `create` is the verb of its creation. */
function part(name: string, create: "Create" | "Put"): TypeEntry {
  return {
    create: [`${create}${name}`],
    read: [`Get${name}`],
    update: [`Update${name}`],
    delete: [`Delete${name}`],
  };
}

function link(): TypeEntry {
  return {
    // The second call is the wait until the link is available, or gone.
    create: ["CreateVpcLink", "GetVpcLink"],
    read: ["GetVpcLink"],
    update: onChange(tagging, ["UpdateVpcLink"]),
    delete: ["DeleteVpcLink", "GetVpcLink"],
  };
}

/**
 * API Gateway's calls, read in the provider's sources. V2 VPC links belong to another API of the same service.
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/apigateway
 */
export const apiGatewayCalls = {
  ...typeCalls("apigateway", {
    "aws:apigateway/restApi:RestApi": {
      create: createApi,
      read: ["GetRestApi", "GetResources"],
      update: updateApi,
      delete: ["DeleteRestApi"],
    },
    "aws:apigateway/resource:Resource": part("Resource", "Create"),
    "aws:apigateway/method:Method": part("Method", "Put"),
    "aws:apigateway/integration:Integration": part("Integration", "Put"),
    "aws:apigateway/authorizer:Authorizer": part("Authorizer", "Create"),
    "aws:apigateway/deployment:Deployment": part("Deployment", "Create"),
    "aws:apigateway/stage:Stage": {
      create: createStage,
      read: ["GetStage"],
      update: onChange(tagging, ["UpdateStage"]),
      delete: ["DeleteStage"],
    },
    "aws:apigateway/methodSettings:MethodSettings": {
      create: ["UpdateStage"],
      read: ["GetStage"],
      update: ["UpdateStage"],
      delete: ["UpdateStage"],
    },
    "aws:apigateway/account:Account": {
      create: ["UpdateAccount"],
      read: ["GetAccount"],
      update: ["UpdateAccount"],
      delete: ["UpdateAccount"],
    },
    "aws:apigateway/vpcLink:VpcLink": link(),
  }),
  ...typeCalls("apigatewayv2", { "aws:apigatewayv2/vpcLink:VpcLink": link() }),
};
