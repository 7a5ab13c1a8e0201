/**
 * A resource as everything to the right of the programs sees it: what a Pulumi deployment file records of it. The
 * rehearsal produces these, `pulumi stack export` files are read into these, and the proof decides from these alone.
 */
export interface Resource {
  /** `urn:pulumi:<stack>::<project>::<qualified type>::<name>`. Only a label: nothing is decided from it. */
  urn: string;
  /** Type token, for example `aws:ec2/vpc:Vpc`. */
  type: string;
  /** Logical name, the last part of the URN. */
  name: string;
  /** Physical id, `""` for components. */
  id: string;
  /** True for resources of a provider, false for components. */
  custom: boolean;
  /** True when the stack only reads the resource (`.get()`), so that another party owns it. */
  external: boolean;
  /** URN of the parent. */
  parent?: string;
  /** `<provider URN>::<provider id>`. */
  provider?: string;
  /** URNs of the resources that this one was declared to depend on. */
  dependencies: string[];
  /** URNs this resource's inputs came from, by input property. */
  propertyDependencies: Record<string, string[]>;
  /** The AWS account, 12 digits; undefined when the file does not tell. */
  account?: string;
  /** The AWS region; undefined when the file does not tell. */
  region?: string;
  inputs: Properties;
  outputs: Properties;
}

/** Plain JSON values; in place of a value that is not known or is secret stands {@link Unknown}. */
export type Properties = Record<string, unknown>;

/** A value that a deployment file does not tell, with the reason. */
export class Unknown {
  constructor(readonly reason: "computed" | "secret") {}
}

/** One stack's resources, in the order of their registration (parents and dependencies first). */
export interface StackResources {
  project: string;
  stack: string;
  /** The account and region of the stack's AWS resources when all have the same. */
  account?: string;
  region?: string;
  resources: Resource[];
  /** Stack outputs. */
  outputs: Properties;
}

/** The logical name in a URN: its last part, which may hold the separator itself. */
export function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** True for a value that the file does not tell, or that holds such a value. */
export function hidesSecret(value: unknown): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(hidesSecret);
  return typeof value === "object" && value !== null && Object.values(value).some(hidesSecret);
}
