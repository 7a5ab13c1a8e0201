import type { Graph } from "../graph/graph";
import type { Subnet } from "../graph/network";
import { worst, type Leg, type Verdict } from "../proof";
import { admits } from "./admission";
import { rangeText, type Interface } from "./interface";
import { placeOf } from "./place";
import { routed, wayTo } from "./routing";
import { GIVE_FILE, type Check, type Trail } from "./trail";

/** A TCP connection between two interfaces. */
export interface Connecting {
  /** `request` or `health-check`; the way back of a request is noted as `return`. */
  leg: Leg;
  /** The interface that sends the packets. */
  from: Interface;
  /** The interface whose address the other end sees; differs from `from` when a balancer preserves the client's. */
  seenAs: Interface;
  port: number;
}

/** A subnet whose network ACL the files show: its rules are not modelled. */
function networkAcl(subnet: Subnet | undefined): Check[] {
  if (subnet?.networkAcl === undefined) return [];
  const text = `network ACL ${subnet.networkAcl.id} filters ${subnet.id}, and network ACLs are not modelled`;
  return [
    {
      step: "network-acl",
      verdict: "unknown",
      text,
      at: subnet.networkAcl,
      code: "NOT_MODELLED",
      fix: "use the VPC's default network ACL, or check the ACL by hand",
    },
  ];
}

function unknownSubnet(end: Interface): Check {
  return {
    step: "route",
    verdict: "unknown",
    text: `the subnet of ${end.label} is in no file`,
    at: end.resource,
    code: "SUBNET_UNKNOWN",
    fix: GIVE_FILE,
  };
}

/** The answer's way: from the interface that was reached back to the address that it saw. */
function wayBack(graph: Graph, { leg, seenAs }: Connecting, at: Interface, trail: Trail): Verdict {
  const back: Leg = leg === "request" ? "return" : leg;
  if (at.subnet === undefined) return trail.add(back, unknownSubnet(at));
  const way = routed(graph, at.subnet, seenAs.range);
  const verdict = trail.addAll(back, way.checks);
  if (verdict !== "reachable" || way.vpcId === seenAs.vpcId) return verdict;
  const text = `answers to ${rangeText(seenAs.range)} leave for ${way.vpcId ?? "a VPC that no file tells"} instead of ${seenAs.vpcId ?? "the sender's VPC"}`;
  const fix = `route ${rangeText(seenAs.range)} back through the connection that the request came by`;
  const told = way.vpcId !== undefined && seenAs.vpcId !== undefined;
  return trail.add(back, {
    step: "route",
    verdict: told ? "blocked" : "unknown",
    text,
    at: at.subnet.resource,
    code: "CANNOT_ROUTE",
    fix,
  });
}

/** Connects to an interface that is known: filters and routes at both ends, both ways. */
export function connect(graph: Graph, connecting: Connecting, to: Interface, trail: Trail): Verdict {
  const { leg, from, seenAs, port } = connecting;
  const verdicts: Verdict[] = [trail.add(leg, admits(graph, from, "outbound", to, port))];
  if (from.subnet === undefined) verdicts.push(trail.add(leg, unknownSubnet(from)));
  else {
    verdicts.push(trail.addAll(leg, networkAcl(from.subnet)));
    const way = routed(graph, from.subnet, to.range);
    verdicts.push(trail.addAll(leg, way.checks));
    if (worst(verdicts) === "reachable" && way.vpcId !== to.vpcId)
      verdicts.push(trail.add(leg, misled(way.vpcId, to)));
  }
  verdicts.push(trail.addAll(leg, networkAcl(to.subnet)));
  verdicts.push(trail.add(leg, admits(graph, to, "inbound", seenAs, port, from === seenAs ? [] : [from])));
  verdicts.push(wayBack(graph, connecting, to, trail));
  return worst(verdicts);
}

function misled(vpcId: string | undefined, to: Interface): Check {
  const told = vpcId !== undefined && to.vpcId !== undefined;
  const text = `packets for ${rangeText(to.range)} come out in ${vpcId ?? "a VPC that no file tells"}, not in ${to.vpcId ?? "the target's VPC"}`;
  return {
    step: "route",
    verdict: told ? "blocked" : "unknown",
    text,
    at: to.resource,
    code: "CANNOT_ROUTE",
    fix: `route ${rangeText(to.range)} to ${to.vpcId ?? "its VPC"}`,
  };
}

/**
 * Connects to an address of which nothing else is known: the sender's routes decide in which VPC it lies.
 * @returns the verdict, and the interfaces that may have the address.
 */
