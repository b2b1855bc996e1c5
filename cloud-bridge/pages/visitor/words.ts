/** How the page says it, in the language of the phone. */
import { count } from '../common/counted.ts';
import { inRegion } from '../common/in-region.ts';
import type { LanguageCode } from '../common/language.ts';
import type { Language, Words } from './languages.ts';

/** All words: where both have one, that for this visitor. */
export function wordsFor({ says, guest, staff }: Language, isGuest: boolean, isStaff = false): Words {
  if (isGuest) return { ...says, ...guest.says };
  return { ...guest.says, ...says, ...(isStaff ? staff : {}) };
}

/** English without “PM”, where the phone does not write it. */
const localeOf = (code: LanguageCode): string => inRegion(code, code === 'en' ? 'en-GB' : code);

export const countParcels = ({ code, parcels }: Language, n: number): string => count(code, parcels, n);

export const countVisits = ({ code, guest }: Language, n: number): string => count(code, guest.visits, n);

/** Where a clock hangs; the phone's own zone unless told. */
type Zone = { readonly timeZone?: string | undefined };

const dayOf = (date: Date, { timeZone }: Zone): string => date.toLocaleDateString('en', { timeZone });

/** Two times of one day: “14:00 – 16:00”; with the day where it is not today. */
export function sayWindow(code: LanguageCode, fromS: number, untilS: number, nowMs: number, zone: Zone = {}): string {
  const [from, until] = [new Date(fromS * 1000), new Date(untilS * 1000)];
  const today = dayOf(new Date(nowMs), zone);
  const isToday = [from, until].every((one) => dayOf(one, zone) === today);
  const day = isToday ? {} : ({ weekday: 'short', day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(localeOf(code), { ...day, ...zone, hour: '2-digit', minute: '2-digit' }).formatRange(
    from,
    until,
  );
}

export const sayTime = (code: LanguageCode, ms: number, zone: Zone = {}): string =>
  new Intl.DateTimeFormat(localeOf(code), { dateStyle: 'medium', timeStyle: 'short', ...zone }).format(ms);

/** The name of a zone, in the language: “Central European Time”. */
const zoneName = (code: LanguageCode, timeZone: string, ms: number): string =>
  new Intl.DateTimeFormat(code, { timeZone, timeZoneName: 'longGeneric' })
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;

/** @returns the name of a zone whose clocks show another time than the phone's at that moment; undefined where they agree */
export function otherZone(code: LanguageCode, timeZone: string, ms: number): string | undefined {
  const shown = (zone: Zone): string => new Date(ms).toLocaleString('en', zone);
  return shown({ timeZone }) === shown({}) ? undefined : zoneName(code, timeZone, ms);
}
