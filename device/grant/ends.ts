/** What was used and what has ended, as decisions read it: an end counts from the moment it is known, even when the disk refuses it. */
import { Fault } from '../../wire/faults.ts';
import type { GrantStore } from '../journal/journal.ts';

export type EndKind = 'grant' | 'guest' | 'rule' | 'visit' | 'recovery';

/** What decisions read of the store. */
export type GrantReads = Pick<GrantStore, 'usesOf' | 'visitsOf' | 'isEnded'>;

export class Ends implements GrantReads {
  readonly #store: GrantStore;
  /** Ends that the disk did not take yet. */
  readonly #unkept = new Map<string, { kind: EndKind; id: string; until: number | undefined }>();

  constructor(store: GrantStore) {
    this.#store = store;
  }

  usesOf(grant: string): number {
    return this.#store.usesOf(grant);
  }

  visitsOf(rule: string): number {
    return this.#store.visitsOf(rule);
  }

  isEnded(kind: EndKind, id: string): boolean {
    return this.#unkept.has(`${kind} ${id}`) || this.#store.isEnded(kind, id);
  }

  /**
   * Remembers an end, and writes down those that the disk refused before.
   * @param until  seconds; may be forgotten after
   * @returns whether everything is on disk; it counts in either case
   */
  end(kind: EndKind, id: string, until?: number): boolean {
    this.#unkept.set(`${kind} ${id}`, { kind, id, until });
    for (const [name, one] of this.#unkept) {
      try {
        this.#store.end(one.kind, one.id, one.until);
        this.#unkept.delete(name);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return false;
      }
    }
    return true;
  }
}
