/** When a code or a user of a lock counts, in the words and by the wall of the home. Pure. */
import type { LockTimes } from '../../../../wire/lock-order.ts';
import { inRegion } from '../../common/in-region.ts';
import type { LanguageCode } from '../../common/language.ts';
import { fill } from '../words.ts';
import { fromLockHours, type Hours, lockEndS, offsetAt } from './lock-hours.ts';

export interface TimesScene {
  readonly code: LanguageCode;
  readonly zone: string;
  readonly nowS: number;
  readonly says: Readonly<Record<'always' | 'everyDay' | 'since' | 'until' | 'ran', string>>;
}

/** 1 January 2024 was a Monday. */
const dayS = (weekday: number): number => Date.UTC(2024, 0, 1 + weekday);

/** “Mon”, by the language. @param weekday  0 Monday to 6 Sunday */
export const sayWeekday = (code: LanguageCode, weekday: number): string =>
  new Intl.DateTimeFormat(code, { weekday: 'short', timeZone: 'UTC' }).format(dayS(weekday));

/** “09:00”. @param minute  of the day */
export const sayMinute = (code: LanguageCode, minute: number): string =>
  new Intl.DateTimeFormat(inRegion(code), { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(
    minute * 60_000,
  );

function sayHours({ weekdays, fromMinute, untilMinute }: Hours, { code, says }: TimesScene): string {
  const isEvery = weekdays.length === 0 || weekdays.length === 7;
  const days = isEvery ? says.everyDay : weekdays.map((day) => sayWeekday(code, day)).join(', ');
  return `${days} ${sayMinute(code, fromMinute)}–${sayMinute(code, untilMinute)}`;
}

/** @param times  undefined: always */
export function sayTimes(times: LockTimes | undefined, scene: TimesScene): string {
  const { code, zone, nowS, says } = scene;
  if (times === undefined) return says.always;
  const { fromS, untilS, weekdays, fromMinute, untilMinute } = times;
  const day = new Intl.DateTimeFormat(inRegion(code), { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  const at = (text: string, s: number): string => fill(text, { time: day.format(s * 1000) });
  if (untilS < nowS) return at(says.ran, untilS);
  const isAllDay = weekdays.length === 0 && fromMinute === 0 && untilMinute === 0;
  const hours = fromLockHours(times, offsetAt(Math.max(fromS, nowS), zone));
  const parts = [
    ...(isAllDay ? [] : [sayHours(hours, scene)]),
    ...(fromS > nowS ? [at(says.since, fromS)] : []),
    ...(untilS < lockEndS ? [at(says.until, untilS)] : []),
  ];
  return parts.length === 0 ? says.always : parts.join(', ');
}
