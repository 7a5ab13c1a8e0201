import { AwsError } from "./aws-error";
import type { Behaviour, Situation } from "./behaviour";
import { refuse } from "./behaviour";
import { mustHaveVpc } from "./ec2-facts";
import { checkBalancerName, checkBetween } from "./elb-load-balancer";
import {
  balancersOfTargetGroup,
  listenerTypes,
  ruleTypes,
  targetGroupsOf,
  targetGroupTypes,
} from "./elb-facts";
import type { Properties } from "./properties";
import { number, object, objects, text } from "./properties";
import type { Held, World } from "./world";

const protocols = ["GENEVE", "HTTP", "HTTPS", "TCP", "TCP_UDP", "TLS", "UDP", "QUIC", "TCP_QUIC"];
const targetTypes = ["instance", "ip", "lambda", "alb"];

/** What a target group's targets are. */
export function targetType(properties: Properties): string {
  return text(properties.targetType) ?? "instance";
}

function isNetwork(protocol: string | undefined): boolean {
  return protocol !== undefined && protocol !== "HTTP" && protocol !== "HTTPS" && protocol !== "GENEVE";
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
function checkTargetGroup(s: Situation): void {
  const name = s.physicalName();
  checkBalancerName("Target group", name);
  const twin = s.others(...targetGroupTypes).find((other) => other.outputs.name === name);
  refuse(
    twin !== undefined,
    "DuplicateTargetGroupName",
    `A target group with the same name '${name}' exists, but with different settings`,
  );
  const type = targetType(s.inputs);
  refuse(
    !targetTypes.includes(type),
    "ValidationError",
    `expected targetType to be one of ${targetTypes.join(", ")}, got ${type}`,
  );
  if (type === "lambda") return;
  const protocol = text(s.inputs.protocol);
  refuse(protocol === undefined, "ValidationError", "A protocol must be specified");
  refuse(
    !protocols.includes(protocol ?? ""),
    "ValidationError",
    `expected protocol to be one of ${protocols.join(", ")}, got ${protocol ?? ""}`,
  );
  refuse(
    type === "alb" && protocol !== "TCP",
    "ValidationError",
    "A target group with the target type alb needs the protocol TCP",
  );
  const port = number(s.inputs.port);
  refuse(port === undefined, "ValidationError", "A port must be specified");
  refuse(
    port !== undefined && (port < 1 || port > 65535),
    "ValidationError",
    `expected port to be in the range (1 - 65535), got ${port ?? 0}`,
  );
  refuse(s.inputs.vpcId === undefined, "ValidationError", "A VPC ID must be specified");
  mustHaveVpc(s, s.inputs.vpcId);
  checkHealthCheck(object(s.inputs.healthCheck), protocol ?? "");
  checkBetween(s.inputs.deregistrationDelay, "deregistrationDelay", 0, 3600);
  const preserve = text(s.inputs.preserveClientIp);
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
  refuse(
    preserve === "false" && (protocol === "UDP" || protocol === "TCP_UDP"),
    "InvalidConfigurationRequest",
    `Client IP preservation cannot be disabled for the protocol ${protocol ?? ""}`,
  );
  refuse(
    preserve !== undefined && !isNetwork(protocol),
    "InvalidConfigurationRequest",
    `Target group attribute preserve_client_ip.enabled is not supported with the protocol ${protocol ?? ""}`,
  );
}

/** A health check's protocol, which the provider takes in whatever case. */
function checkProtocol(check: Properties): string {
  return (text(check.protocol) ?? "HTTP").toUpperCase();
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html, and the provider's own checks. */
function checkHealthCheck(check: Properties, groupProtocol: string): void {
  const protocol = checkProtocol(check);
  refuse(
    !["TCP", "HTTP", "HTTPS"].includes(protocol),
    "ValidationError",
    `Health check protocol '${protocol}' must be one of: TCP, HTTP, HTTPS`,
  );
  refuse(
    protocol === "TCP" && (groupProtocol === "HTTP" || groupProtocol === "HTTPS"),
    "InvalidConfigurationRequest",
    `Attribute "healthCheck.protocol" cannot have value "TCP" when "protocol" is "${groupProtocol}".`,
  );
  for (const name of ["path", "matcher"])
    refuse(
      protocol === "TCP" && text(check[name]) !== undefined,
      "InvalidConfigurationRequest",
      `Attribute "healthCheck.${name}" cannot be specified when "healthCheck.protocol" is "TCP"`,
    );
  const path = text(check.path);
  refuse(
    path !== undefined && !path.startsWith("/"),
    "ValidationError",
    `Health check path '${path ?? ""}' must begin with a '/' character`,
  );
  const port = text(check.port);
  refuse(
    port !== undefined &&
      port !== "traffic-port" &&
      !(number(port) !== undefined && Number(port) >= 1 && Number(port) <= 65535),
    "ValidationError",
    `Health check port '${port ?? ""}' must be traffic-port or 1 to 65535`,
  );
  checkBetween(check.interval, "healthCheck.interval", 5, 300);
  checkBetween(check.timeout, "healthCheck.timeout", 2, 120);
  checkBetween(check.healthyThreshold, "healthCheck.healthyThreshold", 2, 10);
  checkBetween(check.unhealthyThreshold, "healthCheck.unhealthyThreshold", 2, 10);
  const [interval, timeout] = [number(check.interval) ?? 30, number(check.timeout)];
  refuse(
    timeout !== undefined && timeout > interval,
    "ValidationError",
    `Health check timeout ${timeout ?? 0} must not be longer than the interval ${interval}`,
  );
}

/**
 * A check as it stands. Without a block AWS's own defaults hold, TCP for what Network Load Balancers forward; with one the
 * provider's do, HTTP among them. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
function healthCheck(s: Situation): Properties {
  const given = objects(s.kept("healthCheck", []))[0];
  const thresholds = { healthyThreshold: given ? 3 : 5, unhealthyThreshold: given ? 3 : 2 };
  if (targetType(s.inputs) === "lambda")
    return { enabled: false, ...thresholds, interval: 35, timeout: 30, path: "/", matcher: "200", ...given };
  const network = isNetwork(text(s.inputs.protocol));
  const protocol = given ? checkProtocol(given) : network || s.inputs.protocol === "GENEVE" ? "TCP" : "HTTP";
  const http = protocol === "HTTP" || protocol === "HTTPS";
  return {
    enabled: true,
    ...thresholds,
    interval: 30,
    port: "traffic-port",
    timeout: !network ? 5 : protocol === "HTTP" ? 6 : 10,
    ...(http ? { path: "/", matcher: network ? "200-399" : "200" } : {}),
    ...given,
    protocol,
  };
}

function defaults(s: Situation): Properties {
  const type = targetType(s.inputs);
  const protocol = text(s.inputs.protocol);
  const byAddress = type === "ip" && (protocol === "TCP" || protocol === "TLS");
  return {
    targetType: "instance",
    deregistrationDelay: 300,
    proxyProtocolV2: false,
    slowStart: 0,
    lambdaMultiValueHeadersEnabled: false,
    loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
    ...(type === "lambda" ? {} : { ipAddressType: "ipv4" }),
    ...(protocol === "HTTP" || protocol === "HTTPS"
      ? { protocolVersion: "HTTP1", loadBalancingAlgorithmType: "round_robin" }
      : {}),
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
    ...(isNetwork(protocol) ? { preserveClientIp: String(!byAddress), connectionTermination: false } : {}),
  };
}

/** Target groups. */
export const targetGroupBehaviour: Behaviour = {
  autoName: { property: "name", maxLength: 32 },
  replaceOn: [
    ...["name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType"],
    "targetControlPort",
  ],
  id: (s) => s.arn("elasticloadbalancing", `targetgroup/${s.physicalName()}/${s.token(16)}`),
  defaults,
  computed: (s, id) => ({
    arn: id,
    arnSuffix: `targetgroup/${id.split(":targetgroup/")[1] ?? ""}`,
    healthCheck: healthCheck(s),
    loadBalancerArns: s.previous === undefined ? [] : balancersOfTargetGroup(s.world, s.previous),
    tagsAll: object(s.inputs.tags),
  }),
  check: checkTargetGroup,
  refresh: (held, world) => ({ loadBalancerArns: balancersOfTargetGroup(world, held) }),
  removable: (group: Held, world: World) => {
    const listener = world
      .at(group, ...listenerTypes, ...ruleTypes)
      .find((held) => targetGroupsOf(held.outputs).includes(group.id));
    refuse(
      listener !== undefined,
      "ResourceInUse",
      `Target group '${group.id}' is currently in use by a listener or a rule (${listener?.id ?? ""})`,
    );
  },
  notFound: (id) => new AwsError("TargetGroupNotFound", `Target groups '[${id}]' not found`),
};
