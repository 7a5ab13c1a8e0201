import { Unknown, type Resource } from "../../resources/resource";

/**
 * Where a policy comes from: the API's argument, its document, a resource that attaches it, or the copy that a read of
 * the API left in its state.
 */
export type PolicySource = "argument" | "document" | "attached" | "copy";

/**
 * Finds the one policy that an API has. The argument takes the place of the document's policy; a copy counts only where
 * no program says anything, because another resource or another import may have changed the policy since.
 * https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/restapi/
 */
export class PolicySources {
  private readonly byApi = new Map<string, { source: PolicySource; owner: Resource; policy: unknown }[]>();

  add(api: string, source: PolicySource, owner: Resource, policy: unknown): void {
    if (policy === undefined || policy === null || policy === "") return;
    this.byApi.set(api, [...(this.byApi.get(api) ?? []), { source, owner, policy }]);
  }

  /** The policy, and whether programs set different ones. */
  of(api: string): { policy: unknown; policyConflict: boolean } {
    const all = this.byApi.get(api) ?? [];
    const declared = all.filter(
      ({ source, owner }) =>
        source !== "copy" &&
        !(source === "document" && all.some((entry) => entry.source === "argument" && entry.owner === owner)),
    );
    const [first, ...others] = declared.length > 0 ? declared : all;
    const texts = new Set(others.map(({ policy }) => canonical(policy, api)));
    if (first !== undefined) texts.add(canonical(first.policy, api));
    return { policy: first?.policy, policyConflict: texts.size > 1 };
  }
}

/** Equal text for equal policies. AWS writes out in full what is given as `execute-api:/stage/METHOD/path`. */
function canonical(policy: unknown, api: string): string {
  if (policy instanceof Unknown) return "unknown";
  const full = /^arn:[^:]*:execute-api:[^:]*:[^:]*:([^/]*)\/(.*)$/;
  const sort = (value: unknown): unknown => {
    if (typeof value === "string") {
      const [, id, rest] = full.exec(value) ?? [];
      return id === api ? `execute-api:/${rest}` : value;
    }
    if (Array.isArray(value)) return value.length === 1 ? sort(value[0]) : value.map(sort);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, entry]) => [key, sort(entry)]),
    );
  };
  try {
    return JSON.stringify(sort(typeof policy === "string" ? JSON.parse(policy) : policy));
  } catch {
    return String(policy);
  }
}
