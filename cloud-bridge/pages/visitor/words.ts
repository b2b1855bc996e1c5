/** The words of the page in seven languages (S066). A language that lacks one does not compile. */
import { chooseLanguage, type LanguageCode } from '../common/language.ts';
import { bg } from './words/bg.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { it } from './words/it.ts';
import { ro } from './words/ro.ts';
import { ru } from './words/ru.ts';
import { tr } from './words/tr.ts';

export type Words = Readonly<Record<keyof typeof en.says, string>>;

export interface Language {
  /** In the language itself. */
  readonly name: string;
  readonly says: Words;
  /** `{n}` stands for the number. Every category that the language counts by. */
  readonly parcels: Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;
}

export const languages = { de, en, it, bg, ro, ru, tr } as const satisfies Record<LanguageCode, Language>;
export { chooseLanguage, type LanguageCode };

export function countParcels(code: LanguageCode, count: number): string {
  const { parcels }: Language = languages[code];
  const text = parcels[new Intl.PluralRules(code).select(count)] ?? parcels.other;
  return text.replace('{n}', new Intl.NumberFormat(code).format(count));
}

/** Two times of one day: “14:00 – 16:00”; with the day where it is not today. */
export function sayWindow(code: LanguageCode, fromS: number, untilS: number, nowMs: number): string {
  const [from, until] = [new Date(fromS * 1000), new Date(untilS * 1000)];
  const isToday = [from, until].every((one) => one.toDateString() === new Date(nowMs).toDateString());
  const day = isToday ? {} : ({ weekday: 'short', day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(code, { ...day, hour: '2-digit', minute: '2-digit' }).formatRange(from, until);
}

export const sayTime = (code: LanguageCode, ms: number): string =>
  new Intl.DateTimeFormat(code, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
