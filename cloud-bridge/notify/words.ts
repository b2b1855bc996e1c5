/** What people are told, in seven languages (S066). A language that lacks a text does not compile. */
import type { NoticeLanguage } from '../../wire/notifications.ts';
import { bg } from './words/bg.ts';
import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { it } from './words/it.ts';
import { ro } from './words/ro.ts';
import { ru } from './words/ru.ts';
import { tr } from './words/tr.ts';

export type TextKey = keyof typeof en.texts;
export type TitleKey = keyof typeof en.titles;
export type MailKey = keyof typeof en.mail;

/** `{when}` stands for a window, `{code}` for a code. */
export interface NoticeWords {
  readonly titles: Readonly<Record<TitleKey, string>>;
  readonly texts: Readonly<Record<TextKey, string>>;
  readonly mail: Readonly<Record<MailKey, string>>;
}

export const noticeWords: Readonly<Record<NoticeLanguage, NoticeWords>> = { de, en, it, bg, ro, ru, tr };
