import { providerAccount } from "../../provider-account/program";
import { sharedServices } from "../../shared-services/program";
import { singleOperator } from "../../single-operator/program";
import { type Registration, run, type Run, type RunOptions, type Values } from "./mocks";

/** Settings by key, as a person writes them in a stack's configuration file. */
export type Settings = Record<string, unknown>;

export const accounts: Record<string, string> = {
  gateway: "111111111111",
  shop: "222222222222",
  old: "333333333333",
};

export const gatewaySettings: Settings = {
  network: { cidrBlocks: ["10.0.0.0/20"], zones: ["us-east-1a", "us-east-1b"] },
  providers: {
    shop: { stack: "organization/provider-account/shop" },
    old: { stack: "organization/provider-account/old" },
  },
  targets: { refunds: { ownBalancer: { hostNumber: 20 } } },
};

/** A provider with a VPC of its own, of two blocks, and two services in the second one. */
export const shopSettings: Settings = {
  name: "shop",
  network: {
    create: { cidrBlocks: ["10.20.0.0/20", "100.64.16.0/20"], zones: ["us-east-1a", "us-east-1b"] },
  },
  demonstration: { cidrBlock: "100.64.16.0/20" },
  services: {
    orders: { basePath: "/orders", port: 8080, healthCheck: { protocol: "HTTP", path: "/health" } },
    refunds: { basePath: "/refunds", port: 8081 },
  },
};

const place = { routeTableId: "rtb-0000000a", securityGroupId: "sg-0000000a" };

/** A provider with an adopted VPC and an HTTPS service at two addresses, one of which answers a second port. */
export const oldSettings: Settings = {
  name: "old",
  network: {
    adopt: {
      vpcId: "vpc-0000000a",
      cidrBlocks: ["10.50.0.0/20"],
      routeTableIds: { private: "rtb-0000000a" },
    },
  },
  services: {
    cards: {
      basePath: "/cards",
      port: 8443,
      scheme: "https",
      serverName: "cards.bank.internal",
      privateCa: true,
      healthCheck: { protocol: "HTTPS", path: "/status" },
      existing: [
        { address: "10.50.1.25", subnetId: "subnet-0000000a", ...place },
        { address: "10.50.2.25", subnetId: "subnet-0000000b", ...place },
      ],
    },
    limits: {
      basePath: "/limits",
      port: 9000,
      existing: [{ address: "10.50.1.25", subnetId: "subnet-0000000a", ...place }],
    },
  },
};

const gatewayStack = "organization/shared-services/dev";

/** Configuration of a stack as Pulumi holds it: text, objects as JSON. */
export function configOf(project: string, account: string, settings: Settings): Record<string, string> {
  return {
    "aws:region": "us-east-1",
    "aws:allowedAccountIds": JSON.stringify([account]),
    ...Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        `${project}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  };
}

/** Gateway and providers as stacks of their own, deployed by hand, one after the other. */
export class Landscape {
  /** Outputs of the last successful deployment of each stack. */
  readonly stacks: Record<string, { outputs: Values; secrets?: string[] }> = {};
  gateway: Settings = gatewaySettings;
  readonly providers: Record<string, Settings> = { shop: shopSettings, old: oldSettings };

  constructor() {
    for (const name of [gatewayStack, ...Object.keys(this.providers).map(providerStack)])
      this.stacks[name] = { outputs: {} };
  }

  /** One `up` of the gateway's stack. */
  upGateway(options: RunOptions = {}): Promise<Run> {
    const config = configOf("shared-services", accounts.gateway ?? "", this.gateway);
    return this.up(gatewayStack, sharedServices, config, options);
  }

  /** One `up` of a provider's stack, with the gateway named in its configuration unless that says otherwise. */
  upProvider(name: string, options: RunOptions = {}): Promise<Run> {
    const settings = { gateway: { stack: gatewayStack }, ...this.providers[name] };
    const config = configOf("provider-account", accounts[name] ?? "444444444444", settings);
    return this.up(providerStack(name), providerAccount, config, options);
  }

  /** Every stack once more, until all have seen each other's contracts. Returns the last run of each. */
  async connect(): Promise<Record<string, Run>> {
    const names = Object.keys(this.providers);
    for (const name of names) succeeded(await this.upProvider(name));
    succeeded(await this.upGateway());
    const last: Record<string, Run> = {};
    for (const name of names) last[name] = succeeded(await this.upProvider(name));
    last.gateway = succeeded(await this.upGateway());
    return last;
  }

  outputsOf(name: string): Values {
    return this.stacks[name === "gateway" ? gatewayStack : providerStack(name)]?.outputs ?? {};
  }

  private async up(
    name: string,
    program: () => Promise<Values>,
    config: Record<string, string>,
    options: RunOptions,
  ): Promise<Run> {
    const [, project = "", stack = ""] = name.split("/");
    this.stacks[name] ??= { outputs: {} };
    const result = await run(program, { project, stack, config, stacks: this.stacks, ...options });
    if (result.failures.length === 0 && options.preview !== true)
      this.stacks[name] = { outputs: structuredClone(result.outputs) };
    return result;
  }
}

/** One `up` of the program that holds all accounts, with the same settings as a landscape's stacks. */
export function upSingleOperator(
  { gateway, providers }: Pick<Landscape, "gateway" | "providers">,
  options: RunOptions = {},
): Promise<Run> {
  const region = "us-east-1";
  const without = (settings: Settings) =>
    Object.fromEntries(Object.entries(settings).filter(([key]) => key !== "name" && key !== "providers"));
  const name = "organization/single-operator/prod";
  return run(singleOperator, {
    project: "single-operator",
    stack: "prod",
    config: {
      "single-operator:gateway": JSON.stringify({ account: accounts.gateway, region, ...without(gateway) }),
      "single-operator:providers": JSON.stringify(
        Object.fromEntries(
          Object.entries(providers).map(([provider, settings]) => [
            provider,
            { account: accounts[provider], region, ...without(settings) },
          ]),
        ),
      ),
    },
    stacks: { [name]: { outputs: {} } },
    ...options,
  });
}

/** The run, when nothing failed. */
export function succeeded(result: Run): Run {
  if (result.failures[0] !== undefined) throw result.failures[0];
  return result;
}

/** Everything but the stack itself, references and AWS providers. */
export function declared({ resources }: Run): Registration[] {
  return resources.filter(({ type }) => !type.startsWith("pulumi:"));
}

/** What a run's log says to people, without warnings. */
export function messages({ log }: Run): string[] {
  return log.filter(({ severity }) => severity <= 2).map(({ message }) => message);
}

function providerStack(name: string): string {
  return `organization/provider-account/${name}`;
}
