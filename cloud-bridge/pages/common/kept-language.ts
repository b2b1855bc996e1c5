/** The language that somebody has chosen on this device, for all pages of this origin. */
import { chooseLanguage, type LanguageCode } from './language.ts';

const kept = 'doorward-language';

/** The language of before, else of the phone. */
export function firstLanguage(): LanguageCode {
  const before = localStorage.getItem(kept);
  return chooseLanguage(before === null ? navigator.languages : [before]);
}

/** Keeps it on this device, and says it to screen readers. */
export function keepLanguage(code: LanguageCode): void {
  document.documentElement.lang = code;
  localStorage.setItem(kept, code);
}
