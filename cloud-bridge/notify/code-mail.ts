/** The mail with a hand-over code: put together when it is sent. What waits to be sent holds no digits. */
import { NoticeLanguage } from '../../wire/notifications.ts';
import { accountHolderId, isRevoked } from '../code/receivers.ts';
import { digitsOf, holderLink, isShown, readShownStop, type ShownStop } from '../code/show.ts';
import type { Parts } from '../parts.ts';
import { parcelOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { type CodeWords, codeWords } from './code-words.ts';
import type { Mail } from './mail.ts';

export type CodeMailParts = Pick<Parts, 'codeKey' | 'config' | 'now' | 'publicUrl'>;

/** What a telling of a code is about; no digits. */
export const aboutCode = (attempt: Pick<Row<'attempt'>, 'delivery' | 'number'>): string =>
  `code:${attempt.delivery}:${attempt.number}`;
const holderPrefix = 'holder:';
/** Whom a telling is for that is no device. */
export const toHolderName = (holder: string): string => `${holderPrefix}${holder}`;
export const isForHolder = ({ jkt }: Pick<Row<'notice'>, 'jkt'>): boolean => jkt.startsWith(holderPrefix);
const holderIn = (jkt: string): string | undefined =>
  jkt.startsWith(holderPrefix) ? jkt.slice(holderPrefix.length) : undefined;

const fill = (text: string, name: string, value: string): string => text.replace(`{${name}}`, () => value);
const sayDay = (day: string, language: NoticeLanguage): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(`${day}T00:00:00Z`));
const paragraphs = (...lines: readonly (string | undefined)[]): string =>
  `${lines.filter((line) => line !== undefined).join('\n\n')}\n`;
const lines = (...all: readonly (string | undefined)[]): string => all.filter((line) => line !== undefined).join('\n');
const languageIn = (text: string | null | undefined): NoticeLanguage =>
  NoticeLanguage.options.find((one) => one === text) ?? 'en';

interface Letter {
  readonly to: string;
  readonly language: NoticeLanguage;
  /** Whose code it is. */
  readonly holder: string;
  /** Of somebody who receives for others: they learn nothing of what is in it. */
  readonly foreign?: { readonly asker: string | null };
  readonly link: string | undefined;
}

function textOf(parts: CodeMailParts, shown: ShownStop, place: string | undefined, letter: Letter): string {
  const words: CodeWords = codeWords[letter.language];
  const { day } = shown.stop.attempt;
  const parcel = letter.foreign === undefined ? parcelOf(shown.stop.delivery) : undefined;
  const say = (key: keyof CodeWords, name: string, value: string | undefined): string | undefined =>
    value === undefined ? undefined : fill(words[key], name, value);
  const { foreign, link } = letter;
  const asked = foreign && (foreign.asker === null ? words.asked : fill(words.askedBy, 'asker', foreign.asker));
  return paragraphs(
    asked,
    say('code', 'code', digitsOf(parts, shown, letter.holder)),
    lines(
      say('goods', 'goods', parcel?.goods),
      say('sender', 'sender', parcel?.sender),
      say('carrier', 'carrier', shown.carrier),
      foreign === undefined ? say('place', 'place', place) : undefined,
    ),
    say('day', 'day', sayDay(day, letter.language)),
    words.how,
    words.phone,
    say(foreign === undefined ? 'notMine' : 'page', 'link', link),
    foreign === undefined ? undefined : words.notForMe,
  );
}

/** To an address that the account has proven, or that its owner gave for a holder (S018). */
async function letterFor(
  parts: CodeMailParts,
  tables: Tables,
  notice: Row<'notice'>,
  shown: ShownStop,
  app: string | undefined,
): Promise<Letter | undefined> {
  const id = holderIn(notice.jkt);
  if (id !== undefined) {
    const holder = shown.receivers.find((one) => one.holder.id === id)?.holder;
    if (holder === undefined || holder.contact === null || isRevoked(holder, parts.now())) return undefined;
    const base = { to: holder.contact, language: languageIn(holder.language), holder: id };
    return { ...base, foreign: { asker: holder.sender }, link: holderLink(parts, id) };
  }
  const device = await tables.noticeDevices.find(notice.home, notice.jkt);
  if (device === undefined || device.mail === null || device.mail_proven !== 1) return undefined;
  const own = shown.receivers.find(({ holder }) => holder.jkt === notice.jkt)?.holder.id;
  const link = app === undefined ? undefined : `${app}#delivery=${shown.stop.delivery.id}`;
  return { to: device.mail, language: languageIn(device.language), holder: own ?? accountHolderId(notice.home), link };
}

/** @returns undefined when there is nothing to send any more: the code is over, or its holder was taken back */
export async function toHandoverMail(
  parts: CodeMailParts,
  tables: Tables,
  notice: Row<'notice'>,
  app: string | undefined,
): Promise<{ readonly to: string; readonly mail: Mail } | undefined> {
  const [, id = '', number] = notice.about.split(':');
  const delivery = await tables.deliveries.find(id);
  const shown = delivery && (await readShownStop(parts, tables, delivery));
  if (shown === undefined || !isShown(shown, parts.now())) return undefined;
  if (String(shown.stop.attempt.number) !== number || shown.stop.delivery.home !== notice.home) return undefined;
  const letter = await letterFor(parts, tables, notice, shown, app);
  if (letter === undefined || !shown.receivers.some(({ holder }) => holder.id === letter.holder)) return undefined;
  const place = (await tables.hints.find(shown.stop.delivery.door))?.place ?? undefined;
  const text = textOf(parts, shown, place, letter);
  return { to: letter.to, mail: { id: notice.id, subject: codeWords[letter.language].subject, text } };
}
