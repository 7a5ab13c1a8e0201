import { z } from "zod";
import { type Collector, refuse } from "../common/collector";
import { retentionDays } from "../components/gateway-arguments";
import { parseAuthorizer, authorizerForms } from "../components/openapi/authorizer";
import { readNamespace, readPlacement, type RawConfig } from "./raw-config";
import {
  accountId,
  port,
  privateAddress,
  readableBlocks,
  shortName,
  stackName,
  vpcCidrBlock,
  zoneIn,
} from "../common/values";

const balancer = z.strictObject({
  /** Offset of the balancer's address in each subnet. Defaults to 10. */
  hostNumber: z.number().int().min(4).optional(),
  /** Addresses by zone, in place of the computed ones. */
  addresses: z.record(z.string(), privateAddress).optional(),
});

const provider = z.strictObject({
  /** Fully qualified name of the provider's stack. */
  stack: stackName.optional(),
  /** Resolve the provider's public DNS names to private addresses. Defaults to false. */
  resolveDns: z.boolean().default(false),
});

const authorizer = z.string().superRefine((text, ctx) => {
  if (parseAuthorizer(text) === undefined) {
    refuse(ctx, "is not an authorizer", {
      allowed: authorizerForms,
      change: "give one of these forms; NONE opens the target to everybody and must be written out",
    });
  }
});

const target = z.strictObject({
  /** Listener port. Defaults to a port derived from the target's name. */
  listenerPort: port.optional(),
  /** Shared balancer by name. Defaults to the only or first-named `main`. */
  balancer: z.string().optional(),
  /** A balancer for this target alone. */
  ownBalancer: balancer.optional(),
  /** `AWS_IAM`, an authorizer's ARN, or `NONE`. Defaults to `AWS_IAM`. */
  authorizer: authorizer.default("AWS_IAM"),
  /** Integration time-out in milliseconds. Defaults to 29000. */
  timeoutMilliseconds: z.number().int().min(50).max(29_000).default(29_000),
});

const stage = z.string().superRefine((text, ctx) => {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(text)) {
    refuse(ctx, "is not a stage name", {
      allowed: "1 to 128 letters, digits, '_' and '-'",
      change: "choose another stage name",
    });
  }
});

const api = z.strictObject({
  /** Name of the stage, the first part of the URL's path. Defaults to `live`. */
  stage: stage.default("live"),
  /** Who may call targets that are authorised with IAM. Defaults to the gateway's own account. */
  callers: z
    .strictObject({
      accounts: z.array(accountId).default([]),
      organization: z
        .string()
        .superRefine((text, ctx) => {
          if (!/^o-[a-z0-9]{10,32}$/.test(text)) {
            refuse(ctx, "is not an organization id", {
              allowed: "o- and 10 to 32 letters and digits",
              change: "copy the id from AWS Organizations",
            });
          }
        })
        .optional(),
      roles: z
        .array(
          z.string().superRefine((text, ctx) => {
            if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)) {
              refuse(ctx, "is not the ARN of a role", {
                allowed: "arn:aws:iam::111111111111:role/name, without wildcards",
                change: "give the role's ARN",
              });
            }
          }),
        )
        .default([]),
    })
    .default({ accounts: [], roles: [] }),
  /** Requests for each method and second, and the burst above. Default to 1000 and 500. */
  throttling: z
    .strictObject({
      rateLimit: z.number().min(1).max(10_000).default(1000),
      burstLimit: z.number().int().min(1).max(5_000).default(500),
    })
    .default({ rateLimit: 1000, burstLimit: 500 }),
  /** Days for which access logs are kept. Defaults to 90. */
  logRetentionDays: z.literal(retentionDays).default(90),
});

const quotas = z.strictObject({
  /** Rules of one direction in a security group. Defaults to 60. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
  securityGroupRules: z.number().int().min(1).max(1000).default(60),
  /** Routes in a route table. AWS's older pages say 50, newer ones 500. Defaults to 500. */
  routesPerRouteTable: z.number().int().min(1).max(1000).default(500),
  /** Active peering connections of a VPC. Defaults to 50. */
  peeringConnections: z.number().int().min(1).max(125).default(50),
});

