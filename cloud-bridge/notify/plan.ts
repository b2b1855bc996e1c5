/** Who is told by which way: pure, from the table, the home's devices and what they chose. */

import { hashOf } from '../../wire/jws.ts';
import type { NoticeChoices } from '../../wire/notifications.ts';
import type { Row } from '../store/schema.ts';
import { kindRow, type NoticeKind } from './kinds.ts';
import type { Said } from './said.ts';

export interface Telling {
  readonly kind: NoticeKind;
  readonly about: string;
  readonly says: Said;
  /** The same source again is the same telling. */
  readonly source: string;
  /** The device that did it itself. */
  readonly except?: string;
  /** An alarm that nobody has acknowledged yet: rings everywhere, and goes by mail too. */
  readonly urgent?: boolean;
}

type Device = Row<'notice_device'>;

const loudnessOf = (device: Device, { kind, urgent }: Telling): 'loud' | 'quiet' | 'off' => {
  if (urgent === true) return 'loud';
  const { group, loud } = kindRow(kind);
  return (JSON.parse(device.choices) as NoticeChoices)[group] ?? (loud ? 'loud' : 'quiet');
};

function waysOf(device: Device, telling: Telling): readonly ('push' | 'mail')[] {
  const hasPush = device.endpoint !== null;
  const hasMail = device.mail !== null && device.mail_proven === 1 && kindRow(telling.kind).mail !== 'never';
  if (telling.urgent === true) return [...(hasPush ? ['push' as const] : []), ...(hasMail ? ['mail' as const] : [])];
  if (hasMail && kindRow(telling.kind).mail === 'too') return hasPush ? ['push', 'mail'] : ['mail'];
  return hasPush ? ['push'] : hasMail ? ['mail'] : [];
}

export const noticeId = (home: string, { source, kind }: Telling, jkt: string, way: string): string =>
  hashOf(['notice', home, source, kind, jkt, way].join('\n'));

/** The same telling by mail, for a device whose push address is gone. @returns undefined where there is no mail for it */
export function insteadOfPush(notice: Row<'notice'>, device: Device): Row<'notice'> | undefined {
  const isFit =
    device.mail !== null && device.mail_proven === 1 && kindRow(notice.kind as NoticeKind).mail === 'instead';
  if (!isFit || notice.way !== 'push') return undefined;
  return { ...notice, id: hashOf(`instead\n${notice.id}`), way: 'mail', state: 'waiting', tries: 0 };
}

/**
 * @param devices  of this home, pinned there now
 * @param now      ms
 */
export function planNotices(
  home: string,
  devices: readonly Device[],
  telling: Telling,
  now: number,
): readonly Row<'notice'>[] {
  const { kind, about, says } = telling;
  const { afterMs, forMs } = kindRow(kind);
  // What comes in a row falls into one turn of this length, and is one telling.
  const turn = afterMs === 0 ? 0 : Math.floor(now / afterMs) + 1;
  const whole = afterMs === 0 ? telling : { ...telling, source: `turn:${turn}` };
  return devices
    .filter(({ jkt }) => jkt !== telling.except)
    .flatMap((device) => {
      const loudness = loudnessOf(device, telling);
      if (loudness === 'off') return [];
      return waysOf(device, telling).map((way) => ({
        id: noticeId(home, whole, device.jkt, way),
        home,
        jkt: device.jkt,
        way,
        kind,
        about,
        says: JSON.stringify(says),
        loud: loudness === 'loud' ? 1 : 0,
        at: now,
        due_at: afterMs === 0 ? now : turn * afterMs,
        until_at: now + forMs,
        state: 'waiting',
        tries: 0,
      }));
    });
}
