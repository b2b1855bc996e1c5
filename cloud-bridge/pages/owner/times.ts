/** How the app says times and ages. */
import { inRegion } from '../common/in-region.ts';
import type { LanguageCode } from '../common/language.ts';

const isSameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** “3 minutes ago”, by the language; whole seconds below a minute. @param ms  age, 0 or more */
export function sayAge(code: LanguageCode, ms: number): string {
  const relative = new Intl.RelativeTimeFormat(code, { numeric: 'auto', style: 'long' });
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return relative.format(-seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return relative.format(-minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? relative.format(-hours, 'hour') : relative.format(-Math.round(hours / 24), 'day');
}

/** “14:05”, with the day where it is not today. */
export function sayMoment(code: LanguageCode, atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const day = isSameDay(at, new Date(nowMs)) ? {} : ({ weekday: 'short', day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(inRegion(code), { ...day, hour: '2-digit', minute: '2-digit' }).format(at);
}

/** “14:05”. */
export const sayTime = (code: LanguageCode, atMs: number): string =>
  new Intl.DateTimeFormat(inRegion(code), { hour: '2-digit', minute: '2-digit' }).format(atMs);

/** “14:05:09”. */
export const sayClock = (code: LanguageCode, atMs: number): string =>
  new Intl.DateTimeFormat(inRegion(code), { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(atMs);

/** “14:00 – 16:00”, with the day where it is not today. @param fromS  seconds */
export function saySpan(code: LanguageCode, fromS: number, untilS: number, nowMs: number): string {
  const [from, until] = [new Date(fromS * 1000), new Date(untilS * 1000)];
  const isToday = [from, until].every((one) => isSameDay(one, new Date(nowMs)));
  const day = isToday ? {} : ({ weekday: 'short', day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(inRegion(code), { ...day, hour: '2-digit', minute: '2-digit' }).formatRange(
    from,
    until,
  );
}

/** “Saturday, 21 November”. */
export const sayDay = (code: LanguageCode, atMs: number): string =>
  new Intl.DateTimeFormat(inRegion(code), { weekday: 'long', day: 'numeric', month: 'long' }).format(atMs);

/** “21 Nov 2026, 14:05”. */
export const sayFull = (code: LanguageCode, atMs: number): string =>
  new Intl.DateTimeFormat(inRegion(code), { dateStyle: 'medium', timeStyle: 'short' }).format(atMs);
