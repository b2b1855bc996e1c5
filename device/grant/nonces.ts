/** The nonces that the hub gives out: each for one visit, one device key and one act, used once, soon (R4, T18, T20). */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import type { Act } from '../../wire/knock.ts';

/** How long a nonce may be answered, ms. */
export const nonceForMs = 30_000;
/** How long it is remembered that a nonce was given, so that "old" and "used" can be told from "never given", ms. */
export const nonceRememberedForMs = 300_000;
/** Most nonces remembered; the oldest goes first. */
export const maxNonces = 4096;
/** Most nonces of one visit and act that may be answered at the same time; the oldest goes first. */
export const maxNoncesOfAct = 8;

/** What a nonce is for. */
export interface NoncePurpose {
  readonly visit: string;
  /** Thumbprint of the device key that the grant is bound to. */
  readonly jkt: string;
  readonly act: Act;
}

interface Given extends NoncePurpose {
  readonly atMs: number;
  used: boolean;
}

/** All times are monotonic, ms. */
export class Nonces {
  /** In the order in which they were given. */
  readonly #given = new Map<string, Given>();
  readonly #random: () => string;

  /** @param random  128 random bits as base64url; a source that repeats itself is asked again */
  constructor(random: () => string = newId) {
    this.#random = random;
  }

  /** @returns a fresh nonce for exactly this: 128 random bits, base64url, 22 characters */
  give({ visit, jkt, act }: NoncePurpose, nowMs: number): string {
    this.#forget(nowMs);
    const alike = [...this.#given].filter(
      ([, one]) => one.visit === visit && one.jkt === jkt && one.act === act && !one.used,
    );
    for (const [nonce] of alike.slice(0, Math.max(0, alike.length + 1 - maxNoncesOfAct))) this.#given.delete(nonce);
    let nonce = this.#random();
    while (this.#given.has(nonce)) nonce = this.#random();
    this.#given.set(nonce, { visit, jkt, act, atMs: nowMs, used: false });
    return nonce;
  }

  /**
   * Uses a nonce up. Whatever is wrong with its use, it is used up by it.
   * @returns KNOCK_NONCE_UNKNOWN (never given to this visit and key, or long ago), KNOCK_REPLAYED, KNOCK_NONCE_OLD or KNOCK_WRONG_ACT
   */
  use(nonce: string, purpose: NoncePurpose, nowMs: number): Verdict<void> {
    this.#forget(nowMs);
    const given = this.#given.get(nonce);
    if (given === undefined || given.visit !== purpose.visit || given.jkt !== purpose.jkt) {
      return refuse('KNOCK_NONCE_UNKNOWN');
    }
    if (given.used) return refuse('KNOCK_REPLAYED');
    given.used = true;
    if (nowMs - given.atMs >= nonceForMs) return refuse('KNOCK_NONCE_OLD');
    if (given.act !== purpose.act) return refuse('KNOCK_WRONG_ACT', { given: given.act });
    return accept(undefined);
  }

  #forget(nowMs: number): void {
    for (const [nonce, { atMs }] of this.#given) {
      if (nowMs - atMs < nonceRememberedForMs && this.#given.size < maxNonces) break;
      this.#given.delete(nonce);
    }
  }
}
