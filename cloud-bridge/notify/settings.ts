/** How a device wants to be told: what it has before it chose, what it is shown, what it may set. */
import { accept, type Verdict } from '../../wire/faults.ts';
import { type NoticeChoices, NoticeLanguage, type NoticeSettings, type NoticeWish } from '../../wire/notifications.ts';
import type { Row } from '../store/schema.ts';
import { checkEndpoint } from './endpoint.ts';

export type NoticeDevice = Row<'notice_device'>;

export const freshDevice = (home: string, jkt: string): NoticeDevice => ({
  ...{ home, jkt, language: 'en', zone: 'UTC', choices: '{}', detail: 0 },
  ...{ endpoint: null, p256dh: null, auth: null },
  ...{ mail: null, mail_proven: 0, mail_code: null, mail_code_at: null, mail_tries: 0, failing: null },
});

/** Enough to know one's own address again: `a…@example.org`. */
export const maskMail = (address: string): string => `${address[0]}…${address.slice(address.lastIndexOf('@'))}`;

export function toSettings(
  device: NoticeDevice,
  installation: { readonly pushKey: string; readonly mailPossible: boolean },
): NoticeSettings {
  const failing = device.failing === 'push' || device.failing === 'mail' ? device.failing : null;
  return {
    language: NoticeLanguage.options.find((one) => one === device.language) ?? 'en',
    zone: device.zone,
    choices: JSON.parse(device.choices) as NoticeChoices,
    detail: device.detail === 1,
    push: device.endpoint !== null,
    mail: device.mail === null ? null : { address: maskMail(device.mail), proven: device.mail_proven === 1 },
    failing,
    ...installation,
  };
}

/** @returns the device as it is then, or PUSH_ENDPOINT_REFUSED */
export function applyWish(device: NoticeDevice, wish: NoticeWish, allowLoopback: boolean): Verdict<NoticeDevice> {
  const { language, zone, choices, detail, push } = wish;
  if (push) {
    const endpoint = checkEndpoint(push.endpoint, allowLoopback);
    if (!endpoint.ok) return endpoint;
  }
  return accept({
    ...device,
    ...(language === undefined ? {} : { language }),
    ...(zone === undefined ? {} : { zone }),
    ...(choices === undefined ? {} : { choices: JSON.stringify(choices) }),
    ...(detail === undefined ? {} : { detail: detail ? 1 : 0 }),
    ...(push === undefined ? {} : { endpoint: null, p256dh: null, auth: null, failing: null }),
    ...(push ? { endpoint: push.endpoint, p256dh: push.keys.p256dh, auth: push.keys.auth } : {}),
  });
}
