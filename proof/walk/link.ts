import { Unknown } from "../../resources/resource";
import type { Api } from "../graph/apis";
import type { Balancer } from "../graph/balancers";
import type { Graph } from "../graph/graph";
import type { Link } from "../graph/links";
import { subnetsOf } from "../graph/network";
import type { Verdict } from "../proof";
import { worst } from "../proof";
import { walkBalancer } from "./balancer";
import { admits } from "./admission";
import { balancerName, nodeInterface, type Interface } from "./interface";
import { lostSubnet } from "./lost-subnet";
import { connect } from "./transfer";
import { GIVE_FILE, type Check, type Trail } from "./trail";

/** The interfaces that a V2 link has in its subnets, one in each; their addresses are AWS's choice. */
function linkInterfaces(graph: Graph, link: Link): { interfaces: Interface[]; checks: Check[] } {
  const { found, missing } = subnetsOf(graph.network, link.subnetIds);
  const at = link.resource;
  const checks = missing.map((id): Check => ({
    step: "vpc-link",
    ...lostSubnet(graph, at, `subnet ${id} of VPC link ${link.id}`, "is in no file"),
  }));
  if (link.subnetIds.length === 0 || !link.subnetsComplete) {
    checks.push({
      step: "vpc-link",
      verdict: "unknown",
      text: `the subnets of VPC link ${link.id} are not told by the file`,
      at,
      code: "SUBNET_UNKNOWN",
      fix: GIVE_FILE,
    });
  }
  const interfaces = found.flatMap((subnet): Interface[] => {
    if (subnet.block === undefined) return [];
    const groupsKnown = link.groupsComplete && link.groups.length > 0;
    return [
      {
        label: `link ${link.id} in ${subnet.id}`,
        resource: at,
        vpcId: subnet.vpcId,
        subnet,
        range: subnet.block,
        groups: link.groups,
        groupsKnown,
      },
    ];
  });
  return { interfaces, checks };
}

/**
 * V2: the link's interfaces reach every node of the balancer, which must be in the link's VPC; the groups of both sides
 * filter. https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
 */
function walkV2(graph: Graph, link: Link, balancer: Balancer, port: number, trail: Trail): Verdict {
  const { interfaces, checks } = linkInterfaces(graph, link);
  const verdicts: Verdict[] = [trail.addAll("request", checks)];
  const vpcs = [...new Set(interfaces.map((end) => end.vpcId))];
  const elsewhere = vpcs.find(
    (vpcId) => vpcId !== undefined && balancer.vpcId !== undefined && vpcId !== balancer.vpcId,
  );
  if (elsewhere !== undefined) {
    const text = `VPC link ${link.id} is in ${elsewhere}, balancer ${balancerName(balancer)} in ${balancer.vpcId}`;
    verdicts.push(
      trail.add("request", {
        step: "vpc-link",
        verdict: "blocked",
        text,
        at: link.resource,
        code: "LINK_VPC_MISMATCH",
        fix: "use a balancer in the link's VPC",
      }),
    );
    return worst(verdicts);
  }
  for (const end of interfaces) {
    for (const node of balancer.nodes) {
      const to = nodeInterface(balancer, node);
      if (to !== undefined)
        verdicts.push(connect(graph, { leg: "request", from: end, seenAs: end, port }, to, trail));
    }
  }
  verdicts.push(walkBalancer(graph, balancer, port, { seen: interfaces }, trail));
  return worst(verdicts);
}

/**
 * V1: PrivateLink in front of the balancer. Its inbound rules apply unless switched off for PrivateLink; from which
 * addresses PrivateLink comes, no resource tells.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
 */
function privateLinkAdmitted(graph: Graph, link: Link, balancer: Balancer, port: number): Check {
  const step = "security-group";
  const name = balancerName(balancer);
  const fix = "set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to off";
  if ((balancer.groups.length === 0 && balancer.groupsComplete) || balancer.enforceOnPrivateLink === "off") {
    return {
      step,
      verdict: "reachable",
      text: `balancer ${name} filters no PrivateLink traffic`,
      at: balancer.resource,
    };
  }
  if (balancer.enforceOnPrivateLink instanceof Unknown) {
    return {
      step,
      verdict: "unknown",
      text: `whether balancer ${name} filters PrivateLink traffic is not told by the file`,
      at: balancer.resource,
      code: "ENI_SG_RULES_UNKNOWN",
      fix,
    };
  }
  const label = `balancer ${name}`;
  const own: Interface = {
    label,
    resource: balancer.resource,
    vpcId: balancer.vpcId,
    range: EVERYWHERE,
    groups: balancer.groups,
    groupsKnown: balancer.groupsComplete,
  };
  const everyone: Interface = { label: `link ${link.id}`, range: EVERYWHERE, groups: [], groupsKnown: true };
  const answer = admits(graph, own, "inbound", everyone, port);
  if (answer.verdict === "reachable") return answer;
  const partly = answer.verdict === "unknown";
  const text = `balancer ${name} filters PrivateLink traffic, and ${partly ? "its rules may not admit" : "none of its rules admits"} tcp ${port}`;
  return {
    step,
    verdict: answer.verdict,
    text,
    at: balancer.resource,
    code: partly ? "ENI_SG_RULES_UNKNOWN" : "ENI_SG_RULES_MISMATCH",
    fix,
  };
}

type Placed = Pick<Api, "account" | "region">;

const EVERYWHERE = { start: 0n, end: 0xffffffffn, prefix: 0 };

/** Account or region of `other` when it is not that of `one`: API, link and balancer have the same of both. */
export function elsewhere(one: Placed, other: Placed): string | undefined {
  const differ = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b;
  if (differ(one.account, other.account)) return `account ${other.account}`;
  return differ(one.region, other.region) ? `region ${other.region}` : undefined;
}

/**
 * Walks from a VPC link to the balancer that it reaches and on to the targets. One account owns API, link and balancer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
 */
export function walkLink(graph: Graph, link: Link, balancer: Balancer, port: number, trail: Trail): Verdict {
  const verdicts: Verdict[] = [];
  const name = balancerName(balancer);
  const at = balancer.resource;
  const other = elsewhere(link.resource, balancer.resource);
  if (other !== undefined) {
    return trail.add("request", {
      step: "vpc-link",
      verdict: "blocked",
      text: `balancer ${name} is in ${other}, not where VPC link ${link.id} is`,
      at,
      code: "LINK_TARGET_REFUSED",
      fix: "use a balancer of the link's account and region",
    });
  }
  if (balancer.kind !== "network") {
    const refused = link.version === 1 || balancer.kind === "gateway";
    const text = `balancer ${name} is of type ${balancer.kind}, ${refused ? "which the link cannot reach" : "which is not modelled"}`;
    return trail.add("request", {
      step: "vpc-link",
      verdict: refused ? "blocked" : "unknown",
      text,
      at,
      code: refused ? "LINK_TARGET_REFUSED" : "NOT_MODELLED",
      fix: "use a Network Load Balancer",
    });
  }
  verdicts.push(
    trail.add("request", {
      step: "vpc-link",
      verdict: "reachable",
      text: `VPC link ${link.id} (V${link.version}) -> balancer ${name}`,
      at: link.resource,
    }),
  );
  if (link.version === 2) return worst([...verdicts, walkV2(graph, link, balancer, port, trail)]);
  verdicts.push(trail.add("request", privateLinkAdmitted(graph, link, balancer, port)));
  return worst([...verdicts, walkBalancer(graph, balancer, port, { seen: [] }, trail)]);
}
