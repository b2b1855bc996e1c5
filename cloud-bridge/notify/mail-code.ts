/** Proves that an e-mail address belongs to whoever entered it: nothing but the code is sent there before. */
import { randomInt } from 'node:crypto';
import { refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import type { Store } from '../store/store.ts';
import { toCodeMail } from './compose.ts';
import type { MailSender } from './mail.ts';
import { freshDevice, type NoticeDevice } from './settings.ts';

/** A code works for this long, ms. */
const codeForMs = 900_000;
const maxTries = 5;

interface CodeParts {
  readonly store: Store;
  readonly now: () => number;
  readonly mail: MailSender | undefined;
}

const hashCode = ({ home, jkt }: Pick<NoticeDevice, 'home' | 'jkt'>, address: string, code: string): string =>
  hashOf(['mail-code', home, jkt, address, code].join('\n'));

/** Keeps the address, unproven, and sends a code there. @returns MAIL_UNAVAILABLE when it could not be sent now */
export async function sendCode(
  { store, now, mail }: CodeParts,
  who: { readonly home: string; readonly jkt: string },
  address: string,
): Promise<Verdict<NoticeDevice>> {
  if (mail === undefined) return refuse('MAIL_UNAVAILABLE', { why: 'not set up' });
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const device = await store.write(async ({ noticeDevices }) => {
    const known = (await noticeDevices.find(who.home, who.jkt)) ?? freshDevice(who.home, who.jkt);
    const next = {
      ...known,
      ...{ mail: address, mail_proven: 0, mail_code: hashCode(who, address, code), mail_code_at: now(), mail_tries: 0 },
    };
    await noticeDevices.put(next);
    return next;
  });
  const sent = await mail.send(address, toCodeMail(device, code, newId()));
  return sent.is === 'sent' ? { ok: true, value: device } : refuse('MAIL_UNAVAILABLE', { why: sent.why });
}

/** @returns MAIL_CODE_WRONG for a wrong one, an old one, or after five wrong ones */
export function confirmCode(
  { store, now }: Pick<CodeParts, 'store' | 'now'>,
  who: { readonly home: string; readonly jkt: string },
  code: string,
): Promise<Verdict<NoticeDevice>> {
  return store.write(async ({ noticeDevices }) => {
    const device = await noticeDevices.find(who.home, who.jkt);
    if (device?.mail == null || device.mail_code === null) return refuse('MAIL_CODE_WRONG');
    const isLate = now() - (device.mail_code_at ?? 0) > codeForMs || device.mail_tries >= maxTries;
    if (isLate || device.mail_code !== hashCode(who, device.mail, code)) {
      await noticeDevices.change(who.home, who.jkt, { mail_tries: device.mail_tries + 1 });
      return refuse('MAIL_CODE_WRONG');
    }
    const proven = { mail_proven: 1, mail_code: null, mail_code_at: null, failing: null };
    await noticeDevices.change(who.home, who.jkt, proven);
    return { ok: true, value: { ...device, ...proven } };
  });
}
