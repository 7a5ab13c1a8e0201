import { gatewayContractOutput } from "../../contracts/gateway-contract";
import { providerContractOutput } from "../../contracts/provider-contract";
import { type StackResources } from "../../resources/resource";
import { colors } from "./style";

interface Party {
  account?: unknown;
  name?: unknown;
  cidrBlocks?: unknown;
  connection?: { cidrBlocks?: unknown; acceptedConnectionId?: string };
  balancers?: Record<string, Record<string, string>>;
  providers?: Record<string, { connectionId?: string }>;
  targets?: Record<string, { basePath?: string; scheme?: string; port?: number; dialAddresses?: string[] }>;
}

/** The landscape as lines of text: the gateway on the left, a branch for each provider and its targets. */
export function drawLandscape(stacks: readonly StackResources[]): string[] {
  const gateway = contract(stacks, gatewayContractOutput)[0];
  const providers = contract(stacks, providerContractOutput);
  if (gateway === undefined) return [];
  const balancers = Object.entries(gateway.balancers ?? {});
  const connected = gateway.providers ?? {};
  return [
    `${colors.bold("API Gateway")} ── VPC link ── account ${String(gateway.account)}, VPC ${list(gateway.cidrBlocks)}`,
    ...balancers.map(([name, addresses]) => `│  balancer ${name}: ${Object.values(addresses).join(", ")}`),
    ...providers.flatMap((provider, index) =>
      drawProvider(provider, connected, index === providers.length - 1),
    ),
  ];
}

function drawProvider(provider: Party, connected: NonNullable<Party["providers"]>, last: boolean): string[] {
  const name = String(provider.name);
  const accepted = provider.connection?.acceptedConnectionId;
  const id = connected[name]?.connectionId ?? accepted;
  const state = accepted === undefined ? colors.yellow("not accepted") : "active";
  const bar = last ? " " : "│";
  const targets = Object.entries(provider.targets ?? {});
  return [
    `${last ? "└" : "├"}─ peering ${id === undefined ? "none yet" : `${id} ${state}`} ─ ${colors.bold(name)}, account ${String(provider.account)}, VPC ${list(provider.connection?.cidrBlocks)}`,
    ...targets.map(([target, { basePath, scheme, port, dialAddresses }], index) => {
      const branch = index === targets.length - 1 ? "└" : "├";
      return `${bar}     ${branch}─ ${target}: ${basePath ?? ""} → ${scheme ?? ""} ${(dialAddresses ?? []).join(", ")} port ${port ?? ""}`;
    }),
  ];
}

function contract(stacks: readonly StackResources[], output: string): Party[] {
  return stacks
    .map((stack) => stack.outputs[output])
    .filter((value): value is Party => typeof value === "object" && value !== null);
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.join(", ") : "?";
}
