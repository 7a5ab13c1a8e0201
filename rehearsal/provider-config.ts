import { createHash } from "node:crypto";
import { type Resource } from "../resources/resource";

/** Version of the AWS provider that the programs are written for. */
const awsProviderVersion = "7.48.0";

/** An AWS provider instance as the engine would record it. */
export function awsProvider(
  stack: { project: string; stack: string },
  name: string,
  inputs: Record<string, unknown>,
): Resource {
  const urn = `urn:pulumi:${stack.stack}::${stack.project}::pulumi:providers:aws::${name}`;
  return {
    urn,
    type: "pulumi:providers:aws",
    name,
    id: uuidOf(urn),
    custom: true,
    external: false,
    dependencies: [],
    propertyDependencies: {},
    ...placementOf(inputs),
    inputs,
    outputs: { ...inputs },
  };
}

/** The default provider's inputs, from the stack's `aws:` configuration. */
export function defaultProviderInputs(config: Record<string, string>): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (key.startsWith("aws:")) inputs[key.slice("aws:".length)] = value;
  }
  return { ...inputs, version: awsProviderVersion };
}

/** Name of the default provider, as the engine forms it. */
export const defaultProviderName = `default_${awsProviderVersion.replaceAll(".", "_")}`;

/** Account and region of a provider's inputs; lists arrive as JSON text. */
export function placementOf(inputs: Record<string, unknown>): { account?: string; region?: string } {
  const allowed: unknown =
    typeof inputs.allowedAccountIds === "string" ? parse(inputs.allowedAccountIds) : inputs.allowedAccountIds;
  const account: unknown = Array.isArray(allowed) && allowed.length === 1 ? allowed[0] : undefined;
  return {
    ...(typeof account === "string" || typeof account === "number" ? { account: String(account) } : {}),
    ...(typeof inputs.region === "string" ? { region: inputs.region } : {}),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A stable id of the form that the engine gives to providers. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
