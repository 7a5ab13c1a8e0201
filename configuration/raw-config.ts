import { type Collector } from "../common/collector";
import { isAccountId } from "../common/forms";
import { accountId, region } from "../common/values";

/** A stack's configuration as Pulumi holds it: `namespace:key` to text, objects as JSON. */
export type RawConfig = Record<string, string>;

/** The account and region that a stack deploys into, from the AWS provider's own configuration. */
export interface Placement {
  account: string;
  region: string;
}

/** The keys of one namespace, with values that are JSON read as such. */
export function readNamespace(raw: RawConfig, namespace: string): Record<string, unknown> {
  // From entries, because an assignment to `__proto__` would be no key but a source of values for all other keys.
  return Object.fromEntries(
    Object.entries(raw)
      .map(([fullKey, text]) => [...splitKey(fullKey), text] as const)
      .filter(([prefix]) => prefix === namespace)
      .map(([, key, text]) => [key, fromText(text)]),
  );
}

/**
 * Account and region of a stack. The account is the one entry of `aws:allowedAccountIds`, so that the AWS provider
 * itself refuses credentials of any other account.
 */
export function readPlacement(raw: RawConfig, collector: Collector): Partial<Placement> {
  const allowed = raw["aws:allowedAccountIds"] === undefined ? [] : fromText(raw["aws:allowedAccountIds"]);
  const placement: Partial<Placement> = {};
  if (!Array.isArray(allowed) || allowed.length !== 1) {
    collector.add({
      where: "aws:allowedAccountIds",
      what: raw["aws:allowedAccountIds"] === undefined ? "is missing" : "does not name exactly one account",
      ...(raw["aws:allowedAccountIds"] === undefined ? {} : { value: raw["aws:allowedAccountIds"] }),
      allowed: 'a list of exactly one account id, such as ["111111111111"]',
      change: "name the one account that this stack may touch",
    });
  } else {
    // A number of twelve digits is what `pulumi config set --path` makes of an account id, and the AWS provider takes it.
    const [only] = allowed as unknown[];
    const where = "aws:allowedAccountIds[0]";
    if (typeof only !== "number") placement.account = collector.parse(accountId, only, where);
    else if (isAccountId(String(only))) placement.account = String(only);
    else
      collector.add({
        where,
        what: "is not an AWS account id",
        value: String(only),
        allowed: "exactly 12 digits, in quotation marks",
        change: "put the account's id in quotation marks: a number has no leading zeros",
      });
  }
  placement.region = collector.parse(region, raw["aws:region"], "aws:region");
  return placement;
}

// Pulumi accepts "project:key" and, in files, "project:config:key".
function splitKey(fullKey: string): [string, string] {
  const parts = fullKey.split(":");
  return [parts[0] ?? "", parts[parts.length - 1] ?? ""];
}

function fromText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // A long number such as an account id must keep its digits.
    return typeof value === "number" && String(value) !== text ? text : value;
  } catch {
    return text;
  }
}
