import { z } from "zod";
import { type Collector } from "../common/collector";
import { type GatewayConfig, providerName, readGateway } from "../configuration/gateway-config";
import { type ProviderConfig, readProvider } from "../configuration/provider-config";
import { readNamespace, type RawConfig } from "../configuration/raw-config";
import { accountId, region } from "../common/values";

/** How the one operator reaches one of the accounts. */
const credentials = z.object({
  account: accountId,
  region,
  /** Role to assume in the account. Defaults to none: the ambient credentials are the account's own. */
  assumeRoleArn: z.string().startsWith("arn:").optional(),
  /** Named profile of the AWS configuration. */
  profile: z.string().min(1).optional(),
});

export type Credentials = z.infer<typeof credentials>;

/** The configuration of the stack that holds gateway and providers. */
export interface SingleOperatorConfig {
  gateway: { credentials: Credentials; config: GatewayConfig };
  providers: Record<string, { credentials: Credentials; config: ProviderConfig }>;
}

/** What could be read of the configuration; the rest is in the collector's problems. */
export interface PartialSingleOperatorConfig {
  gateway: { credentials: Credentials | undefined; config: Partial<GatewayConfig> };
  providers: Record<string, { credentials: Credentials | undefined; config: Partial<ProviderConfig> }>;
}

const credentialKeys = Object.keys(credentials.shape);

/** Reads the configuration; what has problems is left out and the problems are collected. */
export function readSingleOperatorConfig(
  raw: RawConfig,
  namespace: string,
  collector: Collector,
): PartialSingleOperatorConfig {
  const given = readNamespace(raw, namespace);
  collector.rejectUnknownKeys(Object.keys(given), ["gateway", "providers"], (key) => `${namespace}:${key}`);
  const map = z.record(z.string(), z.unknown());
  const at = (key: string) => `${namespace}:${key}`;
  const gatewayMap = collector.parse(map, given.gateway, at("gateway")) ?? {};
  const gatewayCredentials = collector.parse(credentials, gatewayMap, at("gateway"));
  const providers: PartialSingleOperatorConfig["providers"] = {};
  for (const [name, value] of Object.entries(collector.parse(map, given.providers, at("providers")) ?? {})) {
    const where = at(`providers.${name}`);
    collector.parse(providerName, name, where);
    const settings = collector.parse(map, value, where);
    if (settings === undefined) continue;
    const own = collector.parse(credentials, settings, where);
    providers[name] = {
      credentials: own,
      config: readProvider({ name, ...without(settings) }, placement(settings), where, collector),
    };
  }
  const connected = {
    ...Object.fromEntries(Object.keys(providers).map((name) => [name, {}])),
    ...asRecord(gatewayMap.providers),
  };
  const config = readGateway(
    { ...without(gatewayMap), providers: connected },
    placement(gatewayMap),
    at("gateway"),
    collector,
  );
  for (const name of Object.keys(config.providers ?? {})) {
    if (config.providers?.[name]?.resolveDns === true) {
      collector.add({
        where: `${at("gateway")}:providers.${name}.resolveDns`,
        what: "cannot be set in the deployment that also accepts the connection",
        value: "true",
        allowed: "false in a stack that holds both sides",
        change: "remove it, or deploy the two sides as stacks of their own",
      });
    }
    if (providers[name] === undefined) {
      collector.add({
        where: `${at("gateway")}:providers.${name}`,
        what: "names a provider that is not among the providers",
        value: name,
        allowed: Object.keys(providers).join(" or ") || "a provider of the same stack",
        change: "add the provider, or remove the entry",
      });
    }
  }
  return { gateway: { credentials: gatewayCredentials, config }, providers };
}

function without(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !credentialKeys.includes(key)));
}

function placement(settings: Record<string, unknown>): { account?: string; region?: string } {
  const account = accountId.safeParse(settings.account);
  const regionName = region.safeParse(settings.region);
  return {
    ...(account.success ? { account: account.data } : {}),
    ...(regionName.success ? { region: regionName.data } : {}),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
