import { type Properties } from "../properties";
import { actionsFor, type TypeCalls } from "./api-call";
import { apiGatewayCalls } from "./apigateway-calls";
import { ec2Calls } from "./ec2-calls";
import { elbCalls } from "./elb-calls";
import { otherCalls } from "./other-calls";

/** What a provider does with a resource. */
export type ResourceOperation = keyof TypeCalls;

/**
 * Which API actions the provider calls, by resource type: those of the project's programs, and those of the same
 * topology in plain resources. What stays out: the calls of data sources, the look at its credentials with which each
 * provider starts, and the second and later calls of a wait.
 */
const controlPlaneCalls: Readonly<Record<string, TypeCalls>> = {
  ...ec2Calls,
  ...elbCalls,
  ...apiGatewayCalls,
  ...otherCalls,
};

/**
 * The API actions of one operation on one resource, each as `service:Action`, in order.
 * @param before the inputs before an update.
 * @returns undefined when the type's calls are not in the table.
 */
export function callsOf(
  operation: ResourceOperation,
  type: string,
  inputs: Properties = {},
  before: Properties = {},
): readonly string[] | undefined {
  const calls = controlPlaneCalls[type];
  return calls === undefined ? undefined : actionsFor(calls[operation], { inputs, before });
}

/** True for an action that changes nothing. */
export function onlyReads(call: string): boolean {
  return /:(Describe|Get|List)/.test(call);
}
