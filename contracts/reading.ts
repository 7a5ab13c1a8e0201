import { type StackReferenceOutputDetails } from "@pulumi/pulumi";
import { type z } from "zod";
import { type Problem } from "../common/problems";
import { show } from "../common/collector";
import { contractVersion } from "./version";

/** What came of reading a contract: the contract, nothing yet, or what is wrong with it. */
export type ContractReading<T> =
  { state: "present"; contract: T } | { state: "absent" } | { state: "wrong"; problems: Problem[] };

interface Source {
  /** Who should have written the contract, for messages. */
  party: string;
  stack: string;
  output: string;
}

/** Reads a contract from the details of a stack output; a secret one is wrong, and so is one of a newer version. */
export function readContract<T>(
  details: StackReferenceOutputDetails,
  schema: z.ZodType,
  source: Source,
): ContractReading<T> {
  const where = `contract of ${source.party}, output ${source.output} of stack ${source.stack}`;
  if (details.secretValue !== undefined) {
    return wrong({
      where,
      what: "is secret, so that it cannot decide what is deployed",
      allowed: "a plain output: ids, CIDR blocks and ports are no secrets",
      change: `remove the secret from what stack ${source.stack} puts into its contract and run pulumi up there`,
    });
  }
  const value: unknown = details.value;
  if (value === undefined || value === null) return { state: "absent" };
  const version: unknown = typeof value === "object" ? (value as Record<string, unknown>).version : undefined;
  if (typeof version === "number" && version > contractVersion) {
    return wrong({
      where,
      what: "is of a newer version than this release reads",
      value: `version ${version}`,
      allowed: `version ${contractVersion} or older`,
      change: "upgrade this project to the release that the other stack runs",
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { state: "present", contract: parsed.data as T };
  return {
    state: "wrong",
    problems: parsed.error.issues.map((issue) => {
      const place = issue.path.map(String).join(".");
      const given = issue.path.reduce<unknown>(
        (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
        value,
      );
      return {
        where: place === "" ? where : `${where}, ${place}`,
        what: given === undefined ? "is missing" : `is malformed (${issue.message})`,
        ...(given === undefined ? {} : { value: show(given) }),
        allowed: `a contract as version ${contractVersion} writes it`,
        change: `run pulumi up in stack ${source.stack} with this release; if it was edited by hand, undo that`,
      };
    }),
  };
}

function wrong(problem: Problem): { state: "wrong"; problems: Problem[] } {
  return { state: "wrong", problems: [problem] };
}
