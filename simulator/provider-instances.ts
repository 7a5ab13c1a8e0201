import { type Properties, texts } from "../rehearsal/aws/properties";
import { fromJsonText } from "../resources/placement";
import { type Place } from "../rehearsal/aws/world";

/** One configured provider: who it acts as and where. */
export interface Instance extends Place {
  /** Why the provider refuses to work, in its words; undefined when it works. */
  refusal?: string;
}

/**
 * What a provider does with its configuration: it finds out whose credentials it has and compares that with the accounts
 * that it may work in. https://www.pulumi.com/registry/packages/aws/api-docs/provider/
 *
 * @param configuration the provider's inputs by name; lists and objects are JSON text.
 * @param caller the account of the credentials at hand; undefined when there are credentials for whatever is asked for.
 */
export function configureInstance(configuration: Properties, caller: string | undefined): Instance {
  const region = typeof configuration.region === "string" ? configuration.region : "";
  const listed = fromJsonText(configuration.allowedAccountIds);
  const allowed = [...texts(listed), ...numbers(listed)];
  const forbidden = texts(fromJsonText(configuration.forbiddenAccountIds));
  const assumed = roleAccount(configuration);
  const only = allowed.length === 1 ? allowed[0] : undefined;
  const account = assumed ?? caller ?? only;
  if (account === undefined) {
    const refusal =
      "simulated AWS has credentials for every account and cannot tell which one is meant: set aws:allowedAccountIds to exactly one account, or assume a role";
    return { account: "", region, refusal };
  }
  if (region === "")
    return { account, region, refusal: "Missing region configuration: set aws:region for the stack" };
  const excluded = (allowed.length > 0 && !allowed.includes(account)) || forbidden.includes(account);
  return excluded
    ? { account, region, refusal: `AWS account ID not allowed: ${account}` }
    : { account, region };
}

function roleAccount(configuration: Properties): string | undefined {
  const roles = fromJsonText(configuration.assumeRoles) ?? fromJsonText(configuration.assumeRole);
  const last: unknown = Array.isArray(roles) ? roles[roles.length - 1] : roles;
  const arn = (last as { roleArn?: unknown } | undefined)?.roleArn;
  return typeof arn === "string" ? /^arn:[^:]+:iam::(\d{12}):/.exec(arn)?.[1] : undefined;
}

function numbers(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "number").map(String) : [];
}
