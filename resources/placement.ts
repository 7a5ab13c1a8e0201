import type { Resource } from "./resource";

/** Where a resource lives. */
export interface Placement {
  account?: string;
  region?: string;
}

const AWS_PROVIDER = "pulumi:providers:aws";

function isAccount(value: unknown): value is string {
  return typeof value === "string" && /^\d{12}$/.test(value);
}

/** Providers keep lists and objects in their inputs as JSON text; resources keep them as they are. */
export function fromJsonText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function roleAccount(value: unknown): string | undefined {
  const roles = fromJsonText(value);
  const last: unknown = Array.isArray(roles) ? roles[roles.length - 1] : roles;
  const arn = (last as { roleArn?: unknown } | undefined)?.roleArn;
  return typeof arn === "string" ? arnPlacement(arn).account : undefined;
}

/** Account and region named in an ARN; both undefined when the text is no ARN or leaves them empty. */
function arnPlacement(arn: unknown): Placement {
  if (typeof arn !== "string" || !arn.startsWith("arn:")) return {};
  const [, , , region, account] = arn.split(":");
  return { account: isAccount(account) ? account : undefined, region: region === "" ? undefined : region };
}

function providerPlacement(provider: Resource): Placement {
  const value = (key: string): unknown => provider.outputs[key] ?? provider.inputs[key];
  const allowed = fromJsonText(value("allowedAccountIds"));
  const accounts = Array.isArray(allowed) ? allowed.map(String).filter(isAccount) : [];
  const region = value("region");
  return {
    account:
      accounts.length === 1
        ? accounts[0]
        : (roleAccount(value("assumeRoles")) ?? roleAccount(value("assumeRole"))),
    region: typeof region === "string" && region !== "" ? region : undefined,
  };
}

function ownPlacement(resource: Resource): Placement {
  const fromArn = [resource.outputs.arn, resource.outputs.executionArn, resource.id].map(arnPlacement);
  const owner = resource.outputs.ownerId;
  const region = resource.outputs.region ?? resource.inputs.region;
  return {
    account: fromArn.find((p) => p.account !== undefined)?.account ?? (isAccount(owner) ? owner : undefined),
    region:
      typeof region === "string" && region !== ""
        ? region
        : fromArn.find((p) => p.region !== undefined)?.region,
  };
}

/**
 * Fills in the account and region of every AWS resource: the account from its provider resource (one allowed account,
 * or the account of the assumed role), else from the resource's own ARN or owner, else from the one account that all
 * other resources of the same provider name; the region from the resource itself, else from its provider. What the
 * file does not tell stays undefined.
 */
export function placeResources(resources: Resource[]): void {
  const providers = new Map<string, Placement>();
  const declared = new Map<string, Placement>();
  for (const resource of resources) {
    if (resource.type === AWS_PROVIDER)
      declared.set(`${resource.urn}::${resource.id}`, providerPlacement(resource));
  }
  const observed = new Map<string, Set<string>>();
  for (const resource of resources) {
    if (resource.provider === undefined || resource.external || !resource.type.startsWith("aws:")) continue;
    const account = ownPlacement(resource).account;
    if (account === undefined) continue;
    const seen = observed.get(resource.provider) ?? new Set<string>();
    observed.set(resource.provider, seen.add(account));
  }
  for (const [reference, placement] of declared) providers.set(reference, placement);
  for (const [reference, accounts] of observed) {
    const known = providers.get(reference);
    if (known?.account === undefined && accounts.size === 1) {
      providers.set(reference, { ...known, account: [...accounts][0] });
    }
  }
  for (const resource of resources) {
    if (!resource.custom || !resource.type.startsWith("aws:")) continue;
    const named = resource.provider === undefined ? undefined : declared.get(resource.provider);
    const inferred = resource.provider === undefined ? undefined : providers.get(resource.provider);
    const own = ownPlacement(resource);
    const account = named?.account ?? own.account ?? inferred?.account;
    const region = own.region ?? inferred?.region;
    if (account !== undefined) resource.account = account;
    if (region !== undefined) resource.region = region;
  }
}

/** The one value that all placed resources share, undefined when they differ or none is placed. */
export function commonPlacement(resources: Resource[]): Placement {
  const one = (values: (string | undefined)[]): string | undefined => {
    const distinct = new Set(values.filter((value) => value !== undefined));
    return distinct.size === 1 ? [...distinct][0] : undefined;
  };
  return { account: one(resources.map((r) => r.account)), region: one(resources.map((r) => r.region)) };
}
