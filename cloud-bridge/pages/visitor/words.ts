/** The words of the page in seven languages (S066), to a courier and to a guest. A language that lacks one does not compile. */
import { chooseLanguage, type LanguageCode } from '../common/language.ts';
import { bg as guestBg } from './guest-words/bg.ts';
import { de as guestDe } from './guest-words/de.ts';
import { en as guestEn } from './guest-words/en.ts';
import { it as guestIt } from './guest-words/it.ts';
import { ro as guestRo } from './guest-words/ro.ts';
import { ru as guestRu } from './guest-words/ru.ts';
import { tr as guestTr } from './guest-words/tr.ts';
import { bg } from './words/bg.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { it } from './words/it.ts';
import { ro } from './words/ro.ts';
import { ru } from './words/ru.ts';
import { tr } from './words/tr.ts';

type CourierWords = Readonly<Record<keyof typeof en.says, string>>;
type GuestWords = Readonly<Record<keyof typeof guestEn.says, string>>;
export type Words = CourierWords & GuestWords;

/** `{n}` stands for the number. Every category that the language counts by. */
type Plurals = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;

export interface Language {
  /** In the language itself. */
  readonly name: string;
  readonly says: CourierWords;
  readonly parcels: Plurals;
}

export interface GuestLanguage {
  readonly says: GuestWords;
  readonly visits: Plurals;
}

export const languages = { de, en, it, bg, ro, ru, tr } as const satisfies Record<LanguageCode, Language>;
export { chooseLanguage, type LanguageCode };

export const guestLanguages = {
  ...{ de: guestDe, en: guestEn, it: guestIt, bg: guestBg, ro: guestRo, ru: guestRu, tr: guestTr },
} as const satisfies Record<LanguageCode, GuestLanguage>;

/** All words: where both have one, that for this visitor. */
export const wordsFor = (code: LanguageCode, isGuest: boolean): Words => {
  const [courier, guest]: [CourierWords, GuestWords] = [languages[code].says, guestLanguages[code].says];
  return isGuest ? { ...courier, ...guest } : { ...guest, ...courier };
};

/** As the phone writes this language; where it does not, English without “PM”. */
function localeOf(code: LanguageCode): string {
  const { navigator } = globalThis as { readonly navigator?: { readonly languages?: readonly string[] } };
  return (
    navigator?.languages?.find((tag) => tag.slice(0, 2).toLowerCase() === code) ?? (code === 'en' ? 'en-GB' : code)
  );
}

function counted(code: LanguageCode, plurals: Plurals, count: number): string {
  const text = plurals[new Intl.PluralRules(code).select(count)] ?? plurals.other;
  return text.replace('{n}', new Intl.NumberFormat(code).format(count));
}

export const countParcels = (code: LanguageCode, count: number): string =>
  counted(code, languages[code].parcels, count);

export const countVisits = (code: LanguageCode, count: number): string =>
  counted(code, guestLanguages[code].visits, count);

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
