import { isDeepStrictEqual } from "node:util";
import { gatewayContractOutput } from "../contracts/gateway-contract";
import { providerContractOutput } from "../contracts/provider-contract";
import { type LandscapeStack } from "./landscape";

/** A stack's outputs as they are now; empty before its first deployment. */
export type OutputsOf = (stack: LandscapeStack) => Record<string, unknown>;

/** A stack that has to look at its peers' contracts, and why. */
export interface DueLook {
  stack: LandscapeStack;
  reason: string;
}

/**
 * The order of the handshake: which stacks have not seen their peers' contracts as these are now. Providers go before the
 * gateway, because the gateway makes the most of their contracts.
 */
export class HandOver {
  /** The peers' contracts as each stack saw them when it last looked. */
  private readonly seen = new Map<LandscapeStack, unknown>();

  constructor(
    private readonly stacks: readonly LandscapeStack[],
    private readonly outputsOf: OutputsOf,
  ) {}

  /** The stacks of the next pass: all of one side that are due; empty when every stack has seen everything. */
  next(among: readonly LandscapeStack[] = this.stacks): DueLook[] {
    const due = among.filter((stack) => !this.isCurrent(stack));
    const providers = due.filter(({ project }) => project.role === "provider");
    const chosen = providers.length > 0 ? providers : due;
    return chosen.map((stack) => ({
      stack,
      reason: this.seen.has(stack) ? "a peer's contract has changed" : "first look",
    }));
  }

  /** What a stack's program would read of its peers now. */
  contractsFor(stack: LandscapeStack): unknown {
    const wanted = stack.project.role === "gateway" ? providerContractOutput : gatewayContractOutput;
    return this.stacks
      .filter((other) => other !== stack)
      .map((other) => relevant(this.outputsOf(other)[wanted], stack));
  }

  /** Notes that a stack has looked at these contracts. */
  looked(stack: LandscapeStack, contracts: unknown): void {
    this.seen.set(stack, contracts);
  }

  private isCurrent(stack: LandscapeStack): boolean {
    return this.seen.has(stack) && isDeepStrictEqual(this.seen.get(stack), this.contractsFor(stack));
  }
}

/** What the gateway writes into its contract for itself, to know at its next deployment. */
const forGatewayOnly = ["balancers", "placements"];

/** The part of a contract that decides something for a stack: of the gateway's, a provider uses its own entry only. */
function relevant(contract: unknown, { project, config, stack }: LandscapeStack): unknown {
  if (project.role !== "provider" || typeof contract !== "object" || contract === null) return contract;
  const { providers, ...whole } = contract as Record<string, unknown>;
  const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => !forGatewayOnly.includes(key)));
  const name = config[`${project.name}:name`] ?? stack;
  return { ...rest, mine: (providers as Record<string, unknown> | undefined)?.[name] };
}
