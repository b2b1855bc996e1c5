/** What is said of evidence, in every language that the pages speak. */
import type { Table } from '../language.ts';
import { bg } from './words/bg.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { it } from './words/it.ts';
import { ro } from './words/ro.ts';
import { ru } from './words/ru.ts';
import { tr } from './words/tr.ts';

export const evidenceWords: Table<typeof en> = { de, en, it, bg, ro, ru, tr };
