import type { Behaviour, Situation } from "./behaviour";
import type { Properties } from "./properties";
import { plain } from "./properties";
import type { Held, World } from "./world";

/** Types that adopt what AWS made with another resource, by the type that this has otherwise. */
const adopting: Record<string, string> = {
  "aws:ec2/routeTable:RouteTable": "aws:ec2/defaultRouteTable:DefaultRouteTable",
  "aws:ec2/securityGroup:SecurityGroup": "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/networkAcl:NetworkAcl": "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
  "aws:ec2/vpc:Vpc": "aws:ec2/defaultVpc:DefaultVpc",
};

/** Types under which one and the same thing may be held: some resources adopt what AWS made with another one. */
export function sharedTypes(type: string): string[] {
  const byService = /^aws:(?:alb|lb|elasticloadbalancingv2)\/(.*)$/.exec(type);
  if (byService !== null)
    return ["lb", "alb", "elasticloadbalancingv2"].map((module) => `aws:${module}/${byService[1] ?? ""}`);
  const other = adopting[type];
  return other === undefined ? [type] : [other, type];
}

/** The outputs: what was given, defaults for the rest, and above both what AWS decides. */
export function outputsOf(behaviour: Behaviour, s: Situation, id: string): Properties {
  const name =
    behaviour.autoName === undefined
      ? {}
      : { [behaviour.autoName.property]: s.physicalName(behaviour.autoName.property) };
  return plain({
    ...(behaviour.global === true ? {} : { region: s.region }),
    ...behaviour.defaults?.(s),
    ...name,
    ...s.inputs,
    ...behaviour.computed?.(s, id),
  });
}

/** Adds what AWS makes together with a resource, unless it is there already. */
export function addImplied(world: World, held: Held, behaviour: Behaviour | undefined): void {
  for (const { type, id, properties } of behaviour?.implied?.(held) ?? []) {
    if (world.find(held, id, ...sharedTypes(type)) !== undefined) continue;
    const implied = {
      type,
      id,
      account: held.account,
      region: held.region,
      generation: 0,
      inputs: properties,
    };
    held.implied.push(world.add({ ...implied, outputs: properties, facts: {}, implied: [] }));
  }
}

/** What was adopted stays when its stack lets it go, with the rules, routes and tags that it has by then: provider's documentation. */
export function leaveBehind(world: World, held: Held): void {
  const own = Object.keys(adopting).find((type) => adopting[type] === held.type);
  const original = own === undefined ? undefined : world.find(held, held.id, own);
  if (original === undefined) return;
  for (const name of ["ingress", "egress", "routes", "tags", "tagsAll"])
    if (held.outputs[name] !== undefined) original.outputs[name] = held.outputs[name];
}
