import type { Authorizer } from "./authorizer";
import type { HttpMethod, OpenApiDocument } from "./openapi-document";

/** One service as the API sees it: all that decides how many paths and methods there are. */
export interface ApiTarget {
  /** Name of the target, distinct within the API. */
  name: string;
  /** Path of the API below which the target lies: `/payments` or `/bank/payments`; no variables, no slash at the end. */
  basePath: string;
  /** Path at the target in front of every operation's path. Default: path of the document's first server URL, else none. */
  pathPrefix?: string;
  /** `AWS_IAM`, `NONE`, or the ARN of a Lambda function or of a Cognito user pool. */
  authorizer: string;
  /** How long the API waits for the target: a whole number of milliseconds from 50 to 29,000. */
  timeoutMilliseconds: number;
  /** The provider's own document. Without one, every method and every path below the base path go to the target. */
  document?: OpenApiDocument;
}

/** A parameter that a method declares. */
export interface PlannedParameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
}

/** One method of one path of the API. */
export interface PlannedRoute {
  /** Path at the API, variables named as the API names them: `/payments/transfers/{id}`. */
  path: string;
  /** The method, or `any` for all of them. */
  method: HttpMethod | "any";
  /** Name of the target. */
  target: string;
  /** Path at the target, with the same variables: `/v1/transfers/{id}`; a greedy variable is written without its plus. */
  targetPath: string;
  /** What the method declares: path variables in the path's order, then headers and query parameters by name. */
  parameters: PlannedParameter[];
  /** Where the provider's document describes the method; absent when the target has no document. */
  source?: { path: string; method: HttpMethod; variables: Record<string, string> };
}

/** A target whose texts have been read. */
export interface PlannedTarget {
  name: string;
  basePath: string;
  pathPrefix: string;
  authorizer: Authorizer;
  timeoutMilliseconds: number;
  document?: OpenApiDocument;
}

/** Every path and method of the API: targets by name, routes by path and method. */
export interface ApiPlan {
  targets: PlannedTarget[];
  routes: PlannedRoute[];
  /** How many API Gateway resources the paths make, the root included. */
  resourceCount: number;
}
