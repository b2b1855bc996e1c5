/** The number that only the courier's device is shown, and that the hub listens for at the door's keypad. */
import * as v from 'valibot';
import type { Standing } from './standing.ts';

/** What the act `expecting` says. */
export const Expecting = v.object({
  number: v.string(),
  /** Until when the hub listens, ms. */
  until: v.number(),
});
export type Expecting = v.InferOutput<typeof Expecting>;

type Asked = Pick<Standing, 'acts'> & { readonly stop: Pick<Standing['stop'], 'device'> };

/** Of the device that is here now: what another one was shown is not its own. */
export function expectingOf({ acts, stop }: Asked): Expecting | undefined {
  const last = acts.findLast(({ kind, jkt }) => kind === 'expecting' && jkt === stop.device);
  return last === undefined ? undefined : v.parse(Expecting, JSON.parse(last.text));
}

/** @returns undefined where no hub listens */
export const doorNumberOf = (standing: Asked): string | undefined => expectingOf(standing)?.number;
