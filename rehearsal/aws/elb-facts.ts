import type { Properties } from "./properties";
import { object, objects, text, texts } from "./properties";
import type { Held, World } from "./world";

function ofEachModule(suffix: string): string[] {
  return ["lb", "alb", "elasticloadbalancingv2"].map((module) => `aws:${module}/${suffix}`);
}

export const listenerTypes = ofEachModule("listener:Listener");
export const ruleTypes = ofEachModule("listenerRule:ListenerRule");
export const targetGroupTypes = ofEachModule("targetGroup:TargetGroup");

/** ARNs of the target groups that a listener's or a rule's actions forward to. */
export function targetGroupsOf(properties: Properties): string[] {
  return [...objects(properties.defaultActions), ...objects(properties.actions)].flatMap((action) => [
    ...texts(action.targetGroupArn),
    ...texts(objects(object(action.forward).targetGroups).map((group) => group.arn)),
  ]);
}

/** ARNs of the load balancers whose listeners or rules forward to a target group. */
export function balancersOfTargetGroup(world: World, group: Held, except?: Held): string[] {
  const arns = world.at(group, ...listenerTypes, ...ruleTypes).flatMap((held) => {
    if (held === except || !targetGroupsOf(held.outputs).includes(group.id)) return [];
    const listener = ruleTypes.includes(held.type)
      ? world.find(group, String(held.outputs.listenerArn), ...listenerTypes)
      : held;
    return text(listener?.outputs.loadBalancerArn) ?? [];
  });
  return [...new Set(arns)];
}
