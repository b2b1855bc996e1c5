/**
 * When a keypad code or an authorization counts, as bytes: `timeLimited u8`, then
 * `from time7, until time7, weekdays u8, from minute hm, until minute hm` (19 bytes), all in UTC.
 * Whoever adds or changes carries them always, as zeros where there is no limit; an entry that is listed leaves them out then.
 * @see Nuki Smart Lock API V2.3.0, "Add Keypad Code (0x0041)", "Authorization Entry (0x000A)"
 */
import type { AccessTimes } from '../administration.ts';
import { type FieldReader, flag, join, minute, time, toEpochS, toLockTime, u8 } from './fields.ts';

const limitBytes = 19;
/** The lock has no years before 2000 and none after 2099. */
const firstS = Date.UTC(2000, 0, 1) / 1000;
const lastS = Date.UTC(2100, 0, 1) / 1000 - 1;
const lastMinute = 24 * 60 - 1;

const dayBit = (weekday: number): number => 0x40 >> weekday;

/** @param weekdays  0 Monday to 6 Sunday; none: every day @returns Monday as bit 6, Sunday as bit 0 */
export const encodeDays = (weekdays: readonly number[]): number =>
  weekdays.reduce((bits, weekday) => bits | dayBit(weekday), 0);

/** As `encodeDays`, read back. */
export const decodeDays = (bits: number): readonly number[] =>
  [0, 1, 2, 3, 4, 5, 6].filter((weekday) => (bits & dayBit(weekday)) !== 0);

/** @returns whether a lock can keep these times: in order, in this century, days 0..6, minutes 0..1439 */
export function isLimit({ fromS, untilS, weekdays, fromMinute, untilMinute }: AccessTimes): boolean {
  const isMinute = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= lastMinute;
  return (
    [fromS, untilS].every((value) => Number.isInteger(value) && value >= 0 && value <= lastS) &&
    fromS <= untilS &&
    untilS >= firstS &&
    weekdays.every((day) => Number.isInteger(day) && day >= 0 && day <= 6) &&
    [fromMinute, untilMinute].every(isMinute) &&
    fromMinute <= untilMinute
  );
}

/** 20 bytes, all zero without a limit. @param times  as `isLimit` demands; what begins before 2000 begins in 2000 */
export function encodeLimit(times: AccessTimes | undefined): Uint8Array {
  if (times === undefined) return new Uint8Array(1 + limitBytes);
  const at = (seconds: number): Uint8Array => time(toLockTime(Math.max(seconds, firstS) * 1000));
  const hours = join(minute(times.fromMinute), minute(times.untilMinute));
  return join(flag(true), at(times.fromS), at(times.untilS), u8(encodeDays(times.weekdays)), hours);
}

/**
 * Reads 1 byte, or 20 when it says that there is a limit. An end without a date is as far away as it can be: 0, or the end of 2099.
 * @returns `times` undefined: always; undefined in all when the bytes end too soon
 */
export function readLimit(field: FieldReader): { readonly times?: AccessTimes } | undefined {
  if (!field.has(1)) return undefined;
  if (!field.flag()) return {};
  if (!field.has(limitBytes)) return undefined;
  const [from, until] = [toEpochS(field.time()), toEpochS(field.time())];
  return {
    times: {
      fromS: from ?? 0,
      untilS: until ?? lastS,
      weekdays: decodeDays(field.u8()),
      fromMinute: field.minute(),
      untilMinute: field.minute(),
    },
  };
}
