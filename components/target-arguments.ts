import { isHostName } from "../common/forms";
import { contains, isPrivate, parseAddress, privateRanges } from "../common/ipv4";
import { type Problem } from "../common/problems";
import { nameProblems, pinAddresses } from "./gateway-balancer";
import { type PrivateApiTargetArgs } from "./private-api-target";

/** What is wrong with a target's arguments, apart from what other targets of its balancer have taken. */
export function targetProblems(name: string, args: PrivateApiTargetArgs): Problem[] {
  // What a load balancer may be called, a target group may be called, too.
  return [
    ...nameProblems(name, args.ownBalancer === undefined ? "target group" : "load balancer"),
    ...balancerChoice(args),
    ...placeProblems(args),
    ...addressProblems(args),
    ...schemeProblems(args),
    ...healthCheckProblems(args),
  ];
}

function balancerChoice(args: PrivateApiTargetArgs): Problem[] {
  const problems: Problem[] = [];
  if (args.ownBalancer !== undefined) {
    const pinned = pinAddresses(args.ownBalancer).problems;
    problems.push(...pinned.map((problem) => ({ ...problem, where: `ownBalancer.${problem.where}` })));
  }
  if ((args.balancer === undefined) === (args.ownBalancer === undefined)) {
    problems.push({
      where: "balancer, ownBalancer",
      what: args.balancer === undefined ? "neither is given" : "both are given",
      allowed: "exactly one of the two",
      change: "give balancer to share one, ownBalancer for one of the target's own",
    });
  }
  return problems;
}

function placeProblems(args: PrivateApiTargetArgs): Problem[] {
  const problems: Problem[] = [];
  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(args.basePath)) {
    problems.push({
      where: "basePath",
      what: "is not a base path",
      value: args.basePath,
      allowed: "/segment or /segment/segment",
      change: "write a path such as /payments",
    });
  }
  for (const [where, port] of [
    ["port", args.port],
    ["listenerPort", args.listenerPort ?? 1],
  ] as const) {
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      problems.push({
        where,
        what: "is out of range",
        value: String(port),
        allowed: "a whole number from 1 to 65535",
        change: "give a TCP port",
      });
    }
  }
  return problems;
}

function addressProblems(args: PrivateApiTargetArgs): Problem[] {
  const problems: Problem[] = [];
  const change = "give the service's private address";
  if (args.addresses.length === 0)
    problems.push({ where: "addresses", what: "is empty", allowed: "at least one address", change });
  const vpcBlocks = args.balancer?.vpcCidrBlocks ?? args.ownBalancer?.vpcCidrBlocks ?? [];
  args.addresses.forEach((address, index) => {
    const where = `addresses[${index}]`;
    if (parseAddress(address) === undefined) {
      const allowed = "an address such as 10.20.1.10";
      problems.push({ where, what: "is not an IPv4 address", value: address, allowed, change });
    } else if (!isPrivate(address) && !vpcBlocks.some((block) => contains(block, address))) {
      const allowed = `an address of the balancer's VPC, or inside ${privateRanges.join(", ")}`;
      problems.push({ where, what: "is a public address", value: address, allowed, change });
    } else if (args.addresses.indexOf(address) !== index) {
      problems.push({
        where,
        what: "is given twice",
        value: address,
        allowed: "each address once",
        change: "remove one",
      });
    }
  });
  return problems;
}

function schemeProblems({ scheme = "http", serverName, privateCa = false }: PrivateApiTargetArgs): Problem[] {
  const problems: Problem[] = [];
  if (scheme !== "http" && scheme !== "https") {
    problems.push({
      where: "scheme",
      what: "is not a scheme of a private integration",
      value: scheme,
      allowed: "http or https",
      change: "choose one of the two",
    });
  }
  if (scheme === "https" && serverName === undefined) {
    problems.push({
      where: "serverName",
      what: "is missing: the service's certificate is checked for it",
      allowed: "a host name in the certificate",
      change: "give serverName, or scheme http",
    });
  }
  if (serverName !== undefined && !isHostName(serverName)) {
    problems.push({
      where: "serverName",
      what: "is not a host name",
      value: serverName,
      allowed: "a DNS name such as cards.bank.internal, without port",
      change: "give the name in the service's certificate",
    });
  }
  if (privateCa && scheme === "http") {
    problems.push({
      where: "privateCa",
      what: "has no effect on a service that speaks http",
      allowed: "privateCa with scheme https",
      change: "give scheme https, or leave privateCa out",
    });
  }
  return problems;
}

function healthCheckProblems({ scheme = "http", healthCheck = {} }: PrivateApiTargetArgs): Problem[] {
  const problems: Problem[] = [];
  const { protocol = "TCP", path } = healthCheck;
  const protocols = scheme === "http" ? ["TCP", "HTTP"] : ["TCP", "HTTP", "HTTPS"];
  if (!protocols.includes(protocol)) {
    problems.push({
      where: "healthCheck.protocol",
      what:
        protocol === "HTTPS"
          ? "asks over TLS a service that speaks http"
          : "is not a protocol of a health check",
      value: protocol,
      allowed: protocols.join(" or "),
      change: "choose one of them",
    });
  }
  if (path !== undefined && protocol === "TCP") {
    problems.push({
      where: "healthCheck.path",
      what: "has no effect on a TCP check",
      value: path,
      allowed: "a path with protocol HTTP or HTTPS",
      change: "give the protocol, too, or leave the path out",
    });
  }
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  if (path !== undefined && (!path.startsWith("/") || path.length > 1024)) {
    problems.push({
      where: "healthCheck.path",
      what: "is not a path of a health check",
      value: path,
      allowed: "a path that starts with /, of at most 1024 characters",
      change: "write a path such as /health",
    });
  }
  return problems;
}
