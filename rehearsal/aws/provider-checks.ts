import { AwsError } from "./aws-error";
import type { Behaviour, Situation } from "./behaviour";
import type { Request } from "./operations";
import type { Properties } from "./properties";
import { text } from "./properties";

/** Refuses a request in which an argument is missing. */
export function requireInputs(request: Request, behaviour: Behaviour, inputs: Properties): void {
  const missing = (behaviour.required ?? []).filter((name) => inputs[name] === undefined);
  if (missing.length > 0)
    throw new AwsError(
      "MissingParameter",
      `Missing required argument: ${missing.map((name) => `"${name}"`).join(", ")} of ${request.type}`,
    );
}

/** Pulumi's own limit on names that it generates, see https://www.pulumi.com/docs/iac/concepts/resources/names/. */
export function checkName(request: Request, behaviour: Behaviour, s: Situation): void {
  const { autoName } = behaviour;
  if (autoName === undefined || text(s.inputs[autoName.property]) !== undefined) return;
  if (text(s.inputs.namePrefix) !== undefined) return;
  if (request.name.length + 8 <= autoName.maxLength) return;
  throw new AwsError(
    "InvalidName",
    `failed to generate a unique name for ${request.type}: "${request.name}" plus a hyphen and 7 random characters is longer than the maximum length ${autoName.maxLength}`,
  );
}
