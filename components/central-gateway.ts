import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { planGatewayApi } from "./gateway-arguments";
import { deployedDocument } from "./openapi/deployed-document";
import { documentHash } from "./openapi/document-hash";
import { type ApiPlan } from "./openapi/api-plan";
import { type OpenApiDocument } from "./openapi/openapi-document";
import { readerDocument } from "./openapi/reader-document";
import { type PolicyDocument } from "./openapi/resource-policy";
import { originOf, type PrivateApiTarget } from "./private-api-target";
import { refuseProblems } from "./validation";

/** One target in the API. */
export interface GatewayRouteArgs {
  /** The target; it brings its base path and integration. */
  target: PrivateApiTarget;
  /** `AWS_IAM`, the ARN of a Lambda function or Cognito user pool, or `NONE`. Defaults to `AWS_IAM`. */
  authorizer?: string;
  /** Integration time-out in milliseconds, from 50 to 29000. Defaults to 29000. */
  timeoutMilliseconds?: number;
  /** Path at the target in front of every operation's path. Defaults to that of the document's first server, else none. */
  pathPrefix?: string;
  /** The provider's OpenAPI document. Left out: all methods and paths below the base path go to the target. */
  document?: OpenApiDocument;
}

/** Who may call targets that are authorised with IAM. All empty: the API's own account. */
export interface CallersArgs {
  /** Account ids. */
  accounts?: string[];
  /** Organization id, `o-...`. */
  organization?: string;
  /** Role ARNs. */
  roles?: string[];
}

/** Limits of each method of the stage. */
export interface ThrottlingArgs {
  /** Requests per second. Defaults to 1000. */
  rateLimit?: number;
  /** Requests at once above the rate. Defaults to 500. */
  burstLimit?: number;
}

export interface CentralGatewayArgs {
  /** The API's own account, 12 digits. */
  account: string;
  /** The API's region. */
  region: string;
  /** The targets; at least one. */
  routes: GatewayRouteArgs[];
  /** Who may call. Defaults to the API's own account. */
  callers?: CallersArgs;
  /** Name of the stage, the first part of the URL's path. Defaults to `live`. */
  stageName?: string;
  /** Throttling of each method. */
  throttling?: ThrottlingArgs;
  /** Days for which access logs are kept. Defaults to 90. */
  logRetentionDays?: number;
  /**
   * The account's CloudWatch role setting, when the same stack owns it: API Gateway refuses to log without one.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  loggingRole?: pulumi.Resource;
}

/** What an access log line tells, one JSON object a request. Clients can set requestId, so the extended one is there, too. */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  time: "$context.requestTime",
  caller: "$context.identity.userArn",
  callerAccount: "$context.identity.accountId",
  principal: "$context.authorizer.principalId",
  sourceIp: "$context.identity.sourceIp",
  target: "$context.resourcePath",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
  responseLatency: "$context.responseLatency",
  error: "$context.error.message",
});

/**
 * The central API: one regional REST API from one OpenAPI document that is made of the targets' integrations and the
 * providers' documents, its deployment and stage, with access logs, X-Ray, throttling and a resource policy.
 *
 * The deployment is renewed when, and only when, the hash of the resolved document changes. It waits for all listeners,
 * attachments and security group rules of the targets and their balancers. The policy stands in the document and in the API's own argument,
 * because the provider writes the latter again after each import of the former.
 */
export class CentralGateway extends pulumi.ComponentResource {
  /** Id of the REST API. */
  readonly restApiId: pulumi.Output<string>;
  /** URL of the stage. */
  readonly url: pulumi.Output<string>;
  private readonly plan: ApiPlan;
  private readonly title: string;

  constructor(name: string, args: CentralGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const stageName = args.stageName ?? "live";
    super(
      "central-private-gateway:index:CentralGateway",
      name,
      { targets: args.routes.map(targetName).sort(), stageName },
      opts,
    );
    const { plan, policy, problems } = planGatewayApi(args);
    refuseProblems("CentralGateway", name, problems);

    const document = this.resolveDocument(name, args.routes, plan, policy);
    const api = this.createApi(name, document, policy);
    const deployment = this.deploy(name, api, document, args.routes);
    const stage = this.createStage(name, api, deployment, stageName, args);
    this.throttle(name, api, stage, args.throttling);

    this.restApiId = api.id;
    this.url = stage.invokeUrl;
    this.plan = plan;
    this.title = name;
    this.registerOutputs({ restApiId: this.restApiId, url: this.url });
  }

