/**
 * Which keys may be tried with one peripheral, in order: a key under way, the paired one, and - only in a pairing window that
 * asks for it - the default key.
 *
 * A new key is `pending` from before KEYSET until a session under it answers. Whatever is cut off in between, one of the two
 * opens the next session, and the caller keeps both until then.
 */
import { defaultKey } from './secure.ts';

export interface KeyCandidate {
  readonly which: 'pending' | 'current' | 'default';
  /** SCBK, 16 bytes. */
  readonly key: Uint8Array;
}

export interface StoredKeys {
  /** Proven in a session. */
  readonly current?: Uint8Array;
  /** Sent or about to be sent, not proven. */
  readonly pending?: Uint8Array;
}

export class KeyRing {
  #current: Uint8Array | undefined;
  #pending: Uint8Array | undefined;
  /** The candidate to begin with: the one that was proven last. */
  #first = 0;
  /** How many have been refused since. */
  #refused = 0;
  #window: { readonly defaultKey: boolean } | undefined;
  readonly #onProven: (candidate: KeyCandidate) => void;

  constructor(stored: StoredKeys, onProven: (candidate: KeyCandidate) => void) {
    this.#current = stored.current;
    this.#pending = stored.pending;
    this.#onProven = onProven;
  }

  /** Sets or ends the pairing window; `defaultKey` lets it try SCBK-D. */
  setWindow(window: { readonly defaultKey: boolean } | undefined): void {
    this.#window = window;
    this.#restart(0);
  }

  get isWindowOpen(): boolean {
    return this.#window !== undefined;
  }

  /** From here on `key` is tried first, the others after it. */
  setPending(key: Uint8Array): void {
    this.#pending = key;
    this.#restart(0);
  }

  /** @returns whether a session under `candidate` may go on: under the default key only while the window lets it */
  allows(candidate: KeyCandidate): boolean {
    return candidate.which !== 'default' || this.#window?.defaultKey === true;
  }

  /** @returns the key to try now, or undefined when there is none */
  next(): KeyCandidate | undefined {
    const candidates = this.#candidates();
    return candidates[(this.#first + this.#refused) % Math.max(1, candidates.length)];
  }

  /** The peripheral does not hold the key that `next` gave. @returns whether another is left to try; else it begins again */
  refuse(): boolean {
    this.#refused += 1;
    const isLeft = this.#refused < this.#candidates().length;
    if (!isLeft) this.#restart(0);
    return isLeft;
  }

  /** A session under `candidate` has answered. */
  prove(candidate: KeyCandidate): void {
    if (candidate.which === 'pending') {
      this.#current = candidate.key;
      this.#pending = undefined;
    }
    const which = candidate.which === 'pending' ? 'current' : candidate.which;
    this.#restart(this.#candidates().findIndex((other) => other.which === which));
    this.#onProven(candidate);
  }

  #restart(first: number): void {
    this.#first = Math.max(0, first);
    this.#refused = 0;
  }

  #candidates(): readonly KeyCandidate[] {
    const candidates: KeyCandidate[] = [];
    if (this.#pending !== undefined) candidates.push({ which: 'pending', key: this.#pending });
    if (this.#current !== undefined) candidates.push({ which: 'current', key: this.#current });
    if (this.#window?.defaultKey === true) candidates.push({ which: 'default', key: defaultKey });
    return candidates;
  }
}
