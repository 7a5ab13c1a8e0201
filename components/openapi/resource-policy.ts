import type { Problem } from "../../common/problems";
import type { ApiPlan } from "./api-plan";
import { byText } from "./openapi-document";

/** One statement of a resource policy. */
export interface PolicyStatement {
  Sid: string;
  Effect: "Allow";
  Principal: "*" | { AWS: string | string[] };
  Action: "execute-api:Invoke";
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A resource policy as JSON. */
export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: PolicyStatement[];
}

/** Who may call the API. */
export interface PolicyOptions {
  /** Account ids, organisation ids and role ARNs. Empty: the API's own account. */
  callers: readonly string[];
  /** The API's own account. */
  ownAccount: string;
  region: string;
  /** Base paths whose requests carry no IAM identity: see `openPaths`. */
  openPaths: readonly string[];
}

/** Longest resource policy of a REST API in characters (adjustable): page "Quotas for configuring and running a REST API". */
const longestPolicy = 8_192;

/** The partition a region belongs to: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * Base paths of the targets whose requests need an explicit allow in the resource policy although they carry no IAM
 * identity: authorizer `NONE`, and Cognito ("an explicit allow is required"). Not those of a Lambda authorizer, whose
 * own allow is enough while the policy is silent (Table A), and whose silence would become an allow if the policy spoke.
 * Page "How API Gateway resource policies affect authorization workflow".
 */
export function openPaths(plan: ApiPlan): string[] {
  return plan.targets
    .filter(({ authorizer }) => authorizer.kind === "none" || authorizer.kind === "cognito")
    .map(({ basePath }) => basePath);
}

/**
 * The API's resource policy. Callers of other accounts need their own account's permission besides (Table B of the
 * page above). AWS refuses a role ARN whose role does not exist.
 *
 * Resources are written as full ARNs, since the short form `execute-api:/*` is echoed back expanded and would differ for
 * ever. The statement for open paths holds for requests without an IAM identity only: the star of an ARN matches
 * slashes too, so its pattern for `/payments` also covers `/accounts/payments`, where it would let in callers of any
 * account; `aws:PrincipalArn` exists exactly when a request is authorised by IAM (page "AWS condition keys that can be
 * used in API Gateway resource policies").
 */
export function resourcePolicy(options: PolicyOptions): { policy: PolicyDocument; problems: Problem[] } {
  const partition = partitionOf(options.region);
  const everything = `arn:${partition}:execute-api:${options.region}:${options.ownAccount}:*/*`;
  const problems = options.callers.flatMap(checkCaller);
  const callers = [...new Set(options.callers)].sort(byText);
  const organisations = callers.filter(isOrganisation);
  const identities = callers.flatMap((caller) => {
    if (isAccount(caller)) return [`arn:${partition}:iam::${caller}:root`];
    return isRole(caller) ? [caller] : [];
  });
  if (callers.length === 0) identities.push(`arn:${partition}:iam::${options.ownAccount}:root`);
  const allow = { Effect: "Allow", Action: "execute-api:Invoke" } as const;
  const statements: PolicyStatement[] = [];
  if (identities.length > 0) {
    statements.push({
      Sid: "Callers",
      ...allow,
      Principal: { AWS: oneOrMany(identities) },
      Resource: everything,
    });
  }
  if (organisations.length > 0) {
    const Condition = { StringEquals: { "aws:PrincipalOrgID": oneOrMany(organisations) } };
    statements.push({ Sid: "Organisations", ...allow, Principal: "*", Resource: everything, Condition });
  }
  if (options.openPaths.length > 0) {
    const open = [...new Set(options.openPaths)].sort(byText);
    const Resource = open.flatMap((path) => [`${everything}/*${path}`, `${everything}/*${path}/*`]);
    statements.push({
      Sid: "WithoutIamIdentity",
      ...allow,
      Principal: "*",
      Resource,
      Condition: { Null: { "aws:PrincipalArn": "true" } },
    });
  }
  const policy: PolicyDocument = { Version: "2012-10-17", Statement: statements };
  return { policy, problems: [...problems, ...checkLength(policy)] };
}

function checkCaller(caller: string): Problem[] {
  if (isAccount(caller) || isOrganisation(caller) || isRole(caller)) return [];
  return [
    {
      where: "callers",
      what: caller.includes("*") ? "a caller must not be a pattern" : "the caller is of no known kind",
      value: JSON.stringify(caller),
      allowed:
        'an account id of 12 digits, an organisation id "o-...", or a role ARN "arn:aws:iam::ACCOUNT:role/NAME"',
      change:
        "name accounts, organisations or roles; to let everybody in, set the authorizer of single targets to NONE",
    },
  ];
}

function checkLength(policy: PolicyDocument): Problem[] {
  const { length } = JSON.stringify(policy);
  if (length <= longestPolicy) return [];
  return [
    {
      where: "callers",
      what: "the resource policy made from the callers and the paths without IAM is too long",
      value: `${length} characters`,
      allowed: `at most ${longestPolicy} characters`,
      change: "name an organisation instead of its accounts, or accounts instead of their roles",
    },
  ];
}

function isAccount(caller: string): boolean {
  return /^\d{12}$/.test(caller);
}

function isOrganisation(caller: string): boolean {
  return /^o-[a-z0-9]{10,32}$/.test(caller);
}

function isRole(caller: string): boolean {
  return /^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:role\/([\x21-\x29\x2b-\x3e\x40-\x7e]+\/)?[\w+=,.@-]{1,64}$/.test(
    caller,
  );
}

function oneOrMany(values: string[]): string | string[] {
  return values.length === 1 && values[0] !== undefined ? values[0] : values;
}