export type BalancerConfig = z.infer<typeof balancer>;
export type GatewayProviderConfig = z.infer<typeof provider>;
export type GatewayTargetConfig = z.infer<typeof target>;
export type ApiConfig = z.infer<typeof api>;

/** The configuration of the gateway's stack. */
export interface GatewayConfig {
  account: string;
  region: string;
  network: { cidrBlocks: string[]; zones: string[] };
  /** What blocks could be read of a network that has mistakes. */
  readableBlocks?: string[];
  link: { version: "V1" | "V2" };
  balancers: Record<string, BalancerConfig>;
  providers: Record<string, GatewayProviderConfig>;
  /** Settings for some of the targets; a target without settings has the defaults. */
  targets: Record<string, GatewayTargetConfig>;
  api: ApiConfig;
  /** Whether this stack owns the account's CloudWatch role for API Gateway, or a landing zone does. */
  cloudWatchRole: "create" | "external";
  quotas: z.infer<typeof quotas>;
}

/** Settings of a target that the configuration does not mention. */
export const defaultTarget: GatewayTargetConfig = target.parse({});

/** The balancer that targets share when none is named. */
export const defaultBalancer = "main";

const keys = ["network", "link", "balancers", "providers", "targets", "api", "cloudWatchRole", "quotas"];

/** Reads a gateway stack's configuration; what has problems is left out and the problems are collected. */
export function readGatewayConfig(
  raw: RawConfig,
  namespace: string,
  collector: Collector,
): Partial<GatewayConfig> {
  return readGateway(readNamespace(raw, namespace), readPlacement(raw, collector), namespace, collector);
}

/** Reads the gateway's settings from a map of them, for the stack that holds gateway and providers. */
export function readGateway(
  given: Record<string, unknown>,
  placement: { account?: string; region?: string },
  where: string,
  collector: Collector,
): Partial<GatewayConfig> {
  collector.rejectUnknownKeys(Object.keys(given), keys, (key) => `${where}:${key}`);
  const at = (key: string) => `${where}:${key}`;
  const zone = zoneIn(placement.region ?? "");
  const network = z.strictObject({
    cidrBlocks: z.array(vpcCidrBlock).min(1),
    zones: z
      .array(placement.region === undefined ? z.string() : zone)
      .min(1)
      .max(8),
  });
  const shortBalancer = shortName.refine(
    (name) => name.length <= 12,
    "at most 12 characters for a balancer's name",
  );
  const parsedNetwork = collector.parse(network, given.network, at("network"));
  const blocks = (given.network as { cidrBlocks?: unknown } | null | undefined)?.cidrBlocks;
  const balancers = collector.parseEntries(shortBalancer, balancer, given.balancers, at("balancers"));
  return {
    ...placement,
    ...(parsedNetwork === undefined
      ? { readableBlocks: readableBlocks(blocks) }
      : { network: parsedNetwork }),
    link: collector.parse(
      z.strictObject({ version: z.enum(["V1", "V2"]) }).default({ version: "V2" }),
      given.link,
      at("link"),
    ),
    balancers: Object.keys(balancers).length === 0 ? { [defaultBalancer]: {} } : balancers,
    providers: collector.parseEntries(providerName, provider, given.providers, at("providers")),
    targets: collector.parseEntries(shortName, target, given.targets, at("targets")),
    api: collector.parse(api.prefault({}), given.api, at("api")),
    cloudWatchRole: collector.parse(
      z.enum(["create", "external"]).default("create"),
      given.cloudWatchRole,
      at("cloudWatchRole"),
    ),
    quotas: collector.parse(quotas.prefault({}), given.quotas, at("quotas")),
  };
}

/** A provider's name: short, and not the one that the gateway's own resources bear. */
export const providerName = shortName.superRefine((name, ctx) => {
  if (name === "gateway" || name.startsWith("gateway-")) {
    refuse(ctx, "is kept for the gateway's own resources", {
      allowed: 'a short name other than gateway that does not begin with "gateway-"',
      change: "rename the provider",
    });
  }
});
