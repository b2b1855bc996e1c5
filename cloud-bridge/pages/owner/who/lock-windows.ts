/** When a code or a user of the lock itself counts: by the clock of the lock, in UTC, as `LockTimes` says. */
import type { LockTimes } from '../../../../wire/lock-order.ts';
import type { Window } from '../../../../wire/occurrences.ts';
import { clip, merge } from './spans.ts';

const dayS = 86_400;
const minuteS = 60;
/** 0 Monday to 6 Sunday; the first day of all was a Thursday. */
const weekdayOf = (day: number): number => (day + 3) % 7;

/**
 * Rather too much than too little: the last second and the last minute count, and a time of day that ends before it begins goes over
 * midnight, whether or not the lock reads it so.
 * @param times  undefined: always
 */
export function lockWindows(times: LockTimes | undefined, within: Window): readonly Window[] {
  if (times === undefined) return [within];
  const { fromS, untilS, weekdays, fromMinute, untilMinute } = times;
  const bounded = clip([within], { from: fromS, until: untilS + 1 });
  if (weekdays.length === 0 && fromMinute === 0 && untilMinute === 0) return bounded;
  const isAllDay = fromMinute === 0 && untilMinute === 0;
  const overMidnight = !isAllDay && untilMinute < fromMinute ? dayS : 0;
  const days: Window[] = [];
  for (let day = Math.floor(within.from / dayS) - 1; day * dayS < within.until; day += 1) {
    if (weekdays.length > 0 && !weekdays.includes(weekdayOf(day))) continue;
    const from = day * dayS + (isAllDay ? 0 : fromMinute * minuteS);
    const until = isAllDay ? (day + 1) * dayS : day * dayS + overMidnight + (untilMinute + 1) * minuteS;
    days.push({ from, until });
  }
  return merge(bounded.flatMap((one) => clip(days, one)));
}
