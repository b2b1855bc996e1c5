/** What a change of the rules opens up, said plainly before it is signed. Pure. */

import { clockSkewSeconds, type Rule, widens } from '../../../../wire/rule-book.ts';
import { noEndS } from './sentence.ts';

/**
 * `asked`: may come in when the owner says yes. `alone`: is let in without a question. `guest`: the guest's own phone opens, without a
 * question. `unseen`: no camera films. `endless`: there is no last day.
 */
export type Widening = 'asked' | 'alone' | 'guest' | 'unseen' | 'endless';

/** What a new rule opens up; the first is who may do what. */
export function whatWidens(rule: Rule, inForce: readonly Rule[]): readonly Widening[] {
  if (!widens([rule], inForce)) return [];
  const { party, consent, camera, until } = rule;
  const who: Widening = consent === 'ask' ? 'asked' : party.kind === 'guest' ? 'guest' : 'alone';
  return [who, ...(camera === 'off' ? (['unseen'] as const) : []), ...(until >= noEndS ? (['endless'] as const) : [])];
}

/**
 * The worst case of a rule before it is signed (T38): if it were stopped later and the hub never heard of it, so long it could still be
 * used at most, by a hub whose clock is a little behind. Nothing where the owner is asked each time.
 * @param leaseS  end of the lease that the rule book would get, seconds
 */
export const worstCase = ({ consent, until }: Rule, leaseS: number): number | undefined =>
  consent === 'ask' ? undefined : Math.min(until, leaseS) + clockSkewSeconds;
