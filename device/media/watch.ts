/**
 * Is the picture live (R5)? Pure: told what happens to the frames of one stream, asked at any time.
 *
 * Live means all of this at once: pictures come, they differ from each other, and the relay acknowledges each of them, frame by
 * frame, while it is fresh. Watched means that besides an owner's device signed for having seen one of them just now.
 * A relay can acknowledge what it threw away: what it says proves that the way was open, not that anybody looked (SECURITY.md).
 */
import type { Sameness } from '../camera/sameness.ts';

/** All in ms. */
export interface WatchPolicy {
  /** An acknowledged picture older than this is not fresh. */
  readonly freshMs: number;
  /** Silence of the relay that a knock does not get past. */
  readonly silenceMs: number;
  /** Silence of the relay, or age of its newest picture, that ends the live picture. */
  readonly lostMs: number;
  /** A sight is of a picture younger than this. */
  readonly sightFreshMs: number;
  /** An owner's device that said nothing for longer watches no more. */
  readonly unwatchedMs: number;
  /** Acknowledged fresh pictures before the first "live". */
  readonly atLeast: number;
}

/** @see reference measurements in docs/cameras.md: a viewer greys out after 700 ms, a black hole shows within a second */
export const watchPolicy: WatchPolicy = {
  freshMs: 1_200,
  silenceMs: 700,
  lostMs: 1_500,
  sightFreshMs: 3_000,
  unwatchedMs: 4_000,
  atLeast: 3,
};

/** Why the picture is not live, the first thing first. */
export type NotLive = 'no picture' | 'frozen' | 'looped' | 'not told apart yet' | 'not acknowledged' | 'stale';

export interface Judgement {
  /** Good enough to unlock now. */
  readonly mayOpen: boolean;
  /** Good enough to go on: what a hiccup of the network does not end. */
  readonly live: boolean;
  readonly watched: boolean;
  readonly why?: NotLive;
}

interface Sent {
  readonly atMs: number;
  readonly picture: string;
}

export class Watch {
  readonly #policy: WatchPolicy;
  /** Pictures of the last seconds, by seq. */
  readonly #sent = new Map<number, Sent>();
  readonly #seen = new Set<number>();
  #acknowledged = 0;
  #late = 0;
  /** When the newest acknowledged picture was taken, and when the relay last said so. */
  #newest = Number.NEGATIVE_INFINITY;
  #heard = Number.NEGATIVE_INFINITY;
  #sightOf = Number.NEGATIVE_INFINITY;
  #sightHeard = Number.NEGATIVE_INFINITY;
  #sameness: Sameness = 'unknown';

  constructor(policy: WatchPolicy = watchPolicy) {
    this.#policy = policy;
  }

  /** Frames so far that nobody acknowledged while they were fresh: the relay gets them late. */
  late(nowMs: number): number {
    const overdue = [...this.#sent].filter(
      ([seq, { atMs }]) => !this.#seen.has(seq) && nowMs - atMs > this.#policy.freshMs,
    );
    return this.#late + overdue.length;
  }

  /** A picture was sealed. @param atMs  monotonic, when it was taken @param picture  SHA-256 of its plaintext */
  sealed(seq: number, picture: string, atMs: number): void {
    this.#sent.set(seq, { atMs, picture });
    for (const [old, { atMs: taken }] of this.#sent) {
      if (atMs - taken <= this.#policy.sightFreshMs) break;
      this.#forget(old);
    }
  }

  /** What the raw pictures say of themselves. */
  told(sameness: Sameness): void {
    this.#sameness = sameness;
  }

  /** The relay has this frame. Acknowledged twice, or never sent: nothing. */
  acknowledged(seq: number, nowMs: number): void {
    const sent = this.#sent.get(seq);
    if (sent === undefined || this.#seen.has(seq)) return;
    this.#seen.add(seq);
    if (nowMs - sent.atMs > this.#policy.freshMs) {
      this.#late += 1;
      return;
    }
    this.#acknowledged += 1;
    this.#heard = nowMs;
    this.#newest = Math.max(this.#newest, sent.atMs);
  }

  /**
   * An owner's device signed that it sees this picture.
   * @returns false when no such picture was sealed in the last seconds
   */
  sighted(seq: number, picture: string, nowMs: number): boolean {
    const sent = this.#sent.get(seq);
    if (sent === undefined || sent.picture !== picture) return false;
    if (nowMs - sent.atMs > this.#policy.sightFreshMs) return false;
    // An older sight than the last one says nothing new.
    if (sent.atMs > this.#sightOf) {
      this.#sightOf = sent.atMs;
      this.#sightHeard = nowMs;
    }
    return true;
  }

  judge(nowMs: number): Judgement {
    const { silenceMs, freshMs, lostMs, unwatchedMs } = this.#policy;
    const watched = nowMs - this.#sightHeard <= unwatchedMs;
    const why = this.#whyNot(nowMs, lostMs, lostMs);
    if (why !== undefined) return { mayOpen: false, live: false, watched, why };
    return { mayOpen: this.#whyNot(nowMs, silenceMs, freshMs) === undefined, live: true, watched };
  }

  #whyNot(nowMs: number, silenceMs: number, freshMs: number): NotLive | undefined {
    if (this.#sent.size === 0) return 'no picture';
    if (this.#sameness === 'frozen' || this.#sameness === 'looped') return this.#sameness;
    if (this.#acknowledged < this.#policy.atLeast) return 'not acknowledged';
    if (this.#sameness !== 'fresh') return 'not told apart yet';
    if (nowMs - this.#heard > silenceMs) return 'not acknowledged';
    return nowMs - this.#newest > freshMs ? 'stale' : undefined;
  }

  #forget(seq: number): void {
    this.#sent.delete(seq);
    if (!this.#seen.delete(seq)) this.#late += 1;
  }
}
