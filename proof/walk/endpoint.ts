import type { Resource } from "../../resources/resource";
import type { Api } from "../graph/apis";
import type { Balancer } from "../graph/balancers";
import type { Graph } from "../graph/graph";
import type { Link } from "../graph/links";
import type { Endpoint } from "./integration";
import { elsewhere, walkLink } from "./link";
import { GIVE_FILE, type Check, type Trail } from "./trail";

const LINK_TYPES = ["aws:apigatewayv2/vpcLink:VpcLink", "aws:apigateway/vpcLink:VpcLink"];
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

function findLink(graph: Graph, api: Api, id: string, user: Resource): Link | Check {
  const link = graph.links.get(id);
  const step = "vpc-link";
  if (link === undefined) {
    const removed = graph.inventory.removed(user, ...LINK_TYPES);
    const text = `VPC link ${id} ${removed ? "has been removed" : "is in no file"}`;
    const fix = removed
      ? "create a VPC link and name it in the integration"
      : "give the file that holds the link";
    return {
      step,
      verdict: removed ? "blocked" : "unknown",
      text,
      at: user,
      id,
      code: "VPC_LINK_NOT_FOUND",
      fix,
    };
  }
  const other = elsewhere(api, link.resource);
  if (other === undefined) return link;
  return {
    step,
    verdict: "blocked",
    text: `VPC link ${id} is in ${other}, not where the API is`,
    at: link.resource,
    code: "VPC_LINK_NOT_FOUND",
    fix: "use a link of the API's account and region",
  };
}

/** V2: the balancer that the integration names. V1: the one that the link is tied to, and none in the integration. */
function findBalancer(graph: Graph, link: Link, endpoint: Endpoint, user: Resource): Balancer | Check {
  const step = "integration";
  const { integrationTarget } = endpoint;
  if (link.version === 2 && integrationTarget === undefined) {
    return {
      step,
      verdict: "blocked",
      text: `the integration with V2 link ${link.id} names no balancer`,
      at: user,
      code: "INTEGRATION_TARGET",
      fix: "set integrationTarget to the balancer's ARN",
    };
  }
  if (link.version === 1 && integrationTarget !== undefined) {
    return {
      step,
      verdict: "blocked",
      text: `the integration with V1 link ${link.id} names a balancer, which only V2 allows`,
      at: user,
      code: "INTEGRATION_TARGET",
      fix: "leave integrationTarget out",
    };
  }
  const arn = link.version === 2 ? integrationTarget : link.balancerArn;
  const from = link.version === 2 ? user : link.resource;
  if (arn === undefined)
    return {
      step: "vpc-link",
      verdict: "unknown",
      text: `the balancer of VPC link ${link.id} is not told by the file`,
      at: link.resource,
      code: "LOAD_BALANCER_NOT_FOUND",
      fix: GIVE_FILE,
    };
  const balancer = graph.balancers.get(arn);
  if (balancer !== undefined) return balancer;
  const listener = /:listener\//.test(arn);
  const removed = graph.inventory.removed(from, BALANCER) || listener || !arn.startsWith("arn:");
  const text = `balancer ${arn} ${listener || !arn.startsWith("arn:") ? "is not the ARN of a load balancer" : removed ? "has been removed" : "is in no file"}`;
  const fix = removed ? "name an existing balancer" : "give the file that holds the balancer";
  return {
    step: "vpc-link",
    verdict: removed ? "blocked" : "unknown",
    text,
    at: from,
    id: arn,
    code: "LOAD_BALANCER_NOT_FOUND",
    fix,
  };
}

/** Walks one endpoint of an API: link, balancer and everything behind it. */
export function walkEndpoint(graph: Graph, api: Api, endpoint: Endpoint, user: Resource, trail: Trail): void {
  const link = findLink(graph, api, endpoint.connectionId, user);
  if ("verdict" in link) {
    trail.add("request", link);
    return;
  }
  const balancer = findBalancer(graph, link, endpoint, user);
  if ("verdict" in balancer) {
    trail.add("request", balancer);
    return;
  }
  walkLink(graph, link, balancer, endpoint.port, trail);
}
