/** Whether this hub's journal is the one that others have seen: an old disk put back takes no visits. */
import type { SeenHead } from '../../wire/shapes.ts';

/** Compares a place in the journal that somebody saw with the journal itself. */
export type HeadCheck = (seen: SeenHead) => 'has' | 'behind' | 'forked';

/** @param journal  the hub's own journal */
export const headCheck =
  (journal: { head(): SeenHead; hashAt(seq: number): string | undefined }): HeadCheck =>
  ({ seq, hash }) => {
    if (seq > journal.head().seq) return 'behind';
    const own = journal.hashAt(seq);
    return own === undefined || own === hash ? 'has' : 'forked';
  };

/** Why the hub takes no visits. */
export type StandingCode = 'HUB_UNWITNESSED' | 'HUB_BEHIND' | 'HUB_FORKED';

/** Refusal of a head that somebody saw, or undefined when the journal has it. */
export function refusalOf(found: ReturnType<HeadCheck>): 'HUB_BEHIND' | 'HUB_FORKED' | undefined {
  if (found === 'behind') return 'HUB_BEHIND';
  return found === 'forked' ? 'HUB_FORKED' : undefined;
}

/** Unwitnessed until the cloud's countersigned head was compared; behind or forked for good as soon as anybody proves it. */
export class Standing {
  readonly #check: HeadCheck;
  #proven: 'HUB_BEHIND' | 'HUB_FORKED' | undefined;
  #witnessed = false;

  constructor(check: HeadCheck) {
    this.#check = check;
  }

  /** Undefined when visits may be taken. */
  code(): StandingCode | undefined {
    return this.#proven ?? (this.#witnessed ? undefined : 'HUB_UNWITNESSED');
  }

  /** An owner's device signed that it saw this. */
  ownerSaw(seen: SeenHead): void {
    this.#proven ??= refusalOf(this.#check(seen));
  }

  /** The cloud countersigned this. */
  witnessSaw(seen: SeenHead): void {
    this.ownerSaw(seen);
    this.#witnessed = true;
  }
}
