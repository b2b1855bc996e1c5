/** What is said of evidence, in every language that the pages speak. */
import type { LanguageCode } from '../language.ts';
import type { EvidenceWords } from './say.ts';
import { bg } from './words/bg.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { it } from './words/it.ts';
import { ro } from './words/ro.ts';
import { ru } from './words/ru.ts';
import { tr } from './words/tr.ts';

export const evidenceWords: Readonly<Record<LanguageCode, EvidenceWords>> = { de, en, it, bg, ro, ru, tr };
