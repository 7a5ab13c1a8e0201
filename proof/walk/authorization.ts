import type { Api, ApiMethod } from "../graph/apis";
import { SEGMENT, globCovers, globsMeet } from "./globs";
import { deniesAll, isPrivate, statementsOf, type Statement } from "./policy";
import type { Check } from "./trail";

/** What requests to a method look like to a policy, with wildcards for what differs from request to request. */
function methodArn(api: Api, method: ApiMethod, stage: string): string {
  const path = (method.path ?? "/*")
    .replace(/\{[^}]*\+\}/g, "*")
    .replace(/\{[^}]*\}/g, SEGMENT)
    .replace(/^\//, "");
  const verb = method.verb === "ANY" ? SEGMENT : method.verb;
  return `arn:${SEGMENT}:execute-api:${api.region ?? SEGMENT}:${api.account ?? SEGMENT}:${api.id}/${stage}/${verb}/${path}`;
}

/** The short form `execute-api:/stage/METHOD/path` leaves out everything up to the API, whose ARN the subject begins with. */
function fullPattern(pattern: string, arn: string): string {
  const short = /^execute-api:\/?(.*)$/.exec(pattern);
  return short === null
    ? pattern
    : `${arn.slice(0, arn.indexOf("/")).replaceAll(SEGMENT, "*")}/${short[1] ?? ""}`;
}

/** Whether a statement is about some, or about all, of the requests that the ARN stands for. */
function concerns(statement: Statement, arn: string, which: "some" | "all"): boolean {
  const action = statement.actions.some((pattern) => globsMeet(pattern.toLowerCase(), "execute-api:invoke"));
  if (action === statement.notActions) return false;
  const someOf = (which === "some") !== statement.notResources;
  const match = statement.resources.some((pattern) =>
    someOf ? globsMeet(fullPattern(pattern, arn), arn) : globCovers(fullPattern(pattern, arn), arn),
  );
  return match !== statement.notResources;
}

const EVERYBODY: Statement = {
  allow: true,
  named: ["*"],
  everybody: true,
  actions: [],
  notActions: false,
  resources: [],
  notResources: false,
  condition: "",
};

/** True when a Deny takes away from all callers what the Allow statement gives them. */
function takenAway(allow: Statement, statements: Statement[], arn: string, signed: boolean): boolean {
  return statements.some(
    (deny) => !deny.allow && deniesAll(deny, allow, signed) && concerns(deny, arn, "all"),
  );
}

/**
 * Whether callers can pass a method's authorization. A method without IAM needs a statement that allows everybody, and
 * so does one with a Cognito authorizer. With IAM, callers of other accounts need a statement that allows them, while
 * for callers of the API's own account their identity policy is enough unless a statement denies. A Lambda authorizer's
 * answer is enough, too, where the policy is silent.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function authorized(api: Api, method: ApiMethod, stage: string): Check {
  const step = "authorization";
  const at = method.resource;
  const name = `${method.verb} ${method.path ?? "?"}`;
  if (method.authorization === "missing") {
    return {
      step,
      verdict: "blocked",
      text: `${name} names authorizer ${method.authorizer ?? ""}, which does not exist`,
      at,
      code: "AUTHORIZER_NOT_FOUND",
      fix: "declare the authorizer, or name another",
    };
  }
  if (method.authorization === "untold") {
    return {
      step,
      verdict: "unknown",
      text: `how ${name} checks its caller is not told by the files`,
      at,
      code: "AUTHORIZER_UNKNOWN",
      fix: "give the file that holds the authorizer",
    };
  }
  const statements = statementsOf(api);
  const open = method.authorization === "NONE" || method.authorization === "API_KEY";
  const risk = open
    ? {
        risk: true,
        code: "NO_AUTHORIZATION",
        message: `${name} lets everybody in without authorization`,
        fix: "set AWS_IAM or an authorizer",
      }
    : {};
  if (statements === "untold" || api.policyConflict) {
    return {
      step,
      verdict: "unknown",
      text: api.policyConflict
        ? `the policies of API ${api.id} in the files differ`
        : `the policy of API ${api.id} is not told by the file`,
      at: api.resource ?? at,
      code: "NOT_AUTHORIZED",
      fix: "give the API one policy, in plain text",
    };
  }
  if (statements === "none") {
    if (isPrivate(api))
      return {
        step,
        verdict: "blocked",
        text: `private API ${api.id} has no policy, and so lets nobody in`,
        at: api.resource,
        code: "NOT_AUTHORIZED",
        fix: "give the API a resource policy",
      };
    return {
      step,
      verdict: "reachable",
      text: `${method.authorization}, no resource policy${method.authorization === "AWS_IAM" ? ": open to the API's own account" : ""}`,
      at,
      ...risk,
    };
  }
  const arn = methodArn(api, method, stage);
  const iam = method.authorization === "AWS_IAM";
  // What remains for somebody when everybody may come, without any condition.
  const denied = statements.find(
    (statement) =>
      !statement.allow && deniesAll(statement, EVERYBODY, iam) && concerns(statement, arn, "all"),
  );
  const fix = `allow execute-api:Invoke on ${stage}/${method.verb === "ANY" ? "*" : method.verb}${method.path ?? "/*"}`;
  if (denied !== undefined) {
    return {
      step,
      verdict: "blocked",
      text: `the policy of API ${api.id} denies ${name} to everybody`,
      at: api.resource ?? at,
      code: "NOT_AUTHORIZED",
      fix: "remove the Deny statement, or narrow it",
    };
  }
  const allows = statements.filter(
    (statement) =>
      statement.allow &&
      (statement.everybody || (iam && statement.named.length > 0)) &&
      concerns(statement, arn, "some"),
  );
  const usable = allows.filter((statement) => !takenAway(statement, statements, arn, iam));
  if (usable.length > 0)
    return {
      step,
      verdict: "reachable",
      text: `${method.authorization}, allowed by the policy of API ${api.id}`,
      at,
      ...risk,
    };
  if (method.authorization === "CUSTOM")
    return {
      step,
      verdict: "reachable",
      text: `a Lambda authorizer decides about ${name}; the policy of API ${api.id} denies nothing`,
      at,
    };
  const taken = allows.length > 0;
  const what = taken ? `denies ${name} to everybody whom it allows` : `allows ${name} in no statement`;
  const rest = iam
    ? ": at most callers of its own account pass, by their identity policy"
    : taken
      ? ""
      : " to everybody";
  const text = `the policy of API ${api.id} ${what}${rest}`;
  return {
    step,
    verdict: iam ? "unknown" : "blocked",
    text,
    at: api.resource ?? at,
    code: "NOT_AUTHORIZED",
    fix: taken ? "remove the Deny statement, or narrow it" : fix,
  };
}
