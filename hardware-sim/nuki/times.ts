/** When an authorization or a keypad code may be used (reference 7, 13). */
import { type Cursor, Fields } from './bytes.ts';

/** Times in UTC; `weekdays`: bit 6 Monday to bit 0 Sunday, 0 for every day; times of day in minutes. */
export interface TimeLimit {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly weekdays: number;
  readonly fromMinute: number;
  readonly untilMinute: number;
}

/** Fields of a time limit that is always carried: 1 + 19 bytes, zeros where there is none. */
export function readLimit(body: Cursor): TimeLimit | undefined {
  const isLimited = body.u8() !== 0;
  const limit = {
    fromMs: body.time(),
    untilMs: body.time(),
    weekdays: body.u8(),
    fromMinute: body.u8() * 60 + body.u8(),
    untilMinute: body.u8() * 60 + body.u8(),
  };
  return isLimited ? limit : undefined;
}

/** 1 byte without a limit, 20 with one: how entries tell it. */
export function limitBytes(limit: TimeLimit | undefined): Uint8Array {
  if (limit === undefined) return Uint8Array.of(0);
  const hm = (minute: number): number[] => [Math.floor(minute / 60), minute % 60];
  return new Fields()
    .u8(1)
    .time(limit.fromMs)
    .time(limit.untilMs)
    .u8(limit.weekdays, ...hm(limit.fromMinute), ...hm(limit.untilMinute))
    .bytes();
}

/** @param nowMs  by the clock of the lock */
export function isAllowed(limit: TimeLimit | undefined, nowMs: number): boolean {
  if (limit === undefined) return true;
  if (nowMs < limit.fromMs || nowMs > limit.untilMs) return false;
  const now = new Date(nowMs);
  const mondayIs0 = (now.getUTCDay() + 6) % 7;
  if (limit.weekdays !== 0 && (limit.weekdays & (0x40 >> mondayIs0)) === 0) return false;
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes();
  const isAllDay = limit.fromMinute === 0 && limit.untilMinute === 0;
  return isAllDay || (minute >= limit.fromMinute && minute <= limit.untilMinute);
}
