/** The reports of one lock: the last one, and who hears of the next. */
import type { BoltState, ContactState, DoorReport } from '../lock.ts';

export class ReportBook {
  readonly #monotonic: () => number;
  readonly #listeners = new Set<(report: DoorReport) => void>();
  #last: DoorReport | undefined;
  #isOpen = false;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  get last(): DoorReport | undefined {
    return this.#last;
  }

  /** Only an open book keeps what is written, and tells of it. */
  open(isOpen: boolean): void {
    this.#isOpen = isOpen;
  }

  /** @returns unsubscribe */
  onReport(listener: (report: DoorReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param always  told even when it says what the one before it said */
  write(bolt: BoltState, contact: ContactState, always: boolean): DoorReport {
    const before = this.#last;
    const report = { seq: (before?.seq ?? 0) + 1, atMs: this.#monotonic(), bolt, contact };
    if (!this.#isOpen) return report;
    this.#last = report;
    if (always || before?.bolt !== bolt || before.contact !== contact)
      for (const listener of this.#listeners) listener(report);
    return report;
  }
}
