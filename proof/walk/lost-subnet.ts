import type { Resource } from "../../resources/resource";
import type { Graph } from "../graph/graph";
import { GIVE_FILE, type Check } from "./trail";

/**
 * What follows where a resource names a subnet that no file tells, or not enough of: it has been removed, or only another
 * stack's file could tell.
 * @param what the subnet and whose it is.
 * @param untold what is said of it when it may exist all the same.
 * @param there true when a file holds the subnet, so that it cannot have been removed. Defaults to false.
 */
export function lostSubnet(
  graph: Graph,
  at: Resource,
  what: string,
  untold: string,
  there = false,
): Omit<Check, "step"> {
  const removed = !there && graph.inventory.removed(at, "aws:ec2/subnet:Subnet");
  return {
    verdict: removed ? "blocked" : "unknown",
    text: `${what} ${removed ? "has been removed" : untold}`,
    at,
    code: "SUBNET_UNKNOWN",
    fix: removed ? "restore the subnet" : GIVE_FILE,
  };
}
