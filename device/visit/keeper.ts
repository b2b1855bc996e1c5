/** Writes entries in order; keeps what cannot be written and writes it later, saying so (R7: it locks regardless, and records afterwards). */
import { Fault } from '../../wire/faults.ts';
import type { Draft, Use, Written } from '../journal/journal.ts';
import type { Recorder } from '../journal/record.ts';
import { type After, within } from './timers.ts';

export interface KeeperParts {
  readonly record: Recorder['record'];
  readonly after: After;
  /** System time for the entry that says how many came late, ms. */
  readonly now: () => number;
  readonly door: string;
  /** Called when writing begins to fail, and when everything kept is written again. */
  readonly onFailing: () => void;
  readonly onWorking: () => void;
}

interface Kept {
  readonly draft: Draft;
  readonly written: (written: Written) => void;
}

/** Entries kept; past it the oldest is dropped and counted. */
export const maxKept = 1_000;
/** Kept entries written at one go, so that a door never waits for all of them. */
const maxAtOnce = 50;
/** A record that takes longer counts as failed; its entries stay in flight and are never written twice. */
const slowMs = 2_000;
const retryMs = 15_000;

export class EntryKeeper {
  readonly #parts: KeeperParts;
  readonly #kept: Kept[] = [];
  #dropped = 0;
  #isFailing: boolean;
  #isAnnounced = false;
  /** A record that did not end in time. */
  #inFlight: Promise<unknown> | undefined;
  #cancelRetry: () => void = () => undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param isFailing  the alarm of before stands: the first entry written ends it */
  constructor(parts: KeeperParts, isFailing: boolean) {
    this.#parts = parts;
    this.#isFailing = isFailing;
  }

  /** Best effort, never throws. @param written  called once it is on disk, now or later */
  write(draft: Draft, written: (written: Written) => void = () => undefined): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#kept.length === 0 && (await this.#try(draft, written))) return;
      this.#kept.push({ draft, written });
      while (this.#kept.length > maxKept) {
        this.#kept.shift();
        this.#dropped += 1;
      }
      await this.#drain();
    });
  }

  /** On disk with its use, or not at all. @throws Fault JOURNAL_UNAVAILABLE, JOURNAL_CORRUPT */
  must(draft: Draft, use: Use): Promise<void> {
    return this.#inOrder(async () => {
      if (!(await this.#drain())) throw new Fault('JOURNAL_UNAVAILABLE', { kept: this.#kept.length });
      try {
        await this.#record([draft], use);
        this.#works();
      } catch (error) {
        this.#fails();
        throw error;
      }
    });
  }

  /** How many entries wait to be written. */
  get waiting(): number {
    return this.#kept.length;
  }

  close(): void {
    this.#cancelRetry();
  }

  #inOrder<T>(call: () => Promise<T>): Promise<T> {
    const done = this.#last.then(call);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Writes what is kept, oldest first. @returns whether nothing is kept any more */
  async #drain(): Promise<boolean> {
    if (this.#kept.length === 0) return true;
    if (!this.#isAnnounced) {
      const { now, door } = this.#parts;
      const body = { count: this.#kept.length, dropped: this.#dropped };
      this.#isAnnounced = await this.#try({ at: now(), door, kind: 'journal.late', body }, () => undefined);
      if (!this.#isAnnounced) return false;
      this.#dropped = 0;
    }
    for (let n = 0; n < maxAtOnce && this.#kept.length > 0; n++) {
      const oldest = this.#kept[0]!;
      if (!(await this.#try(oldest.draft, oldest.written))) return false;
      this.#kept.splice(this.#kept.indexOf(oldest), 1);
    }
    if (this.#kept.length > 0) {
      this.#retry();
      return false;
    }
    this.#isAnnounced = false;
    this.#works();
    return true;
  }

  async #try(draft: Draft, written: (written: Written) => void): Promise<boolean> {
    try {
      const [first] = await this.#record([draft]);
      if (first !== undefined) written(first);
      if (this.#kept.length === 0) this.#works();
      return true;
    } catch {
      this.#fails();
      return false;
    }
  }

  async #record(drafts: readonly Draft[], use?: Use): Promise<readonly Written[]> {
    if (this.#inFlight !== undefined) throw new Fault('JOURNAL_UNAVAILABLE', { why: 'slow' });
    const call = (async () => this.#parts.record(drafts, use))();
    const written = await within(this.#parts.after, slowMs, call);
    if (written !== undefined) return written;
    // It may still be written: until it is known, nothing else is tried, and what was written is not tried again.
    this.#inFlight = call.then(
      () => this.#arrivedLate(drafts),
      () => this.#arrivedLate([]),
    );
    throw new Fault('JOURNAL_UNAVAILABLE', { why: 'slow' });
  }

  #arrivedLate(drafts: readonly Draft[]): void {
    this.#inFlight = undefined;
    const at = this.#kept.findIndex(({ draft }) => drafts.includes(draft));
    if (at >= 0) this.#kept.splice(at, 1);
  }

  #works(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#cancelRetry();
    this.#parts.onWorking();
  }

  #fails(): void {
    this.#retry();
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#parts.onFailing();
  }

  #retry(): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#parts.after(retryMs, () => {
      void this.#inOrder(() => this.#drain());
    });
  }
}
