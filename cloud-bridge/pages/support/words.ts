/** The words of support's page. A language that lacks one does not compile. */
import type { SaidLike, Table } from '../common/language.ts';
import { bg } from './words/bg.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { it } from './words/it.ts';
import { ro } from './words/ro.ts';
import { ru } from './words/ru.ts';
import { tr } from './words/tr.ts';

export type SupportWords = SaidLike<typeof en>;

export const supportWords: Table<typeof en> = { de, en, it, bg, ro, ru, tr };

/** A step that the page does not know is shown by its own name. */
export const sayStep = ({ steps }: SupportWords, what: string): string =>
  (steps as Readonly<Record<string, string>>)[what] ?? what;
