/** The number that only the courier's device is shown, and that the hub listens for at the door's keypad. */
import * as v from 'valibot';
import type { Standing } from './standing.ts';

const Expecting = v.object({ number: v.string() });

/** @returns undefined where no hub listens */
export function doorNumberOf({ acts }: Pick<Standing, 'acts'>): string | undefined {
  const last = acts.findLast(({ kind }) => kind === 'expecting');
  return last === undefined ? undefined : v.parse(Expecting, JSON.parse(last.text)).number;
}
