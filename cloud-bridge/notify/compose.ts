/** Puts a telling into words, in the language of the device that it is for. */

import { hashOf } from '../../wire/jws.ts';
import { NoticeLanguage, type PushMessage } from '../../wire/notifications.ts';
import type { Row } from '../store/schema.ts';
import { kindRow, type NoticeKind } from './kinds.ts';
import type { Mail } from './mail.ts';
import type { Said } from './said.ts';
import { type NoticeWords, noticeWords, type TextKey } from './words.ts';

const maxNameChars = 40;

/** Texts that exist with a time in them, too. */
const withWhen: Readonly<Partial<Record<TextKey, TextKey>>> = {
  planned: 'plannedWhen',
  plannedCode: 'plannedCodeWhen',
  plannedLateCode: 'plannedLateCodeWhen',
  onTheWay: 'onTheWayWhen',
  visitPlanned: 'visitPlannedWhen',
  visitOnTheWay: 'visitOnTheWayWhen',
};

/** English for a device that set nothing. */
export const languageOf = (device: Row<'notice_device'> | undefined): NoticeLanguage =>
  NoticeLanguage.options.find((one) => one === device?.language) ?? 'en';

function sayWindow({ language, zone }: Row<'notice_device'>, from: number, until: number): string {
  const format = new Intl.DateTimeFormat(language, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: zone },
  });
  return format.formatRange(new Date(from * 1000), new Date(until * 1000));
}

/** One line, whatever a carrier calls itself. */
const oneLine = (name: string): string =>
  name
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, maxNameChars);

interface Composed {
  readonly title: string;
  readonly body: string;
}

export function compose(notice: Row<'notice'>, device: Row<'notice_device'>): Composed {
  const words: NoticeWords = noticeWords[languageOf(device)];
  const says = JSON.parse(notice.says) as Said;
  const row = kindRow(notice.kind as NoticeKind);
  const key: TextKey = says.text ?? row.text ?? 'test';
  const timed = withWhen[key];
  const hasDetail = device.detail === 1;
  const isTimed = hasDetail && timed !== undefined && says.from !== undefined && says.until !== undefined;
  const body = isTimed
    ? words.texts[timed].replace('{when}', sayWindow(device, says.from, says.until))
    : words.texts[key];
  const named = hasDetail ? [says.goods, says.sender].filter((one) => one !== undefined) : [];
  const title = words.titles[says.title ?? row.title];
  return {
    title: hasDetail && says.carrier !== undefined ? `${title} · ${oneLine(says.carrier)}` : title,
    body: [body, named.join(' · ')].filter((one) => one !== '').join(' '),
  };
}

/** What a newer telling about the same takes the place of: 32 characters, and nothing can be told from it. */
export const tagOf = ({ home, about }: Pick<Row<'notice'>, 'home' | 'about'>): string =>
  hashOf(`tag\n${home}\n${about}`).slice(0, 32);

export function toPushMessage(notice: Row<'notice'>, device: Row<'notice_device'>): PushMessage {
  return {
    v: 1,
    id: notice.id,
    tag: tagOf(notice),
    ...compose(notice, device),
    language: languageOf(device),
    loud: notice.loud === 1,
    stays: notice.kind === 'alarm',
    at: notice.at,
    home: notice.home,
  };
}

const paragraphs = (...lines: readonly (string | undefined)[]): string =>
  `${lines.filter((line) => line !== undefined).join('\n\n')}\n`;

/** Mail can be read on its way: of an alarm it says only that there is one (S048). @param app  where the app is, if it is known */
export function toMail(notice: Row<'notice'>, device: Row<'notice_device'>, app: string | undefined): Mail {
  const { mail } = noticeWords[languageOf(device)];
  const isAlarm = notice.kind === 'alarm';
  const { title, body } = compose(notice, device);
  const says = isAlarm ? mail.alarm : `${title}\n${body}`;
  const link = app === undefined ? undefined : `${mail.open} ${app}`;
  return {
    id: notice.id,
    subject: isAlarm ? mail.alarmSubject : mail.subject,
    text: paragraphs(says, link, mail.why),
  };
}

/** @param code  what the owner types in the app */
export function toCodeMail(device: Row<'notice_device'>, code: string, id: string): Mail {
  const { mail } = noticeWords[languageOf(device)];
  return { id, subject: mail.codeSubject, text: paragraphs(mail.code.replace('{code}', code), mail.codeWhy) };
}
