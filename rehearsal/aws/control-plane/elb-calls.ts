import { text } from "../properties";
import { type Actions, onChange, type TypeCalls, typeCalls } from "./api-call";

const balancers = ["DescribeLoadBalancers"];
const setGroups = ["SetSecurityGroups"];
const setSubnets = ["SetSubnets"];
const tagging = { tags: ["AddTags"] };

/** The name is looked up first; attributes and enforcement are set when the balancer is active. */
const createBalancer: Actions = ({ inputs }) => [
  ...[...balancers, "CreateLoadBalancer", ...balancers, "ModifyLoadBalancerAttributes"],
  ...(text(inputs.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic) === undefined ? [] : setGroups),
  ...balancers,
];

/** Attributes of a TLS listener cannot be asked for. */
const elbEntries = {
  loadBalancer: {
    create: createBalancer,
    read: [...balancers, "DescribeLoadBalancerAttributes", "DescribeCapacityReservation", "DescribeTags"],
    update: onChange(
      {
        ...tagging,
        securityGroups: setGroups,
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: setGroups,
        subnets: setSubnets,
        subnetMappings: setSubnets,
        ipAddressType: ["SetIpAddressType"],
      },
      ["ModifyLoadBalancerAttributes", ...balancers],
    ),
    // The provider waits until the balancer's interfaces are gone.
    delete: ["DeleteLoadBalancer", "ec2:DescribeNetworkInterfaces"],
  },
  targetGroup: {
    create: [
      ...["DescribeTargetGroups", "CreateTargetGroup"],
      ...["DescribeTargetGroups", "ModifyTargetGroupAttributes"],
    ],
    read: ["DescribeTargetGroups", "DescribeTargetGroupAttributes", "DescribeTags"],
    update: onChange({ ...tagging, healthCheck: ["ModifyTargetGroup"] }, ["ModifyTargetGroupAttributes"]),
    delete: ["DeleteTargetGroup"],
  },
  targetGroupAttachment: {
    create: ["RegisterTargets"],
    read: ["DescribeTargetHealth"],
    delete: ["DeregisterTargets"],
    readsBack: false,
  },
  listener: {
    create: ["CreateListener"],
    read: ["DescribeListeners", "DescribeListenerAttributes", "DescribeTags"],
    update: onChange(tagging, ["ModifyListener"]),
    delete: ["DeleteListener"],
  },
};

function elbTypes(module: string): Record<string, TypeCalls> {
  return typeCalls("elasticloadbalancing", {
    [`aws:${module}/loadBalancer:LoadBalancer`]: elbEntries.loadBalancer,
    [`aws:${module}/targetGroup:TargetGroup`]: elbEntries.targetGroup,
    [`aws:${module}/targetGroupAttachment:TargetGroupAttachment`]: elbEntries.targetGroupAttachment,
    [`aws:${module}/listener:Listener`]: elbEntries.listener,
  });
}

/**
 * Elastic Load Balancing's calls, version 2 of its API, read in the provider's sources.
 * https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/elbv2
 */
export const elbCalls = { ...elbTypes("lb"), ...elbTypes("alb"), ...elbTypes("elasticloadbalancingv2") };
