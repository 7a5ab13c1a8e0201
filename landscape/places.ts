import { type Problem } from "../common/problems";

/** Where the configuration of one party lies. */
export interface Place {
  file: string;
  /** What stands before a key, such as `shared-services`. */
  namespace: string;
}

/** The parties of a landscape, for messages that must name a file and a key. */
export interface Places {
  gateway: Place;
  /** By provider name; `network` is the form that its network has. */
  providers: Record<string, Place & { network: "create" | "adopt"; services: readonly string[] }>;
}

/**
 * A problem of the gateway's plan with the file and key where it can be mended: the plan itself knows providers and
 * targets by name only, because it is made of contracts.
 */
export function locate(problem: Problem, { gateway, providers }: Places): Problem {
  const serviceAt = (target: string, key: string): string | undefined => {
    const owner = Object.values(providers).find(({ services }) => services.includes(target));
    return owner && `${owner.file}, ${owner.namespace}:services.${target}.${key}`;
  };
  const inGateway = (key: string) => `${gateway.file}, ${gateway.namespace}:${key}`;
  const where = ((text: string): string | undefined => {
    const ofProvider = /^provider "?([^",]+)"?, (.+)$/s.exec(text);
    if (ofProvider !== null) {
      const [, name = "", key = ""] = ofProvider;
      const owner = Object.hasOwn(providers, name) ? providers[name] : undefined;
      const path = key.startsWith("cidrBlocks") ? `network.${owner?.network ?? "create"}.${key}` : key;
      return owner && `${owner.file}, ${owner.namespace}:${path}`;
    }
    const ofTwo = /^targets (\S+) and (\S+), (\w+)$/.exec(text);
    if (ofTwo !== null) {
      const [, first = "", second = "", key = ""] = ofTwo;
      const [one, other] = [serviceAt(first, key), serviceAt(second, key)];
      return one && other && `${one} and ${other}`;
    }
    const ofTarget = /^target (\S+), (.+)$/s.exec(text);
    if (ofTarget !== null) {
      const [, name = "", key = ""] = ofTarget;
      if (key === "authorizer" || key === "timeoutMilliseconds") return inGateway(`targets.${name}.${key}`);
      if (key === "basePath" || key === "pathPrefix") return serviceAt(name, key);
      const document = serviceAt(name, "openApi");
      return document && `${document}, ${key}`;
    }
    return /^(targets|balancers)\./.test(text) ? inGateway(text) : undefined;
  })(problem.where);
  return { ...problem, where: where ?? `${gateway.file}, ${problem.where}` };
}

/** The problems without what only follows from others of the same place: repetitions, and a value that is missing because it could not be read. */
export function withoutEchoes(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ where, what }) => {
    if (seen.has(`${where}\n${what}`) || (what === "is missing" && seen.has(where))) return false;
    seen.add(where).add(`${where}\n${what}`);
    return true;
  });
}
