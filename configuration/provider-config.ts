import { z } from "zod";
import { type Collector, refuse } from "../common/collector";
import { readNamespace, readPlacement, type RawConfig } from "./raw-config";
import { providerName } from "./gateway-config";
import {
  awsId,
  basePath,
  hostName,
  port,
  privateAddress,
  readableBlocks,
  shortName,
  stackName,
  vpcCidrBlock,
  zoneIn,
} from "../common/values";

const healthCheck = z.strictObject({
  protocol: z.enum(["TCP", "HTTP", "HTTPS"]).default("TCP"),
  /** Path of an HTTP or HTTPS check. */
  path: z.string().startsWith("/").max(1024).optional(),
});

const existingAddress = z.strictObject({
  address: privateAddress,
  /** Subnet of the address. Without the three ids the proof cannot tell whether the service is reachable. */
  subnetId: awsId("subnet").optional(),
  /** Route table that is associated with the subnet. */
  routeTableId: awsId("rtb").optional(),
  /** Security group of the service, which gets a rule for each of the gateway's addresses. */
  securityGroupId: awsId("sg").optional(),
});

const service = z.strictObject({
  /** Path of the API below which the service is published. */
  basePath,
  port,
  scheme: z.enum(["http", "https"]).default("http"),
  /** Host header, TLS server name and certificate name. Needed for https. */
  serverName: hostName.optional(),
  /** The certificate is of a private authority. Defaults to false. */
  privateCa: z.boolean().default(false),
  healthCheck: healthCheck.default({ protocol: "TCP" }),
  /** OpenAPI document, relative to the folder of the stack configuration file. */
  openApi: z.string().min(1).optional(),
  /** Path at the service in front of every operation's path. Defaults to that of the document's first server. */
  pathPrefix: basePath.optional(),
  /** An existing service's addresses. Left out: the demonstration service answers. */
  existing: z.array(existingAddress).min(1).optional(),
});

const demonstration = z.strictObject({
  /** Offset of the load balancer's address in each subnet. Defaults to 10. */
  hostNumber: z.number().int().min(4).default(10),
  /** Which of the VPC's blocks the service's subnets lie in. Defaults to the first. */
  cidrBlock: z.string().optional(),
  /** Instance type. Defaults to t3.micro. */
  instanceType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "an instance type such as t3.micro")
    .default("t3.micro"),
  /** Number of instances. Defaults to one for each zone. */
  instances: z.number().int().min(1).max(100).optional(),
});

export type ServiceConfig = z.infer<typeof service>;
export type ExistingAddressConfig = z.infer<typeof existingAddress>;
export type DemonstrationConfig = z.infer<typeof demonstration>;

/** The provider's VPC: created for the demonstration service, or an existing one. */
export type ProviderNetworkConfig =
  | { create: { cidrBlocks: string[]; zones: string[] }; adopt?: undefined }
  | {
      adopt: { vpcId: string; cidrBlocks: string[]; routeTableIds: Record<string, string> };
      create?: undefined;
    };

/** The configuration of a provider's stack. */
export interface ProviderConfig {
  account: string;
  region: string;
  /** Name of the provider in the gateway's configuration. */
  name: string;
  /** The gateway's stack; left out until it exists. */
  gateway?: { stack?: string };
  network: ProviderNetworkConfig;
  /** What blocks could be read of a network that has mistakes, and of which form it is. */
  readableNetwork?: { form: "create" | "adopt"; cidrBlocks: string[] };
  demonstration: DemonstrationConfig;
  services: Record<string, ServiceConfig>;
}

const keys = ["name", "gateway", "network", "demonstration", "services"];

/** Reads a provider stack's configuration; what has problems is left out and the problems are collected. */
export function readProviderConfig(
  raw: RawConfig,
  namespace: string,
  collector: Collector,
): Partial<ProviderConfig> {
  return readProvider(readNamespace(raw, namespace), readPlacement(raw, collector), namespace, collector);
}

/** Reads a provider's settings from a map of them, for the stack that holds gateway and providers. */
export function readProvider(
  given: Record<string, unknown>,
  placement: { account?: string; region?: string },
  where: string,
  collector: Collector,
): Partial<ProviderConfig> {
  collector.rejectUnknownKeys(Object.keys(given), keys, (key) => `${where}:${key}`);
  const at = (key: string) => `${where}:${key}`;
  const name = collector.parse(providerName, given.name, at("name"));
  const gateway = collector.parse(
    z.strictObject({ stack: stackName.optional() }).default({}),
    given.gateway,
    at("gateway"),
  );
  const network = readNetwork(given.network, placement.region, at("network"), collector);
  return {
    ...placement,
    ...(network === undefined ? { readableNetwork: readableNetwork(given.network) } : { network }),
    name,
    gateway,
    demonstration: collector.parse(demonstration.prefault({}), given.demonstration, at("demonstration")),
    services: collector.parseEntries(shortName, service, given.services, at("services")),
  };
}

function readableNetwork(given: unknown): NonNullable<ProviderConfig["readableNetwork"]> {
  const { create, adopt } = (given ?? {}) as Partial<
    Record<"create" | "adopt", { cidrBlocks?: unknown } | null>
  >;
  const form = create === undefined && adopt !== undefined ? "adopt" : "create";
  return { form, cidrBlocks: readableBlocks((create ?? adopt)?.cidrBlocks) };
}

function readNetwork(
  given: unknown,
  regionName: string | undefined,
  where: string,
  collector: Collector,
): ProviderNetworkConfig | undefined {
  const zone = regionName === undefined ? z.string() : zoneIn(regionName);
  const schema = z.strictObject({
    create: z
      .strictObject({ cidrBlocks: z.array(vpcCidrBlock).min(1), zones: z.array(zone).min(1).max(8) })
      .optional(),
    adopt: z
      .strictObject({
        vpcId: awsId("vpc"),
        cidrBlocks: z.array(vpcCidrBlock).min(1),
        routeTableIds: z.record(shortName, awsId("rtb")).superRefine((tables, ctx) => {
          if (Object.keys(tables).length === 0) {
            refuse(ctx, "is empty, so that nothing would be routed back to the gateway", {
              allowed: "at least one route table by a label",
              change: "name the route tables of the services' subnets",
            });
          }
        }),
      })
      .optional(),
  });
  const parsed = collector.parse(schema, given, where);
  if (parsed === undefined) return undefined;
  if (parsed.create !== undefined && parsed.adopt === undefined) return { create: parsed.create };
  if (parsed.adopt !== undefined && parsed.create === undefined) return { adopt: parsed.adopt };
  collector.add({
    where,
    what: parsed.create === undefined ? "has neither create nor adopt" : "has both create and adopt",
    allowed: "exactly one of the two",
    change: "give create for a new VPC, adopt for an existing one",
  });
  return undefined;
}
