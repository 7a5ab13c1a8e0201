import { type Problem } from "../common/problems";
import { type GatewayConfig } from "../configuration/gateway-config";
import { overlapProblems, type PlannedContract } from "../configuration/plan-provider";
import { type Landscape, type LandscapeStack, qualifiedName } from "./landscape";

/** A gateway's stack with what could be read of it. */
interface Gateway {
  stack: LandscapeStack;
  config: Partial<GatewayConfig>;
}

/** A provider's stack with what follows from it. */
interface Provider {
  stack: LandscapeStack;
  name: string | undefined;
  network: "create" | "adopt";
  contract: PlannedContract;
}

/**
 * Overlaps with a provider that the gateway does not name yet. Its program would notice only when the gateway's
 * contract reaches it, and two such providers would never notice each other. What the gateway names, its plan compares.
 */
export function unconnectedOverlaps(
  landscape: Landscape,
  gateways: readonly Gateway[],
  providers: readonly Provider[],
): Problem[] {
  const named = gateways.flatMap(({ config }) => Object.values(config.providers ?? {}));
  const parties = [
    ...gateways.map(({ stack, config }) => ({
      who: "the gateway",
      cidrBlocks: config.network?.cidrBlocks ?? config.readableBlocks ?? [],
      where: `${stack.file}, ${stack.project.name}:network.cidrBlocks`,
      connected: true,
    })),
    ...providers.map(({ stack, name, network, contract }) => ({
      who: `provider ${name ?? stack.stack}`,
      cidrBlocks: contract.connection.cidrBlocks,
      where: `${stack.file}, ${stack.project.name}:network.${network}.cidrBlocks`,
      connected: named.some((entry) => entry.stack === qualifiedName(landscape, stack)),
    })),
  ];
  return parties.flatMap((party, index) =>
    parties
      .slice(0, index)
      .filter((other) => !(party.connected && other.connected))
      .flatMap((other) => overlapProblems(party, other)),
  );
}
