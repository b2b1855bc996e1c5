/** Follows a chain of entry texts and names the first thing that is wrong with it. Pure, one text at a time. */
import { type Refusal, refuse } from '../../wire/faults.ts';
import { type ChainHead, followChain, fromEntryText } from '../../wire/journal.ts';

/**
 * A gap is judged only at the end: when what is missing comes later, the entries are out of order rather than gone.
 */
export class ChainCheck {
  readonly #watch: number | undefined;
  #head: ChainHead;
  #watched: string | undefined;
  #broken: Refusal | undefined;
  #missing: { readonly from: number; readonly to: number } | undefined;

  /**
   * @param before  the entry before the first one
   * @param watch   sequence number of an entry whose hash is wanted afterwards
   */
  constructor(before: ChainHead, watch?: number) {
    this.#watch = watch;
    this.#head = before;
    this.#note();
  }

  /** Hash of the entry that was to be watched, undefined when it did not come. */
  get watched(): string | undefined {
    return this.#watched;
  }

  /** The last entry that still followed. */
  get head(): ChainHead {
    return this.#head;
  }

  push(text: string): void {
    if (this.#broken !== undefined) {
      this.#lookForMissing(text);
      return;
    }
    const followed = followChain(this.#head, text);
    if (followed.ok) {
      this.#head = followed.value.head;
      this.#note();
      return;
    }
    this.#broken = followed;
    const { from, to } = followed.detail ?? {};
    if (followed.code === 'JOURNAL_GAP') this.#missing = { from: Number(from), to: Number(to) };
  }

  /** @returns JOURNAL_EDITED, JOURNAL_REORDERED (`seq`) or JOURNAL_GAP (`from`, `to`); undefined while all is well */
  get broken(): Refusal | undefined {
    return this.#broken;
  }

  #note(): void {
    if (this.#head.seq === this.#watch) this.#watched = this.#head.hash;
  }

  #lookForMissing(text: string): void {
    const missing = this.#missing;
    const read = missing === undefined ? undefined : fromEntryText(text);
    if (missing === undefined || !read?.ok) return;
    const { seq } = read.value;
    if (seq < missing.from || seq > missing.to) return;
    this.#broken = refuse('JOURNAL_REORDERED', { seq, after: missing.to + 1 });
    this.#missing = undefined;
  }
}