  /** The full merged document for readers, as JSON. Nothing is deployed from it; it is made when it is asked for. */
  get readerDocument(): pulumi.Output<string> {
    return this.url.apply((serverUrl) =>
      JSON.stringify(readerDocument(this.plan, { title: this.title, version: "1", serverUrl })),
    );
  }

  private resolveDocument(
    name: string,
    routes: GatewayRouteArgs[],
    plan: ApiPlan,
    policy: PolicyDocument,
  ): pulumi.Output<object> {
    // Targets share balancers and links, so each output is resolved once, however many targets name it.
    const distinct = new Map<pulumi.Output<string>, number>();
    const indexOf = (output: pulumi.Output<string>) => {
      const index = distinct.get(output) ?? distinct.size;
      distinct.set(output, index);
      return index;
    };
    const endpoints = routes.map(({ target }) => {
      const { connectionId, integrationTarget } = target.integration;
      return {
        target,
        connection: indexOf(connectionId),
        host: indexOf(target.host),
        balancer: integrationTarget === undefined ? undefined : indexOf(integrationTarget),
      };
    });
    return pulumi.all([...distinct.keys()]).apply((resolved) => {
      const value = (index: number) => resolved[index] ?? "";
      return deployedDocument(plan, {
        title: name,
        endpoints: Object.fromEntries(
          endpoints.map(({ target, connection, host, balancer }) => [
            target.targetName,
            {
              connectionId: value(connection),
              origin: originOf(target, value(host)),
              ...(balancer === undefined ? {} : { integrationTarget: value(balancer) }),
              insecureSkipVerification: target.integration.insecureSkipVerification,
            },
          ]),
        ),
        policy,
      });
    });
  }

  private createApi(
    name: string,
    document: pulumi.Output<object>,
    policy: PolicyDocument,
  ): aws.apigateway.RestApi {
    return new aws.apigateway.RestApi(
      `${name}-api`,
      {
        body: document.apply((body) => JSON.stringify(body)),
        policy: JSON.stringify(policy),
        endpointConfiguration: { types: "REGIONAL" },
        failOnWarnings: true,
        putRestApiMode: "overwrite",
        // The provider writes these again after each import; left out they would be reset.
        apiKeySource: "HEADER",
        disableExecuteApiEndpoint: false,
        // Without this an image, or a body that a service has compressed, is decoded as UTF-8 text on its way and spoilt.
        // Not in the document, too: the provider then removes and adds the type in one request.
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
        binaryMediaTypes: ["*/*"],
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  private deploy(
    name: string,
    api: aws.apigateway.RestApi,
    document: pulumi.Output<object>,
    routes: GatewayRouteArgs[],
  ): aws.apigateway.Deployment {
    // Each once: the SDK looks up all children of every component that is named.
    const needed = new Set(routes.flatMap(({ target }) => [target, target.balancer]));
    return new aws.apigateway.Deployment(
      `${name}-deployment`,
      { restApi: api.id, triggers: { document: document.apply(documentHash) } },
      // The ways from the link to a balancer, and on to the addresses, are the balancer's children.
      { parent: this, dependsOn: [...needed] },
    );
  }

  private createStage(
    name: string,
    api: aws.apigateway.RestApi,
    deployment: aws.apigateway.Deployment,
    stageName: string,
    args: CentralGatewayArgs,
  ): aws.apigateway.Stage {
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-access`,
      { retentionInDays: args.logRetentionDays ?? 90, tags: { Name: name } },
      { parent: this },
    );
    return new aws.apigateway.Stage(
      `${name}-stage`,
      {
        restApi: api.id,
        deployment: deployment.id,
        stageName,
        xrayTracingEnabled: true,
        accessLogSettings: { destinationArn: logs.arn, format: accessLogFormat },
        tags: { Name: name },
      },
      { parent: this, ...(args.loggingRole === undefined ? {} : { dependsOn: [args.loggingRole] }) },
    );
  }

  private throttle(
    name: string,
    api: aws.apigateway.RestApi,
    stage: aws.apigateway.Stage,
    throttling: ThrottlingArgs = {},
  ): void {
    new aws.apigateway.MethodSettings(
      `${name}-methods`,
      {
        restApi: api.id,
        stageName: stage.stageName,
        methodPath: "*/*",
        settings: {
          throttlingRateLimit: throttling.rateLimit ?? 1000,
          throttlingBurstLimit: throttling.burstLimit ?? 500,
          metricsEnabled: true,
        },
      },
      { parent: this },
    );
  }
}

function targetName(route: GatewayRouteArgs): string {
  return route.target.targetName;
}
