/**
 * The number that only the courier's device is shown, and that the hub listens for at the door's keypad. Like a code it is derived when
 * it is needed, and stands in no database.
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
  /** There is nowhere to type a number: the hub only knows of the stop. */
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
export const isListenedFor = (asked: Asked): boolean => expectingOf(asked)?.isMute === false;

/** The same for as long as this device is at this stop. */
export const doorNumberOf = (
  { codeKey }: Pick<Parts, 'codeKey'>,
  { delivery, attempt }: Pick<Standing, 'delivery' | 'attempt'>,
  device: string,
): string =>
  deriveCode(codeKey, { scope: ['keypad', delivery.id], attempt: attempt.number, holder: device }, numberDigits);
