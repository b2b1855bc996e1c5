/** One way into the hub's decisions: sends one wrong message at a time and says what came of it. */
import type { Verdict } from '../../../wire/faults.ts';
import type { Random } from './random.ts';

export interface Shot {
  readonly verdict: Verdict<unknown>;
  /** Signed again with a key that counts, so that it reaches the checks behind the signature. */
  readonly signedAgain: boolean;
  /** What an acceptance of it violates. */
  readonly violates: readonly string[];
}

export type Surface = (random: Random) => Promise<Shot>;
