/** The words of a stop in seven languages (S066), each loaded on its own. A language that lacks one does not compile. */

import type { Counted } from '../../common/counted.ts';
import type { LanguageCode } from '../../common/language.ts';
import type { en } from './words/en.ts';

export interface StopLanguage {
  readonly says: Readonly<Record<keyof typeof en.says, string>>;
  readonly tries: Counted;
}
export type StopWord = keyof StopLanguage['says'];

const load: Readonly<Record<LanguageCode, () => Promise<StopLanguage>>> = {
  de: async () => (await import('./words/de.ts')).de,
  en: async () => (await import('./words/en.ts')).en,
  it: async () => (await import('./words/it.ts')).it,
  bg: async () => (await import('./words/bg.ts')).bg,
  ro: async () => (await import('./words/ro.ts')).ro,
  ru: async () => (await import('./words/ru.ts')).ru,
  tr: async () => (await import('./words/tr.ts')).tr,
};

/** @throws TypeError when it does not come */
export const loadStopWords = (code: LanguageCode): Promise<StopLanguage> => load[code]();
