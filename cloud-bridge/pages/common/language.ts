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

/** What any language says where English says `W`. */
export type SaidLike<W> = W extends string ? string : { readonly [K in keyof W]: SaidLike<W[K]> };
/** `Table<typeof en>`: a text that is missing in one language does not compile. */
export type Table<W> = Readonly<Record<LanguageCode, SaidLike<W>>>;

const isCode = (code: string): code is LanguageCode => Object.hasOwn(languageNames, code);

/** The first of the phone's languages that the pages speak; English where they speak none. */
export function chooseLanguage(wanted: readonly string[]): LanguageCode {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isCode) ?? 'en';
}
