import { AwsError } from "./aws-error";
import type { Behaviour, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { balancerTypes } from "./ec2-facts";
import { balancersOfTargetGroup, listenerTypes, targetGroupsOf, targetGroupTypes } from "./elb-facts";
import { balancerKind, checkBetween } from "./elb-load-balancer";
import { number, object, objects, text } from "./properties";
import type { Held } from "./world";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html */
const listenersPerBalancer = 50;

/** Protocols of target groups that a listener of a protocol can forward to. */
const forwards: Record<string, string[]> = {
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
  QUIC: ["QUIC", "TCP_QUIC"],
  TCP_QUIC: ["TCP_QUIC"],
  HTTP: ["HTTP", "HTTPS"],
  HTTPS: ["HTTP", "HTTPS"],
  GENEVE: ["GENEVE"],
};

const protocolsOf: Record<string, string[]> = {
  network: ["TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"],
  application: ["HTTP", "HTTPS"],
  gateway: [],
};

function checkListener(s: Situation): void {
  const arn = text(s.inputs.loadBalancerArn);
  const balancer = must(
    s.find(arn, ...balancerTypes),
    "LoadBalancerNotFound",
    `Load balancer '${String(s.inputs.loadBalancerArn)}' not found`,
  );
  const kind = balancerKind(balancer.outputs);
  const protocol = text(s.inputs.protocol) ?? (kind === "application" ? "HTTP" : "");
  if (kind !== "gateway") checkPort(s, balancer, kind, protocol);
  const siblings = s
    .others(...listenerTypes)
    .filter((other) => other.outputs.loadBalancerArn === balancer.id);
  const twin = siblings.find((other) => number(other.outputs.port) === number(s.inputs.port));
  refuse(
    twin !== undefined,
    "DuplicateListener",
    `A listener already exists on this port for this load balancer '${balancer.id}' (port ${String(s.inputs.port)})`,
  );
  refuse(
    siblings.length >= listenersPerBalancer && s.previous === undefined,
    "TooManyListeners",
    `The maximum number of listeners on load balancer '${balancer.id}' has been reached: ${listenersPerBalancer}`,
  );
  checkActions(s, balancer, kind, protocol);
}

function checkPort(s: Situation, balancer: Held, kind: string, protocol: string): void {
  const port = number(s.inputs.port);
  refuse(port === undefined, "ValidationError", "A port must be specified");
  refuse(
    port !== undefined && (port < 1 || port > 65535),
    "ValidationError",
    `expected port to be in the range (1 - 65535), got ${port ?? 0}`,
  );
  const allowed = protocolsOf[kind] ?? [];
  refuse(
    !allowed.includes(protocol),
    "ValidationError",
    `Listener protocol '${protocol}' must be one of '${allowed.join(", ")}' for the ${kind} load balancer '${balancer.id}'`,
  );
  // `tcpIdleTimeoutSeconds` of the provider's Listener.
  refuse(
    s.inputs.tcpIdleTimeoutSeconds !== undefined && (kind !== "network" || protocol !== "TCP"),
    "InvalidConfigurationRequest",
    `The attribute tcp.idle_timeout.seconds is not supported on a ${protocol} listener of the ${kind} load balancer '${balancer.id}'`,
  );
  checkBetween(s.inputs.tcpIdleTimeoutSeconds, "tcpIdleTimeoutSeconds", 60, 6000);
  const secure = protocol === "TLS" || protocol === "HTTPS";
  refuse(
    secure && s.inputs.certificateArn === undefined,
    "ValidationError",
    `A certificate must be specified for ${protocol} listeners`,
  );
  refuse(
    !secure && s.inputs.certificateArn !== undefined,
    "ValidationError",
    `A certificate cannot be specified for ${protocol} listeners`,
  );
}

function checkActions(s: Situation, balancer: Held, kind: string, protocol: string): void {
  const actions = objects(s.inputs.defaultActions);
  refuse(actions.length === 0, "ValidationError", "At least one default action must be specified");
  for (const action of actions) {
    const type = String(action.type);
    refuse(
      kind !== "application" && type !== "forward",
      "InvalidLoadBalancerAction",
      `Listeners of a ${kind} load balancer can only forward, not '${type}'`,
    );
    refuse(
      type === "forward" && targetGroupsOf({ defaultActions: [action] }).length === 0,
      "ValidationError",
      "A target group must be specified for an action of type forward",
    );
  }
  for (const group of checkTargetGroups(s, balancer)) {
    const arn = group.id;
    const of = String(group.outputs.protocol);
    refuse(
      !(forwards[kind === "gateway" ? "GENEVE" : protocol] ?? []).includes(of) &&
        group.outputs.targetType !== "lambda",
      "InvalidConfigurationRequest",
      `The protocol ${of} of the target group '${arn}' does not go with a listener of the protocol ${protocol}`,
    );
    refuse(
      group.outputs.vpcId !== balancer.outputs.vpcId && group.outputs.targetType !== "lambda",
      "InvalidConfigurationRequest",
      `The target group '${arn}' is in ${String(group.outputs.vpcId)}, not in the VPC of the load balancer '${balancer.id}' (${String(balancer.outputs.vpcId)})`,
    );
  }
}

/** Refuses target groups that do not exist, or that another load balancer forwards to. */
export function checkTargetGroups(s: Situation, balancer: Held): Held[] {
  return targetGroupsOf(s.inputs).map((arn) => {
    const group = must(
      s.find(arn, ...targetGroupTypes),
      "TargetGroupNotFound",
      `Target groups '${arn}' not found`,
    );
    const other = balancersOfTargetGroup(s.world, group, s.previous).find((used) => used !== balancer.id);
    refuse(
      other !== undefined,
      "TargetGroupAssociationLimit",
      `The following target groups cannot be associated with more than one load balancer: ${arn} (associated with ${other ?? ""})`,
    );
    return group;
  });
}

/** Listeners. */
export const listenerBehaviour: Behaviour = {
  required: ["defaultActions", "loadBalancerArn"],
  replaceOn: ["loadBalancerArn"],
  id: (s) => `${String(s.inputs.loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${s.token(16)}`,
  defaults: (s) => {
    const protocol = text(s.inputs.protocol);
    return {
      ...(protocol === "TCP" ? { tcpIdleTimeoutSeconds: 350 } : {}),
      ...(protocol === undefined ? { protocol: "HTTP" } : {}),
      ...(protocol === "TLS" || protocol === "HTTPS" ? { sslPolicy: "ELBSecurityPolicy-2016-08" } : {}),
    };
  },
  computed: (s, id) => ({
    arn: id,
    defaultActions: objects(s.inputs.defaultActions).map((action, index) => ({
      order: index + 1,
      ...action,
    })),
    tagsAll: object(s.inputs.tags),
  }),
  check: checkListener,
  notFound: (id) => new AwsError("ListenerNotFound", `One or more listeners not found: ${id}`),
};
