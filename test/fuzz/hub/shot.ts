/** One changed message and what came of it. */
import type { Random } from '../../device/fuzz/random.ts';
import type { Outcome } from './send.ts';

export interface Shot {
  readonly outcome: Outcome;
  /** A document was changed in this message. */
  readonly changed: boolean;
  /** Signed again with a key that counts, after the change. */
  readonly signedAgain: boolean;
  /** What must not have come of it and did. */
  readonly violates: readonly string[];
}

/** Sends changed messages: one, or several that belong together. */
export type Shoot = (random: Random) => Promise<readonly Shot[]>;

/** A message whose envelope was changed and that carries no signed document of interest. */
export const unsigned = (outcome: Outcome, violates: readonly string[] = []): Shot => ({
  outcome,
  changed: false,
  signedAgain: false,
  violates,
});
