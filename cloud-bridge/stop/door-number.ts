/**
 * What the hub listens for at the door: its bell, and the number that only the courier's device is shown, to be typed at the keypad. Like a code the
 * number is derived when it is needed, and stands in no database.
 */
import * as v from 'valibot';
import { deriveCode } from '../code/derive.ts';
import type { Parts } from '../parts.ts';
import type { Standing } from './standing.ts';

/** As many as are typed with cold fingers. */
const numberDigits = 4;

/** What the act `expecting` says. */
export const Expecting = v.object({
  /** Until when the hub listens, ms. */
  until: v.number(),
  /** There is no keypad: nothing is shown to be typed. */
  isBellAlone: v.optional(v.boolean(), false),
  /** Nor a bell: the hub only knows of the stop. */
  isMute: v.optional(v.boolean(), false),
});
export type Expecting = v.InferOutput<typeof Expecting>;

type Asked = Pick<Standing, 'acts'> & { readonly stop: Pick<Standing['stop'], 'device'> };

/** For the device that is here now: what another one was shown is not its own. @returns undefined where no hub was told */
export function expectingOf({ acts, stop }: Asked): Expecting | undefined {
  const last = acts.findLast(({ kind, jkt }) => kind === 'expecting' && jkt === stop.device);
  return last === undefined ? undefined : v.parse(Expecting, JSON.parse(last.text));
}

/** A number that is typed at the door would be heard. */
export const isListenedFor = (asked: Asked): boolean => {
  const expecting = expectingOf(asked);
  return expecting !== undefined && !expecting.isBellAlone && !expecting.isMute;
};

/** The same for as long as this device is at this stop. */
export const doorNumberOf = (
  { codeKey }: Pick<Parts, 'codeKey'>,
  { delivery, attempt }: Pick<Standing, 'delivery' | 'attempt'>,
  device: string,
): string =>
  deriveCode(codeKey, { scope: ['keypad', delivery.id], attempt: attempt.number, holder: device }, numberDigits);
