import { setTimeout as sleep } from "node:timers/promises";
import { AwsError } from "../rehearsal/aws/aws-error";
import { callsOf, type ResourceOperation } from "../rehearsal/aws/control-plane/calls";
import { limitsOf, throttlingCode } from "../rehearsal/aws/control-plane/rates";
import { type Properties, text } from "../rehearsal/aws/properties";
import { TokenBucket } from "./token-bucket";

/** How long a provider goes on when it is throttled, and what time is. */
export interface Throttling {
  /** How often a call is attempted. https://www.pulumi.com/registry/packages/aws/installation-configuration/ */
  attempts?: number;
  /** Longest pause between two attempts, in seconds. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
  longestPause?: number;
  /** Milliseconds since whenever. Defaults to the real time. */
  now?: () => number;
  /** Lets some milliseconds pass. Defaults to really waiting. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** What became of the calls of one API action. */
export interface CallCount {
  calls: number;
  /** Those of them that had to wait, or failed. */
  throttled: number;
  /** Those that failed, because they would have waited longer than the provider tries. */
  failed: number;
  waitedMilliseconds: number;
}

/** Who asks for what. */
export interface Asking {
  type: string;
  account: string;
  region: string;
  inputs: Properties;
}

/**
 * The API calls behind the provider's operations: counts them, and on demand throttles them with the rates that AWS
 * documents. A throttled call waits until its token is there, as the provider's retries make it wait. All of an
 * operation's calls are waited for before its effect, so that one which fails here has changed nothing.
 */
export class ControlPlane {
  private readonly counted = new Map<string, CallCount>();
  private readonly buckets = new Map<string, TokenBucket>();

  /** @param throttling absent: calls are counted and never wait. */
  constructor(private readonly throttling?: Throttling) {}

  /** Counts by API action, each as `service:Action`; all accounts and regions together. */
  get counts(): ReadonlyMap<string, Readonly<CallCount>> {
    return this.counted;
  }

  /** All actions' counts in one. */
  get total(): CallCount {
    const sum: CallCount = { calls: 0, throttled: 0, failed: 0, waitedMilliseconds: 0 };
    for (const count of this.counted.values())
      for (const name of Object.keys(sum) as (keyof CallCount)[]) sum[name] += count[name];
    return sum;
  }

  /**
   * Makes the calls of one operation. Those of a type that the table of calls does not know are none.
   * @param before the inputs before an update.
   * @throws AwsError with the service's throttling code when a call would wait longer than the provider tries.
   */
  async admit(operation: ResourceOperation, asking: Asking, before: Properties = {}): Promise<void> {
    for (const call of callsOf(operation, asking.type, asking.inputs, before) ?? [])
      await this.make(call, asking);
  }

  private async make(call: string, { account, region, inputs }: Asking): Promise<void> {
    const count = this.countOf(call);
    count.calls += 1;
    if (this.throttling === undefined) return;
    const { now = Date.now, pause = sleep } = this.throttling;
    const place = `${account}/${text(inputs.region) ?? region}`;
    const buckets = limitsOf(call).map((limit) => {
      const key = `${place}/${limit.bucket}`;
      const bucket = this.buckets.get(key) ?? new TokenBucket(limit, now());
      this.buckets.set(key, bucket);
      return bucket;
    });
    const wait = Math.max(0, ...buckets.map((bucket) => bucket.wait(now())));
    if (wait > 0) count.throttled += 1;
    if (wait > patience(this.throttling)) {
      count.failed += 1;
      throw new AwsError(throttlingCode(call), `Rate exceeded: ${call}`);
    }
    for (const bucket of buckets) bucket.take(now());
    if (wait === 0) return;
    count.waitedMilliseconds += wait;
    await pause(wait);
  }

  private countOf(call: string): CallCount {
    const count = this.counted.get(call) ?? { calls: 0, throttled: 0, failed: 0, waitedMilliseconds: 0 };
    this.counted.set(call, count);
    return count;
  }
}

/**
 * Milliseconds that a provider's pauses last together: 1, 2, 4, ... seconds up to the longest, at their longest, because
 * the SDK shortens them by chance. 411 seconds with 25 attempts and pauses of up to 20 seconds, the provider's defaults.
 */
export function patience({ attempts = 25, longestPause = 20 }: Throttling): number {
  const pauses = Array.from({ length: Math.max(0, attempts - 1) }, (_, index) =>
    Math.min(2 ** index, longestPause),
  );
  return 1000 * pauses.reduce((sum, pause) => sum + pause, 0);
}
