/** Which screen of a stop is shown. Pure. */
import type { StopEnd, StopView } from '../../../../wire/stop.ts';
import type { Known } from '../known.ts';

/** What is shown of one stop; a stop that is here may show more than one thing, and the courier goes between them. */
export type Step = 'find' | 'arrive' | 'ring' | 'wait' | 'who' | 'code' | 'leave' | 'end';

/** What the courier has chosen on the screen; a phone that forgot it goes on with whom was named. */
export type Wanted = 'hand' | 'who' | 'leave' | undefined;

/** The parcel is where it should be. */
export const goodEnds: readonly StopEnd[] = ['handed-over', 'put', 'inside', 'picked-up-later'];

/** A door that is described is found before anybody says to be there (S052, S054). */
export function stepOf(
  view: Pick<StopView, 'state' | 'named' | 'waitUntil'>,
  wanted: Wanted,
  hint: Known['hint'],
): Step {
  if (view.state === 'closed') return 'end';
  if (wanted === 'leave') return 'leave';
  if (view.state === 'expected') return hint?.isFound === false ? 'find' : 'arrive';
  if (wanted === 'who') return 'who';
  if (wanted === 'hand') return view.named === undefined ? 'who' : 'code';
  return view.waitUntil === undefined ? 'ring' : 'wait';
}
