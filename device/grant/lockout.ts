/** Who knocks wrongly has to wait, longer each time: by grant and by door (T20). */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';

/** Wrong knocks that cost nothing. */
export const freeFailures = 5;
/** First wait after them; it doubles with each further failure, up to the longest. */
export const firstWaitMs = 1000;
export const longestWaitMs = 3_600_000;
/** After this long without a failure all is forgotten, ms. */
export const forgivenAfterMs = 2 * longestWaitMs;
/** Most grants and doors remembered; the one that failed longest ago goes first. */
const maxRemembered = 1024;

interface Tally {
  failures: number;
  lastMs: number;
  untilMs: number;
}

/** What a wrong knock is counted against. */
export interface Knocker {
  /** Id of the grant. */
  readonly grant: string;
  readonly door: string;
}

/** All times are monotonic, ms. */
export class Lockout {
  /** In the order of the last failure. */
  readonly #tallies = new Map<string, Tally>();

  /** @returns KNOCK_LOCKED_OUT with `retryAfterMs` while the grant or the door has to wait */
  check(knocker: Knocker, nowMs: number): Verdict<void> {
    const untilMs = Math.max(...namesOf(knocker).map((name) => this.#tallies.get(name)?.untilMs ?? 0));
    return nowMs < untilMs
      ? refuse('KNOCK_LOCKED_OUT', { retryAfterMs: Math.ceil(untilMs - nowMs) })
      : accept(undefined);
  }

  /**
   * Counts a wrong knock.
   * @returns how long the wait is that begins with it, ms: each is worth one alarm KNOCKS_REFUSED; undefined when none begins
   */
  failed(knocker: Knocker, nowMs: number): number | undefined {
    const waits = namesOf(knocker).map((name) => this.#count(name, nowMs));
    const longest = Math.max(...waits);
    return longest > 0 ? longest : undefined;
  }

  /** A good knock: grant and door start afresh. */
  passed(knocker: Knocker): void {
    for (const name of namesOf(knocker)) this.#tallies.delete(name);
  }

  #count(name: string, nowMs: number): number {
    const old = this.#tallies.get(name);
    const failures = old === undefined || nowMs - old.lastMs > forgivenAfterMs ? 1 : old.failures + 1;
    const over = failures - freeFailures;
    const waitMs = over < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(over, 32));
    this.#tallies.delete(name);
    this.#tallies.set(name, { failures, lastMs: nowMs, untilMs: nowMs + waitMs });
    for (const oldest of this.#tallies.keys()) {
      if (this.#tallies.size <= maxRemembered) break;
      this.#tallies.delete(oldest);
    }
    return waitMs;
  }
}

const namesOf = ({ grant, door }: Knocker): string[] => [`grant ${grant}`, `door ${door}`];
