/** The languages that the pages speak (S066), and which of them somebody gets. */

/** Each in itself. */
export const languageNames = {
  de: 'Deutsch',
  en: 'English',
  it: 'Italiano',
  bg: 'Български',
  ro: 'Română',
  ru: 'Русский',
  tr: 'Türkçe',
} as const;
export type LanguageCode = keyof typeof languageNames;

const isCode = (code: string): code is LanguageCode => Object.hasOwn(languageNames, code);

/** The first of the phone's languages that the pages speak; English where they speak none. */
export function chooseLanguage(wanted: readonly string[]): LanguageCode {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isCode) ?? 'en';
}
