import { Unknown, hidesSecret } from "../../resources/resource";
import type { Api } from "../graph/apis";
import { asObject, property } from "../graph/values";

/** One statement of a resource policy. */
export interface Statement {
  allow: boolean;
  /** AWS principals by name. */
  named: string[];
  /** True when everybody is meant, also callers without a name. */
  everybody: boolean;
  /** Principals that the statement leaves out of everybody, when it names them so. */
  except?: string[];
  actions: string[];
  notActions: boolean;
  resources: string[];
  notResources: boolean;
  /** Text of the condition that is left, equal for equal conditions; empty when the statement always applies. */
  condition: string;
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** Keys that only requests through an interface endpoint carry, which reach private APIs alone. */
const PRIVATE_KEYS = new Set(["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"]);

/**
 * Whether an operator holds for a key that the request does not carry.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holdsWithout(operator: string, value: unknown): boolean {
  const name = operator.toLowerCase();
  if (name === "null") return strings(value).includes("true") || value === true;
  if (name.startsWith("foranyvalue:")) return false;
  return name.startsWith("forallvalues:") || name.endsWith("ifexists") || name.includes("not");
}

/** The condition without what is always true; undefined when it is never met. */
function remaining(condition: unknown, privateApi: boolean): string | undefined {
  const left: string[] = [];
  for (const [operator, keys] of Object.entries(asObject(condition))) {
    for (const [key, value] of Object.entries(asObject(keys))) {
      if (privateApi || !PRIVATE_KEYS.has(key.toLowerCase())) {
        left.push(`${operator} ${key.toLowerCase()} ${JSON.stringify(strings(value).sort())}`);
      } else if (!holdsWithout(operator, value)) return undefined;
    }
  }
  return left.sort().join("; ");
}

function readStatement(value: unknown, privateApi: boolean): Statement[] {
  const entry = asObject(value);
  const names = (principal: unknown): string[] =>
    strings(typeof principal === "string" ? principal : asObject(principal).AWS);
  const named = names(entry.Principal);
  const except = entry.NotPrincipal === undefined ? undefined : names(entry.NotPrincipal);
  const condition = remaining(entry.Condition, privateApi);
  if (condition === undefined) return [];
  return [
    {
      allow: entry.Effect === "Allow",
      named,
      everybody: named.includes("*") || except !== undefined,
      ...(except === undefined ? {} : { except }),
      actions: strings(entry.Action ?? entry.NotAction),
      notActions: entry.NotAction !== undefined,
      resources: strings(entry.Resource ?? entry.NotResource),
      notResources: entry.NotResource !== undefined,
      condition,
    },
  ];
}

const policies = new WeakMap<Api, Statement[] | "untold" | "none">();

/** The statements of an API's policy that can ever apply. */
export function statementsOf(api: Api): Statement[] | "untold" | "none" {
  let statements = policies.get(api);
  if (statements === undefined) {
    statements = readStatements(api);
    policies.set(api, statements);
  }
  return statements;
}

/** Whether only interface endpoints lead to an API. */
export function isPrivate(api: Api): boolean {
  const endpoint = api.resource === undefined ? undefined : property(api.resource, "endpointConfiguration");
  return JSON.stringify(endpoint ?? "").includes("PRIVATE");
}

function readStatements(api: Api): Statement[] | "untold" | "none" {
  if (api.policy === undefined) return "none";
  if (api.policy instanceof Unknown || hidesSecret(api.policy)) return "untold";
  try {
    const policy: unknown = typeof api.policy === "string" ? JSON.parse(api.policy) : api.policy;
    const list = asObject(policy).Statement;
    return (Array.isArray(list) ? list : [list]).flatMap((entry) => readStatement(entry, isPrivate(api)));
  } catch {
    return "untold";
  }
}

function accountOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1];
}

function isAccount(principal: string): boolean {
  return /^\d{12}$/.test(principal) || /^arn:[^:]*:iam::\d{12}:root$/.test(principal);
}

/**
 * Whether a name means all callers that another name means: an account means everybody in it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function includes(wide: string, narrow: string): boolean {
  return wide === narrow || (isAccount(wide) && accountOf(wide) === accountOf(narrow));
}

/**
 * Whether a Deny statement meets all callers that an Allow statement lets in; without a name for callers that do not
 * sign their requests, to whom only what is said of everybody applies.
 */
export function deniesAll(deny: Statement, allow: Statement, signed: boolean): boolean {
  if (deny.condition !== "" && deny.condition !== allow.condition) return false;
  if (!deny.everybody) {
    return (
      signed &&
      allow.named.length > 0 &&
      allow.named.every((name) => deny.named.some((denied) => includes(denied, name)))
    );
  }
  const { except } = deny;
  if (except === undefined || !signed) return true;
  if (allow.everybody) return false;
  return !allow.named.some((name) =>
    except.some((spared) => includes(spared, name) || includes(name, spared)),
  );
}
