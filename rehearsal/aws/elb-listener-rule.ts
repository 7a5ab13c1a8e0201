import { AwsError } from "./aws-error";
import type { Behaviour, Situation } from "./behaviour";
import { must, refuse } from "./behaviour";
import { balancerTypes } from "./ec2-facts";
import { listenerTypes, ruleTypes } from "./elb-facts";
import { checkTargetGroups } from "./elb-listener";
import { balancerKind, checkBetween } from "./elb-load-balancer";
import { number, object, text } from "./properties";
import type { Held } from "./world";

function siblings(s: Situation): Held[] {
  return s.others(...ruleTypes).filter((other) => other.outputs.listenerArn === s.inputs.listenerArn);
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html */
function checkRule(s: Situation): void {
  const listener = must(
    s.find(text(s.inputs.listenerArn), ...listenerTypes),
    "ListenerNotFound",
    `One or more listeners not found: ${String(s.inputs.listenerArn)}`,
  );
  const balancer = must(
    s.find(text(listener.outputs.loadBalancerArn), ...balancerTypes),
    "LoadBalancerNotFound",
    `Load balancer '${String(listener.outputs.loadBalancerArn)}' not found`,
  );
  refuse(
    balancerKind(balancer.outputs) !== "application",
    "ValidationError",
    `Rules can be made for listeners of application load balancers only, not of '${balancer.id}'`,
  );
  checkBetween(s.inputs.priority, "priority", 1, 50_000);
  const priority = number(s.inputs.priority);
  const twin = siblings(s).find((other) => number(other.outputs.priority) === priority);
  refuse(
    priority !== undefined && twin !== undefined,
    "PriorityInUse",
    `Priority '${priority ?? ""}' is currently in use (${twin?.id ?? ""})`,
  );
  checkTargetGroups(s, balancer);
}

/** Rules of application load balancers' listeners. */
export const listenerRuleBehaviour: Behaviour = {
  required: ["actions", "conditions", "listenerArn"],
  replaceOn: ["listenerArn"],
  id: (s) => `${String(s.inputs.listenerArn).replace(":listener/", ":listener-rule/")}/${s.token(16)}`,
  defaults: (s) => ({
    // The provider takes the next one after the highest.
    priority: s.kept(
      "priority",
      1 + Math.max(0, ...siblings(s).map((other) => number(other.outputs.priority) ?? 0)),
    ),
  }),
  computed: (s, id) => ({ arn: id, tagsAll: object(s.inputs.tags) }),
  check: checkRule,
  notFound: (id) => new AwsError("RuleNotFound", `One or more rules not found: ${id}`),
};
