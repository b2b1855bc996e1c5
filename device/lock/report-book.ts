/** The reports of one device in their order: each numbered, told where it differs, told again where somebody asked. */

/** What a device showed, with its place among the reports and its time. */
export type Reported<Look extends object> = Look & {
  /** Counts up by one with each report, from 1; orders reports whatever the clocks do. */
  readonly seq: number;
  /** Monotonic time of the report's arrival, in ms. */
  readonly atMs: number;
};

/** `Look`: the fields that make one look differ from another, compared with `===`. */
export class ReportBook<Look extends object> {
  readonly #listeners = new Set<(report: Reported<Look>) => void>();
  #last: Reported<Look> | undefined;
  #told: Reported<Look> | undefined;

  /** The last report, or undefined before the first. */
  get last(): Reported<Look> | undefined {
    return this.#last;
  }

  /** Calls back on every report that differs from the one before it, and on each `tell`. @returns unsubscribe */
  onReport(listener: (report: Reported<Look>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes in one look, and tells it when it is the first or differs from the last. @returns its report, the last from now on */
  add(look: Look, atMs: number): Reported<Look> {
    const before = this.#last;
    const report = { ...look, seq: (before?.seq ?? 0) + 1, atMs };
    this.#last = report;
    if (before === undefined || differs(look, before)) this.#announce(report);
    return report;
  }

  /** Tells the last report, as after a question, unless it has been told already or there is none. */
  tell(): void {
    if (this.#last !== undefined && this.#last !== this.#told) this.#announce(this.#last);
  }

  #announce(report: Reported<Look>): void {
    this.#told = report;
    for (const listener of this.#listeners) listener(report);
  }
}

const differs = <Look extends object>(look: Look, before: Look): boolean =>
  (Object.keys(look) as (keyof Look)[]).some((field) => look[field] !== before[field]);
