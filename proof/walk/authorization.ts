import { Unknown } from "../../resources/resource";
import type { Api, ApiMethod } from "../graph/apis";
import { asObject } from "../graph/values";
import { SEGMENT, globCovers, globsMeet } from "./globs";
import type { Check } from "./trail";

interface Statement {
  allow: boolean;
  /** AWS principals by name. */
  named: string[];
  /** True when everybody is meant. */
  everybody: boolean;
  actions: string[];
  notActions: boolean;
  resources: string[];
  notResources: boolean;
  conditional: boolean;
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function readStatement(value: unknown): Statement {
  const entry = asObject(value);
  const principal = entry.Principal;
  const named = strings(typeof principal === "string" ? principal : asObject(principal).AWS);
  return {
    allow: entry.Effect === "Allow",
    named,
    everybody: named.includes("*"),
    actions: strings(entry.Action ?? entry.NotAction),
    notActions: entry.NotAction !== undefined,
    resources: strings(entry.Resource ?? entry.NotResource),
    notResources: entry.NotResource !== undefined,
    conditional: Object.keys(asObject(entry.Condition)).length > 0 || entry.NotPrincipal !== undefined,
  };
}

const policies = new WeakMap<Api, Statement[] | "untold" | "none">();

function statementsOf(api: Api): Statement[] | "untold" | "none" {
  let statements = policies.get(api);
  if (statements === undefined) {
    statements = readStatements(api);
    policies.set(api, statements);
  }
  return statements;
}

function readStatements(api: Api): Statement[] | "untold" | "none" {
  if (api.policy === undefined) return "none";
  if (api.policy instanceof Unknown) return "untold";
  try {
    const policy: unknown = typeof api.policy === "string" ? JSON.parse(api.policy) : api.policy;
    const list = asObject(policy).Statement;
    return (Array.isArray(list) ? list : [list]).map(readStatement);
  } catch {
    return "untold";
  }
}

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

/** True when an unconditional Deny takes away from all callers what the Allow statement gives them. */
function takenAway(allow: Statement, statements: Statement[], arn: string): boolean {
  return statements.some(
    (deny) =>
      !deny.allow &&
      !deny.conditional &&
      (deny.everybody ||
        (allow.named.length > 0 && allow.named.every((name) => deny.named.includes(name)))) &&
      concerns(deny, arn, "all"),
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
    const privateApi = JSON.stringify(
      api.resource?.outputs.endpointConfiguration ?? api.resource?.inputs.endpointConfiguration ?? "",
    ).includes("PRIVATE");
    if (privateApi)
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
  const denied = statements.find(
    (statement) =>
      !statement.allow && !statement.conditional && statement.everybody && concerns(statement, arn, "all"),
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
      statement.allow && concerns(statement, arn, "some") && !takenAway(statement, statements, arn),
  );
  const usable =
    method.authorization === "AWS_IAM" ? allows : allows.filter((statement) => statement.everybody);
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
  const iam = method.authorization === "AWS_IAM";
  const text = `no statement of the policy of API ${api.id} allows ${name}${iam ? ": at most callers of its own account pass, by their identity policy" : " to everybody"}`;
  return {
    step,
    verdict: iam ? "unknown" : "blocked",
    text,
    at: api.resource ?? at,
    code: "NOT_AUTHORIZED",
    fix,
  };
}
