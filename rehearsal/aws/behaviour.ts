import { createHash } from "node:crypto";
import { AwsError } from "./aws-error";
import type { Properties } from "./properties";
import { text } from "./properties";
import type { Held, Place, World } from "./world";

/** One request as a resource type's behaviour sees it. */
export class Situation implements Place {
  constructor(
    readonly world: World,
    readonly account: string,
    readonly region: string,
    readonly inputs: Properties,
    /** Tells resources apart: the URN, or type and id of what is outside of all stacks. */
    readonly key: string,
    readonly logicalName: string,
    readonly generation: number,
    /** What is updated in place; undefined when something is created. */
    readonly previous?: Held,
  ) {}

  /** `aws`, or the partition of China or GovCloud. */
  get partition(): string {
    return partitionOf(this.region);
  }

  /** An ARN of this account and region. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.account}:${resource}`;
  }

  /** Text that is the same for the same resource generation in every process; `purpose` tells several apart. */
  token(length: number, alphabet: "hex" | "alphanumeric" | "digits" = "hex", purpose = ""): string {
    return token(`${this.key}#${this.generation}#${purpose}`, length, alphabet);
  }

  /** An id as EC2 gives it: prefix and 17 hexadecimal digits. */
  ec2Id(prefix: string, purpose = ""): string {
    return `${prefix}-0${this.token(16, "hex", purpose)}`;
  }

  /** The thing with an id, as this request's account sees it in this request's region. */
  find(id: string | undefined, ...types: string[]): Held | undefined {
    return id === undefined ? undefined : this.world.find(this, id, ...types);
  }

  /** All things of some types in this account and region, without what this request updates in place. */
  others(...types: string[]): Held[] {
    return this.world.at(this, ...types).filter((held) => held !== this.previous);
  }

  /**
   * The value of a property that the provider calls optional and computed: one that is no longer given stays as it is.
   * https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors#computed
   */
  kept(property: string, otherwise: unknown): unknown {
    return this.inputs[property] ?? this.previous?.outputs[property] ?? otherwise;
  }

  /** Physical name: given, or from a prefix, or generated as Pulumi does and kept by updates. */
  physicalName(property = "name"): string {
    const given = text(this.inputs[property]);
    if (given !== undefined) return given;
    const kept = text(this.previous?.outputs[property]);
    if (kept !== undefined) return kept;
    const prefix = text(this.inputs.namePrefix);
    return prefix === undefined
      ? `${this.logicalName}-${this.token(7, "hex", "name")}`
      : `${prefix}${this.token(26, "digits", "name")}`;
  }
}

/** What simulated AWS knows about one resource type. */
export interface Behaviour {
  /** Inputs without which the provider refuses. */
  required?: readonly string[];
  /** Properties whose change makes a new resource; `region` and the account always do. */
  replaceOn?: readonly string[];
  /** The same where it depends on both values. Sees the outputs before and the outputs that an update would give. */
  replaceIf?: (before: Properties, after: Properties) => boolean;
  /** True when the provider has the old one deleted before its replacement is made. */
  deletedFirst?: boolean;
  /** Set where Pulumi generates the physical name. */
  autoName?: { property: string; maxLength: number };
  /** True for services without regions. */
  global?: boolean;
  /**
   * What tells the thing from others, where AWS takes a second request for the same thing as a repetition of the first
   * instead of making another one or refusing; undefined where it does not. Sees what is asked for, or what exists, with
   * the URN to which it belongs.
   */
  identity?: (thing: Pick<Held, "urn" | "outputs">, s: Situation) => string | undefined;
  id: (s: Situation) => string;
  /** Output values for properties that were not given. */
  defaults?: (s: Situation) => Properties;
  /** Output values that AWS decides, whatever was given. */
  computed?: (s: Situation, id: string) => Properties;
  /** Throws when AWS would refuse the creation or the update. */
  check?: (s: Situation) => void;
  /** What AWS makes together with the resource. */
  implied?: (held: Held) => { type: string; id: string; properties: Properties }[];
  /** What AWS remembers of the world as it was at the creation, in `facts`; of restored resources, as it was restored. */
  arrived?: (held: Held, world: World) => void;
  /** What the creation or update changes elsewhere. */
  applied?: (s: Situation, held: Held) => void;
  /** Outputs that a read finds changed since they were stored. */
  refresh?: (held: Held, world: World) => Properties;
  /** Throws when AWS would refuse the deletion. */
  removable?: (held: Held, world: World) => void;
  /** True when an id in the form of the provider's importer means this resource. */
  importedAs?: (held: Held, id: string) => boolean;
  /** AWS's code and wording for an id that does not exist. */
  notFound?: (id: string) => AwsError;
}

/** A table from Pulumi type token to behaviour. */
export type Behaviours = Record<string, Behaviour>;

/** The partition of a region. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Text made from a seed by hashing: the same seed gives the same text everywhere. */
export function token(seed: string, length: number, alphabet: "hex" | "alphanumeric" | "digits"): string {
  const digest = createHash("sha256").update(seed).digest();
  if (alphabet === "hex") return digest.toString("hex").slice(0, length);
  const symbols = alphabet === "digits" ? "0123456789" : "0123456789abcdefghijklmnopqrstuvwxyz";
  return Array.from({ length }, (_, index) => symbols[(digest[index % 32] ?? 0) % symbols.length]).join("");
}

/** Throws AWS's refusal when the condition holds. */
export function refuse(condition: boolean, code: string, message: string): void {
  if (condition) throw new AwsError(code, message);
}

/** The thing, or the refusal that it does not exist. */
export function must(held: Held | undefined, code: string, message: string): Held {
  if (held === undefined) throw new AwsError(code, message);
  return held;
}

/** Inputs of which at most one, or exactly one, may be given; the provider refuses before it asks AWS. */
export function oneOf(inputs: Properties, names: readonly string[], needed: boolean): void {
  const given = names.filter((name) => inputs[name] !== undefined && inputs[name] !== "");
  refuse(
    given.length > 1,
    "InvalidParameterCombination",
    `only one of ${names.join(", ")} can be specified, but ${given.join(", ")} were specified`,
  );
  refuse(needed && given.length === 0, "MissingParameter", `one of ${names.join(", ")} must be specified`);
}
