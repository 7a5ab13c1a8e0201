import { createHash } from "node:crypto";
import type { JsonObject } from "./openapi-document";

/** How a target's callers are authorised, as one of the four ways that a REST API knows. */
export type Authorizer =
  | { kind: "iam" }
  | { kind: "none" }
  | { kind: "lambda"; arn: string; partition: string; region: string }
  | { kind: "cognito"; arn: string };

/** What `parseAuthorizer` accepts, for messages. */
export const authorizerForms =
  'AWS_IAM, NONE, "arn:aws:lambda:REGION:ACCOUNT:function:NAME" or "arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL"';

const lambdaArn =
  /^arn:(aws|aws-cn|aws-us-gov):lambda:([a-z0-9-]+):\d{12}:function:[A-Za-z0-9_-]{1,140}(:[A-Za-z0-9_$-]{1,129})?$/;
const userPoolArn =
  /^arn:(aws|aws-cn|aws-us-gov):cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[A-Za-z0-9-]+_[0-9A-Za-z]+$/;

/** The authorizer that a text names; undefined when it is none of `authorizerForms`. */
export function parseAuthorizer(text: string): Authorizer | undefined {
  if (text === "AWS_IAM") return { kind: "iam" };
  if (text === "NONE") return { kind: "none" };
  const lambda = lambdaArn.exec(text);
  if (lambda?.[1] !== undefined && lambda[2] !== undefined) {
    return { kind: "lambda", arn: text, partition: lambda[1], region: lambda[2] };
  }
  return userPoolArn.test(text) ? { kind: "cognito", arn: text } : undefined;
}

/**
 * Name of the authorizer's security scheme; undefined for `NONE`. Alphanumeric as import wants it, and made from the
 * ARN rather than from a position, so that another target's authorizer never renames this one.
 */
export function schemeName(authorizer: Authorizer): string | undefined {
  if (authorizer.kind === "none") return undefined;
  if (authorizer.kind === "iam") return "sigv4";
  return authorizer.kind + createHash("sha256").update(authorizer.arn).digest("hex").slice(0, 12);
}

/** The `security` of an operation: the authorizer's scheme, or an empty list for `NONE`. */
export function securityOf(authorizer: Authorizer): Record<string, string[]>[] {
  const name = schemeName(authorizer);
  return name === undefined ? [] : [{ [name]: [] }];
}

/**
 * The authorizer's security scheme in the deployed document; undefined for `NONE`.
 *
 * A Lambda authorizer is of type `request`: it sees the whole request, and API Gateway itself answers 401 when the
 * Authorization header is missing. Its answers are not cached: a cached answer would be keyed by the header alone and
 * so be applied to every other path that shares the authorizer. Pages "x-amazon-apigateway-authorizer object" and
 * "x-amazon-apigateway-authtype property" of the API Gateway Developer Guide.
 */
export function deployedScheme(authorizer: Authorizer): JsonObject | undefined {
  const header = { type: "apiKey", name: "Authorization", in: "header" };
  switch (authorizer.kind) {
    case "none":
      return undefined;
    case "iam":
      return { ...header, "x-amazon-apigateway-authtype": "awsSigv4" };
    case "lambda":
      return {
        ...header,
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          identitySource: "method.request.header.Authorization",
          authorizerResultTtlInSeconds: 0,
          // The function's own region, not the API's: the URI names where the function is hosted.
          authorizerUri: `arn:${authorizer.partition}:apigateway:${authorizer.region}:lambda:path/2015-03-31/functions/${authorizer.arn}/invocations`,
        },
      };
    case "cognito":
      return {
        ...header,
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [authorizer.arn] },
      };
  }
}

/** The authorizer's security scheme as readers of the full document see it; undefined for `NONE`. */
export function readerScheme(authorizer: Authorizer): JsonObject | undefined {
  if (authorizer.kind === "none") return undefined;
  const description = {
    iam: "AWS Signature Version 4, service execute-api",
    lambda: "The credentials that the API's authorizer expects",
    // Without scopes on the method, API Gateway takes the token for an ID token: page "Integrate a REST API with an Amazon
    // Cognito user pool".
    cognito: "An ID token of the Amazon Cognito user pool",
  }[authorizer.kind];
  return { type: "apiKey", name: "Authorization", in: "header", description };
}
