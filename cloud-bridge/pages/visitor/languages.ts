/**
 * The page's languages (S066): a phone loads its own, with what a courier is told, and what a guest and a company's staff are. One that lacks a word does not compile.
 */
import type { Counted } from '../common/counted.ts';
import type { LanguageCode } from '../common/language.ts';
import { firstWords } from './first-words.ts';
import type { en } from './words/en.ts';

type FirstWord = Exclude<keyof (typeof firstWords)['en'], 'guest'>;
type GuestWord = keyof (typeof firstWords)['en']['guest'] | keyof typeof en.guest.says;
type CourierWords = Readonly<Record<FirstWord | keyof typeof en.says, string>>;
type GuestWords = Readonly<Record<GuestWord, string>>;
export type Words = CourierWords & GuestWords;

/** `visit`: what is announced, in place of parcels. */
type StaffWords = Readonly<Record<keyof typeof en.staff, string>>;

/** What is loaded of a language. */
interface LaterWords {
  readonly says: Readonly<Record<keyof typeof en.says, string>>;
  readonly parcels: Counted;
  readonly staff: StaffWords;
  readonly guest: { readonly says: Readonly<Record<keyof typeof en.guest.says, string>>; readonly visits: Counted };
}

/** A language, as a whole. */
export interface Language {
  readonly code: LanguageCode;
  readonly says: CourierWords;
  readonly parcels: Counted;
  readonly staff: StaffWords;
  readonly guest: { readonly says: GuestWords; readonly visits: Counted };
}

const later: Readonly<Record<LanguageCode, () => Promise<LaterWords>>> = {
  de: async () => (await import('./words/de.ts')).de,
  en: async () => (await import('./words/en.ts')).en,
  it: async () => (await import('./words/it.ts')).it,
  bg: async () => (await import('./words/bg.ts')).bg,
  ro: async () => (await import('./words/ro.ts')).ro,
  ru: async () => (await import('./words/ru.ts')).ru,
  tr: async () => (await import('./words/tr.ts')).tr,
};

/** @throws TypeError when it does not come */
export async function loadLanguage(code: LanguageCode): Promise<Language> {
  const { guest: firstGuest, ...first } = firstWords[code];
  const { says, parcels, staff, guest } = await later[code]();
  return {
    ...{ code, parcels, staff },
    says: { ...first, ...says },
    guest: { visits: guest.visits, says: { ...firstGuest, ...guest.says } },
  };
}
