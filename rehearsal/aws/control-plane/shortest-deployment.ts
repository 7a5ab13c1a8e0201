import { type Resource } from "../../../resources/resource";
import { callsOf, onlyReads } from "./calls";
import { type Limit, limitsOf } from "./rates";

/** A resource to be created. */
export type Planned = Pick<
  Resource,
  "urn" | "type" | "dependencies" | "propertyDependencies" | "account" | "region" | "inputs"
>;

/** What a deployment from nothing costs in API calls. */
export interface DeploymentCost {
  resources: number;
  /** Calls that change something, and calls that only read. */
  changes: number;
  reads: number;
  /** Calls by service. */
  byService: Record<string, number>;
  /** No deployment takes less, whatever the tool. */
  seconds: number;
  /** The bucket that holds it up longest at the end of the longest chain; empty when nothing does. */
  heldUpBy: string;
  /** Types whose calls are not in the table, so that they count as none. */
  uncounted: string[];
}

/** True for the calls whose rates are looked at. */
export type CallFilter = (call: string) => boolean;

/** The earliest moment for something, in seconds, and which bucket made it wait last. */
interface Moment {
  seconds: number;
  heldUpBy: string;
}

/** One API call with the earliest moment at which it can have its tokens. */
interface Made {
  limits: Limit[];
  /** Account and region, in which a bucket is one of its own. */
  place: string;
  earliest: Moment;
}

const start: Moment = { seconds: 0, heldUpBy: "" };

function later(a: Moment, b: Moment): Moment {
  return b.seconds > a.seconds ? b : a;
}

/**
 * The earliest end of calls that share a bucket. Take those `k` calls that cannot come before a moment `t`: at `t` the
 * bucket holds its capacity at most, so the last of them comes at `t + (k - capacity) / rate` or later.
 */
function endOfBucket(limit: Limit, moments: readonly Moment[]): Moment {
  const sorted = [...moments].sort((a, b) => b.seconds - a.seconds);
  return sorted.reduce((end, moment, index) => {
    const missing = index + 1 - limit.capacity;
    const seconds = moment.seconds + missing / limit.perSecond;
    return later(end, missing > 0 ? { seconds, heldUpBy: limit.bucket } : moment);
  }, start);
}

/** The earliest moment at which all calls can have been made. */
function endOf(calls: readonly Made[]): Moment {
  const buckets = new Map<string, { limit: Limit; moments: Moment[] }>();
  for (const { limits, place, earliest } of calls)
    for (const limit of limits) {
      const key = `${place}/${limit.bucket}`;
      const bucket = buckets.get(key) ?? { limit, moments: [] };
      buckets.set(key, bucket);
      bucket.moments.push(earliest);
    }
  const ends = [...buckets.values()].map(({ limit, moments }) => endOfBucket(limit, moments));
  return [...calls.map(({ earliest }) => earliest), ...ends].reduce(later, start);
}

/** Finds each resource's calls, those of what it depends on first. */
class Schedule {
  private readonly byUrn: ReadonlyMap<string, Planned>;
  private readonly made = new Map<string, Made[]>();
  private readonly needed = new Map<string, ReadonlySet<string>>();
  private readonly running = new Set<string>();

  constructor(
    resources: readonly Planned[],
    private readonly limits: (call: string) => Limit[],
  ) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  callsFor(resource: Planned): Made[] {
    const known = this.made.get(resource.urn);
    if (known !== undefined) return known;
    const { account = "", region = "", inputs, type, urn } = resource;
    const before = [...this.ancestors(resource)].flatMap((ancestor) => this.made.get(ancestor) ?? []);
    const made: Made[] = [];
    let moment = endOf(before);
    for (const call of callsOf("create", type, inputs) ?? []) {
      const next: Made = { limits: this.limits(call), place: `${account}/${region}`, earliest: moment };
      // The call itself is one of those that share its buckets.
      moment = endOf([...before, ...made, next]);
      made.push({ ...next, earliest: moment });
    }
    this.made.set(urn, made);
    return made;
  }

  /** URNs of all that has to exist before. */
  private ancestors(resource: Planned): ReadonlySet<string> {
    const known = this.needed.get(resource.urn);
    if (known !== undefined) return known;
    if (this.running.has(resource.urn)) throw new Error(`${resource.urn} depends on itself`);
    this.running.add(resource.urn);
    const all = new Set<string>();
    for (const urn of [resource.dependencies, ...Object.values(resource.propertyDependencies)].flat()) {
      const needed = this.byUrn.get(urn);
      if (needed === undefined) continue;
      this.callsFor(needed);
      for (const ancestor of this.ancestors(needed)) all.add(ancestor);
      all.add(urn);
    }
    this.running.delete(resource.urn);
    this.needed.set(resource.urn, all);
    return all;
  }
}

/**
 * The API calls that create resources from nothing, and a time that no deployment of them can go below while AWS's
 * documented default rates hold.
 *
 * Modelled: every token bucket of every account and region, full at the start; the calls of one resource one after the
 * other; a resource after those that it depends on. Not modelled, so that a real deployment takes longer: how long a call
 * and what it starts take, further calls while waiting, retries, hand-overs between stacks (dependencies on what is not
 * in the list count as there), and that two buckets may not be used to the full at once.
 *
 * @param limited which calls have rates at all. Defaults to those for which AWS documents some.
 */
export function deploymentCost(
  resources: readonly Planned[],
  limited: CallFilter = () => true,
): DeploymentCost {
  const schedule = new Schedule(resources, (call) => (limited(call) ? limitsOf(call) : []));
  const end = endOf(resources.flatMap((resource) => schedule.callsFor(resource)));
  const lists = resources.map(({ type, inputs }) => callsOf("create", type, inputs));
  const calls = lists.flatMap((list) => list ?? []);
  const byService: Record<string, number> = {};
  for (const call of calls) {
    const service = call.split(":")[0] ?? "";
    byService[service] = (byService[service] ?? 0) + 1;
  }
  const uncounted = resources.filter((_, index) => lists[index] === undefined).map(({ type }) => type);
  const reads = calls.filter(onlyReads).length;
  return {
    ...{ resources: resources.length, changes: calls.length - reads, reads, byService },
    ...{ seconds: end.seconds, heldUpBy: end.heldUpBy, uncounted: [...new Set(uncounted)].sort() },
  };
}
