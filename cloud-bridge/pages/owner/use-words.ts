/** The words of a screen, in the language that is chosen. */
import type { LanguageCode } from '../common/language.ts';
import { useApp } from './app.ts';

export const useWords = <W>(table: Readonly<Record<LanguageCode, W>>): W => table[useApp().code];
