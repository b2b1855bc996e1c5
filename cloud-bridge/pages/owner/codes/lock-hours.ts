/** Days and hours at home, and the same by the clock of a lock, which is UTC and knows no summer time. Pure. */
import type { LockTimes } from '../../../../wire/lock-order.ts';
import { wallAt } from '../rules/draft.ts';

/** The lock's own “for ever”: the last second of 2099. */
export const lockEndS = Date.UTC(2100, 0, 1) / 1000 - 1;
const dayMinutes = 1_440;

/** 0 Monday to 6 Sunday, minutes of the day; `untilMinute` up to 1440. */
export type Hours = Pick<LockTimes, 'weekdays' | 'fromMinute' | 'untilMinute'>;

/** How far the wall at home is ahead of UTC, minutes. */
export const offsetAt = (atS: number, zone: string): number =>
  (Date.parse(`${wallAt(atS, zone)}Z`) / 1000 - Math.floor(atS / 60) * 60) / 60;

/** Do the clocks change here? Then hours of the lock move by that much. */
export function clocksChange(zone: string, aroundS: number): boolean {
  const months = Array.from({ length: 12 }, (_, n) => offsetAt(aroundS + n * 30.5 * 86_400, zone));
  return new Set(months).size > 1;
}

const shifted = (weekdays: readonly number[], by: number): number[] =>
  weekdays.map((day) => (((day + by) % 7) + 7) % 7).sort((a, b) => a - b);

/** @returns undefined for hours that go over midnight of the lock: it cannot keep them */
export function toLockHours({ weekdays, fromMinute, untilMinute }: Hours, offset: number): Hours | undefined {
  const days = Math.floor((fromMinute - offset) / dayMinutes);
  const from = fromMinute - offset - days * dayMinutes;
  const until = untilMinute - offset - days * dayMinutes;
  if (until > dayMinutes) return undefined;
  // the last minute of a day counts whole
  return { weekdays: shifted(weekdays, days), fromMinute: from, untilMinute: Math.min(until, dayMinutes - 1) };
}

/** As the wall at home shows them; an end before the beginning is that of the next day. Both 0: the lock's whole day. */
export function fromLockHours({ weekdays, fromMinute, untilMinute }: Hours, offset: number): Hours {
  const days = Math.floor((fromMinute + offset) / dayMinutes);
  const wall = (minute: number): number => (((minute + offset) % dayMinutes) + dayMinutes) % dayMinutes;
  return { weekdays: shifted(weekdays, days), fromMinute: wall(fromMinute), untilMinute: wall(untilMinute) };
}
