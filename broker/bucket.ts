/** A token bucket: so much per second, with a burst, by a clock that is passed in. */

/** Debt is allowed: one large message passes, the next waits for longer. */
export class Bucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  /**
   * @param perSecond  tokens per second, > 0
   * @param burst  tokens that it holds when full, >= 1
   * @param nowMs  monotonic ms
   */
  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** @returns ms until something may be taken; 0 when it may be now */
  waitMs(nowMs: number): number {
    this.#fill(nowMs);
    return this.#tokens > 0 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
  }

  /** Takes `count` tokens, into debt if need be: ask `waitMs` first. */
  take(count: number): void {
    this.#tokens -= count;
  }

  /** @returns true when nothing was taken for as long as filling up takes, so that it can be forgotten */
  isFull(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#tokens >= this.#burst;
  }

  #fill(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + (passedMs / 1000) * this.#perSecond);
    this.#atMs = nowMs;
  }
}
