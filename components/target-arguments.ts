import { parseAddress } from "../common/ipv4";
import { type Problem } from "../common/problems";
import { nameProblems, pinAddresses } from "./gateway-balancer";
import { type PrivateApiTargetArgs } from "./private-api-target";

/** What is wrong with a target's arguments, apart from what other targets of its balancer have taken. */
export function targetProblems(name: string, args: PrivateApiTargetArgs): Problem[] {
  // What a load balancer may be called, a target group may be called, too.
  const problems = nameProblems(name, args.ownBalancer === undefined ? "target group" : "load balancer");
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
  if (args.addresses.length === 0) {
    problems.push({
      where: "addresses",
      what: "is empty",
      allowed: "at least one address",
      change: "give the service's private address",
    });
  }
  args.addresses.forEach((address, index) => {
    const where = `addresses[${index}]`;
    if (parseAddress(address) === undefined) {
      problems.push({
        where,
        what: "is not an IPv4 address",
        value: address,
        allowed: "an address such as 10.20.1.10",
        change: "give the service's private address",
      });
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
  const scheme = args.scheme ?? "http";
  if (scheme !== "http" && scheme !== "https") {
    problems.push({
      where: "scheme",
      what: "is not a scheme of a private integration",
      value: scheme,
      allowed: "http or https",
      change: "choose one of the two",
    });
  }
  if (scheme === "https" && args.serverName === undefined) {
    problems.push({
      where: "serverName",
      what: "is missing: the service's certificate is checked for it",
      allowed: "a host name in the certificate",
      change: "give serverName, or scheme http",
    });
  }
  if (!["TCP", "HTTP", "HTTPS"].includes(args.healthCheck?.protocol ?? "TCP")) {
    problems.push({
      where: "healthCheck.protocol",
      what: "is not a protocol of a health check",
      value: args.healthCheck?.protocol,
      allowed: "TCP, HTTP or HTTPS",
      change: "choose one of them",
    });
  }
  const { path } = args.healthCheck ?? {};
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
