import { apiBehaviours } from "./apigateway-api";
import { apiExtraBehaviours } from "./apigateway-extras";
import { linkBehaviours } from "./apigateway-links";
import { apiTreeBehaviours } from "./apigateway-tree";
import type { Behaviours } from "./behaviour";
import { gatewayBehaviours } from "./ec2-gateways";
import { instanceBehaviours } from "./ec2-instances";
import { networkAclBehaviours } from "./ec2-network-acls";
import { networkInterfaceBehaviours } from "./ec2-network-interface";
import { peeringBehaviours } from "./ec2-peering";
import { prefixListBehaviours } from "./ec2-prefix-lists";
import { routeBehaviours } from "./ec2-routes";
import { securityGroupBehaviours } from "./ec2-security-groups";
import { vpcBehaviours } from "./ec2-vpc";
import { listenerBehaviour } from "./elb-listener";
import { listenerRuleBehaviour } from "./elb-listener-rule";
import { balancerBehaviour } from "./elb-load-balancer";
import { attachmentBehaviour } from "./elb-target-attachment";
import { targetGroupBehaviour } from "./elb-target-group";
import { iamBehaviours } from "./iam";
import { otherBehaviours } from "./other-services";

/** The three modules of `@pulumi/aws` under which load balancing is found. */
function elbBehaviours(): Behaviours {
  const of = (module: string): Behaviours => ({
    [`aws:${module}/loadBalancer:LoadBalancer`]: balancerBehaviour,
    [`aws:${module}/listener:Listener`]: listenerBehaviour,
    [`aws:${module}/listenerRule:ListenerRule`]: listenerRuleBehaviour,
    [`aws:${module}/targetGroup:TargetGroup`]: targetGroupBehaviour,
    [`aws:${module}/targetGroupAttachment:TargetGroupAttachment`]: attachmentBehaviour,
  });
  return { ...of("lb"), ...of("alb"), ...of("elasticloadbalancingv2") };
}

/**
 * Simulated AWS as a table from Pulumi type token to behaviour, written from AWS's documentation and the provider's types.
 *
 * Simulated: ids and ARNs; the outputs that programs read; the defaults that the provider records; which change replaces a
 * resource; names and their limits; what AWS or the provider refuses at creation, update or deletion because of the request
 * itself or of what exists; what AWS creates along with a VPC; the one peering connection that two accounts share; what an
 * OpenAPI import makes and refuses; what a read finds that other resources have changed.
 *
 * Not simulated: time, eventual consistency and throttling; IAM decisions; instances of Auto Scaling groups and the health of
 * targets; the addresses of interfaces that pin none, except those of instances, network interfaces and NAT gateways; the mapping of zone
 * names to zone ids (invented); quotas that AWS raises on request, with the exception of 60 rules a security group, 300
 * resources an API and 29 seconds an integration; IPv6; provider default tags; the delivery of any packet.
 *
 * What this accepts AWS may still refuse. Codes and wording of refusals follow AWS where they are known and are our own
 * elsewhere; not confirmed against AWS itself: that the root counts among the 300 resources of an API, that zone `all`
 * is refused for an address inside the VPC, and which findings of an import are warnings and which errors.
 */
export const behaviours: Behaviours = {
  ...vpcBehaviours,
  ...gatewayBehaviours,
  ...routeBehaviours,
  ...peeringBehaviours,
  ...securityGroupBehaviours,
  ...networkAclBehaviours,
  ...networkInterfaceBehaviours,
  ...prefixListBehaviours,
  ...instanceBehaviours,
  ...elbBehaviours(),
  ...linkBehaviours,
  ...apiBehaviours,
  ...apiTreeBehaviours,
  ...apiExtraBehaviours,
  ...iamBehaviours,
  ...otherBehaviours,
};
