import { type Problem } from "../common/problems";
import { type RawConfig } from "../configuration/raw-config";

const key = "pulumi:disable-default-providers";

/**
 * What is wrong where a stack with explicit providers leaves the default ones on: a resource that lost its provider
 * would land in whatever account the ambient credentials are of, instead of being refused by the engine.
 * https://www.pulumi.com/docs/iac/concepts/resources/providers/#disabling-default-providers
 */
export function defaultProviderProblems(config: RawConfig): Problem[] {
  const text = config[key];
  const list = text === undefined ? [] : readList(text);
  if (list.includes("aws") || list.includes("*")) return [];
  return [
    {
      where: key,
      what: "leaves the default AWS provider on, in a stack with one explicit provider for each account",
      ...(text === undefined ? {} : { value: text }),
      allowed: 'a list with "aws"',
      change: `write ${key}: ["aws"]`,
    },
  ];
}

function readList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
