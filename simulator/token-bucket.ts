import { type Limit } from "../rehearsal/aws/control-plane/rates";

/**
 * Counts a bucket's tokens as time passes. Refilled continuously: AWS adds tokens each second, or takes several seconds
 * for one where the rate is a fraction. Calls get their tokens in the order in which they come.
 */
export class TokenBucket {
  private tokens: number;

  /** @param now the present, in milliseconds. */
  constructor(
    private readonly limit: Limit,
    private now: number,
  ) {
    this.tokens = limit.capacity;
  }

  /** Milliseconds until a call that comes now gets a token. */
  wait(now: number): number {
    this.refill(now);
    // A little short of a token is rounding, not a token that is missing.
    const missing = 1 - this.tokens;
    return missing < 1e-9 ? 0 : (missing / this.limit.perSecond) * 1000;
  }

  /** Takes a token for a call that comes now; one that is not there yet is owed, so that the next call waits longer. */
  take(now: number): void {
    this.refill(now);
    this.tokens -= 1;
  }

  private refill(now: number): void {
    const { capacity, perSecond } = this.limit;
    this.tokens = Math.min(capacity, this.tokens + (Math.max(0, now - this.now) / 1000) * perSecond);
    this.now = Math.max(this.now, now);
  }
}