export function connectToAddress(
  graph: Graph,
  connecting: Connecting,
  address: Interface["range"],
  trail: Trail,
): { verdict: Verdict; reached: Interface[] } {
  const { leg, from } = connecting;
  if (from.subnet === undefined) return { verdict: trail.add(leg, unknownSubnet(from)), reached: [] };
  const way = routed(graph, from.subnet, address);
  const nowhere: Interface = { label: rangeText(address), range: address, groups: [], groupsKnown: false };
  if (way.vpcId === undefined) {
    const verdict = worst([
      trail.add(leg, admits(graph, from, "outbound", nowhere, connecting.port)),
      trail.addAll(leg, way.checks),
    ]);
    if (verdict !== "reachable") return { verdict, reached: [] };
    const text = `in which VPC ${rangeText(address)} lies is in no file`;
    return {
      verdict: trail.add(leg, {
        step: "address",
        verdict: "unknown",
        text,
        id: way.connectionId,
        code: "VPC_UNKNOWN",
        fix: GIVE_FILE,
      }),
      reached: [],
    };
  }
  const place = placeOf(graph, way.vpcId, address);
  if (place.candidates.length === 0)
    return { verdict: lost(graph, connecting, way, place, nowhere, trail), reached: [] };
  const [only] = place.candidates;
  if (only !== undefined && place.candidates.length === 1) {
    if (place.note !== undefined) trail.note(place.note);
    const verdict = worst([trail.add(leg, place.check), connect(graph, connecting, only, trail)]);
    return { verdict, reached: place.candidates };
  }
  const attempts = place.candidates.map((candidate) => {
    const part = trail.fresh();
    part.add(leg, place.check);
    return { part, verdict: worst([place.check.verdict, connect(graph, connecting, candidate, part)]) };
  });
  const verdicts = attempts.map(({ verdict }) => verdict);
  if (place.note !== undefined) trail.note(place.note);
  const [first] = attempts;
  const alike = verdicts.every((verdict) => verdict === verdicts[0]);
  if (alike && first !== undefined) {
    for (const { part } of attempts) trail.join(part);
    return { verdict: first.verdict, reached: place.candidates };
  }
  const groups = place.candidates.map((candidate) => candidate.groups.join(", "));
  const text = `which of ${groups.join(" or ")} ${rangeText(address)} has is not known, and they differ for this request`;
  trail.addAll(leg, way.checks);
  const verdict = trail.add(leg, {
    step: "security-group",
    verdict: "unknown",
    text,
    at: place.subnet?.resource,
    code: "INTERFACE_UNKNOWN",
    fix: "read only the security group that the service has",
  });
  return { verdict, reached: place.candidates };
}

/** An address that the VPC at the end of a route cannot have is a mistake of the route that leads there. */
function misrouted(
  graph: Graph,
  from: Interface,
  way: ReturnType<typeof routed>,
  check: Check,
  to: Interface,
): Check {
  const [route] = way.checks;
  if (check.verdict !== "blocked" || check.code !== "CANNOT_ROUTE" || way.connectionId === undefined)
    return check;
  const fix = wayTo(graph, from.vpcId, to.range);
  if (fix === undefined || route?.at === undefined) return check;
  return { ...check, text: `${check.text}, where ${route.text} leads`, at: route.at, fix };
}

/** What can still be said when the interface is not known: the way there, and the way back from its subnet. */
function lost(
  graph: Graph,
  connecting: Connecting,
  way: ReturnType<typeof routed>,
  place: ReturnType<typeof placeOf>,
  nowhere: Interface,
  trail: Trail,
): Verdict {
  const { leg, from, port, seenAs } = connecting;
  const verdicts = [
    trail.add(leg, admits(graph, from, "outbound", nowhere, port)),
    trail.addAll(leg, networkAcl(from.subnet)),
    trail.addAll(leg, way.checks),
    trail.add(leg, misrouted(graph, from, way, place.check, nowhere)),
  ];
  if (place.subnet !== undefined) {
    verdicts.push(trail.addAll(leg, networkAcl(place.subnet)));
    const end: Interface = { ...nowhere, vpcId: way.vpcId, subnet: place.subnet };
    verdicts.push(wayBack(graph, connecting, end, trail));
  } else if (place.check.verdict === "unknown") {
    const text = `the routes from ${rangeText(nowhere.range)} back to ${rangeText(seenAs.range)} are in no file`;
    verdicts.push(
      trail.add(leg === "request" ? "return" : leg, {
        step: "route",
        verdict: "unknown",
        text,
        id: way.vpcId,
        code: "ROUTE_TABLE_UNKNOWN",
        fix: place.check.fix ?? GIVE_FILE,
      }),
    );
    const filter = `the security groups of ${rangeText(nowhere.range)} are in no file`;
    verdicts.push(
      trail.add(leg, {
        step: "security-group",
        verdict: "unknown",
        text: filter,
        id: way.vpcId,
        code: "ENI_SG_RULES_UNKNOWN",
        fix: place.check.fix ?? GIVE_FILE,
      }),
    );
  }
  return worst(verdicts);
}
