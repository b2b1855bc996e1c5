/** Approvals that came before their grant: a bounded shelf. The cloud brings them again after a restart. */

/** Most approvals kept; the oldest goes first. */
export const maxApprovals = 256;

export class Approvals {
  /** Hash of the grant -> text, and until when it counts, seconds. */
  readonly #shelf = new Map<string, { readonly text: string; readonly until: number }>();

  keep(grantHash: string, approval: { readonly text: string; readonly until: number }, nowS: number): void {
    for (const [hash, { until }] of this.#shelf) if (until <= nowS) this.#shelf.delete(hash);
    this.#shelf.delete(grantHash);
    this.#shelf.set(grantHash, approval);
    for (const oldest of this.#shelf.keys()) {
      if (this.#shelf.size <= maxApprovals) break;
      this.#shelf.delete(oldest);
    }
  }

  of(grantHash: string): string | undefined {
    return this.#shelf.get(grantHash)?.text;
  }
}
