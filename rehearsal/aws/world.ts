import type { Properties } from "./properties";

/** One thing that exists in simulated AWS. */
export interface Held {
  type: string;
  id: string;
  account: string;
  region: string;
  /** The stack resource that owns it; undefined when it exists outside of all stacks or came with another resource. */
  urn?: string;
  /** How often the owner had it replaced or made anew. */
  generation: number;
  inputs: Properties;
  outputs: Properties;
  /** What AWS knows and no output tells, for example that a peering connection has been accepted. */
  facts: Properties;
  /** Position in the order of creation. */
  sequence: number;
  /** What AWS made together with it, for example a VPC's main route table. */
  implied: Held[];
  /** Set when nothing is known of it but its id and inputs: its type is not simulated, or it depends on such a thing. */
  opaque?: "type" | "dependence";
}

/** Under this in place of its type is held what depends on something unknown: no behaviour may rely on what it says. */
const dependantBucket = "opaque";

/** An id that AWS has made up, and no name that something else could have, too. */
const generatedId = /^arn:|^[a-z][a-z-]*-[0-9a-f]{8,17}$/;

/** Where a request is made: the account of its credentials and the region. */
export interface Place {
  account: string;
  region: string;
}

/** What AWS has raised in an account; everything else has its default. */
export interface Quotas {
  /** Rules of one direction in a security group. Defaults to 60. */
  securityGroupRules?: number;
}

/** A thing as it is saved: what it implied is told by position in the list. */
export type SavedHeld = Omit<Held, "sequence" | "implied"> & { implied: number[] };

/** Everything that exists, of all accounts and regions, found by type and id. */
export class World {
  private readonly byType = new Map<string, Set<Held>>();
  private readonly byId = new Map<string, Set<Held>>();
  private sequence = 0;

  /** @param quotas raised quotas by account. */
  constructor(private readonly quotas: Readonly<Record<string, Quotas>> = {}) {}

  /** What AWS has raised in an account. */
  quotasOf(account: string): Quotas {
    return this.quotas[account] ?? {};
  }

  /** Adds a thing and gives it its place in the order of creation. */
  add(held: Omit<Held, "sequence">): Held {
    const added: Held = Object.assign(held, { sequence: ++this.sequence });
    entry(this.byType, bucketOf(added)).add(added);
    entry(this.byId, added.id).add(added);
    return added;
  }

  /** Takes a thing away, with what it implied. */
  drop(held: Held): void {
    this.byType.get(bucketOf(held))?.delete(held);
    this.byId.get(held.id)?.delete(held);
    for (const implied of held.implied) this.drop(implied);
  }

  /** All things of some types, whoever owns them; without what depends on something unknown. */
  all(...types: string[]): Held[] {
    return types.flatMap((type) => [...(this.byType.get(type) ?? [])]);
  }

  /** The things of some types in one account and region. */
  at(place: Place, ...types: string[]): Held[] {
    return this.all(...types).filter(
      (held) => held.account === place.account && held.region === place.region,
    );
  }

  /** The thing with an id, of one of some types, as one account sees it in one region. */
  find(place: Place, id: string, ...types: string[]): Held | undefined {
    return [...(this.byId.get(id) ?? [])].find(
      (held) => types.includes(held.type) && held.account === place.account && held.region === place.region,
    );
  }

  /** The same for what has no region, such as IAM. */
  findGlobal(account: string, id: string, ...types: string[]): Held | undefined {
    return [...(this.byId.get(id) ?? [])].find(
      (held) => types.includes(held.type) && held.account === account,
    );
  }

  /** The thing with an id in whatever account and region it is. */
  findAnywhere(id: string, ...types: string[]): Held | undefined {
    return [...(this.byId.get(id) ?? [])].find((held) => types.includes(held.type));
  }

  /** True when a text is the id of something opaque. */
  isOpaqueId(id: string): boolean {
    return generatedId.test(id) && [...(this.byId.get(id) ?? [])].some((held) => held.opaque !== undefined);
  }

  /** Everything that exists, in the order of creation. */
  everything(): Held[] {
    return [...this.byType.values()].flatMap((set) => [...set]).sort((a, b) => a.sequence - b.sequence);
  }

  /** Everything that exists as plain data. */
  save(): SavedHeld[] {
    const all = this.everything();
    const position = new Map(all.map((held, index) => [held, index]));
    return all.map(({ sequence: _, implied, ...held }) => ({
      ...held,
      implied: implied.map((other) => position.get(other) ?? -1),
    }));
  }

  /** Takes over what was saved; the world must be empty. */
  load(saved: readonly SavedHeld[]): void {
    const added = saved.map((held) => this.add({ ...held, implied: [] }));
    saved.forEach(({ implied }, index) => {
      const owner = added[index];
      owner?.implied.push(...implied.flatMap((position) => added[position] ?? []));
    });
  }
}

function bucketOf(held: Held): string {
  return held.opaque === "dependence" ? dependantBucket : held.type;
}

function entry(map: Map<string, Set<Held>>, key: string): Set<Held> {
  let set = map.get(key);
  if (set === undefined) map.set(key, (set = new Set()));
  return set;
}
