/** Tells codes: once for each attempt and day, as soon as they are shown; to every device, every proven address, every holder's own. */
import { readShownStop, type ShownStop } from '../code/show.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { aboutCode, type CodeMailParts, toHolderName } from './code-mail.ts';
import { noticeId, planNotices, type Telling } from './plan.ts';

/** Looked at this many at once. */
const pageSize = 50;

type Device = Row<'notice_device'>;
type Notice = Row<'notice'>;

/** Of devices with the same address one is enough. */
function once(notices: readonly Notice[], devices: readonly Device[]): readonly Notice[] {
  const seen = new Set<string>();
  return notices.filter(({ way, jkt }) => {
    const address = way === 'mail' ? (devices.find((one) => one.jkt === jkt)?.mail ?? '') : '';
    if (address === '') return true;
    if (seen.has(address)) return false;
    seen.add(address);
    return true;
  });
}

function planHolders(telling: Telling, { stop, receivers }: ShownStop, now: number): readonly Notice[] {
  const { home } = stop.delivery;
  return receivers
    .filter(({ holder }) => holder.contact !== null)
    .map(({ holder }) => {
      const jkt = toHolderName(holder.id);
      return {
        id: noticeId(home, telling, jkt, 'mail'),
        ...{ home, jkt, way: 'mail', kind: telling.kind, about: telling.about, says: '{}', loud: 1 },
        ...{ at: now, due_at: now, until_at: stop.attempt.dies_at, state: 'waiting', tries: 0 },
      };
    });
}

/** @param devices  of this home, pinned there now */
async function tellStop(
  { now }: Pick<CodeMailParts, 'now'>,
  tables: Tables,
  shown: ShownStop,
  devices: readonly Device[],
): Promise<void> {
  const { delivery, attempt } = shown.stop;
  const about = aboutCode(attempt);
  const says = shown.carrier === '' ? {} : { carrier: shown.carrier };
  const telling: Telling = { kind: 'codeReady', about, says, source: `${about}:${attempt.day}` };
  await tables.notices.add(once(planNotices(delivery.home, devices, telling, now()), devices));
  await tables.notices.add(planHolders(telling, shown, now()));
  await tables.attempts.change(delivery.id, attempt.number, { told_day: attempt.day });
}

/**
 * Tells what is shown now and was not told.
 * @param states     `here`: looked at often; `expected`: most of them have to wait for their day
 * @param devicesOf  those of a home that are pinned now
 */
export async function tellCodes(
  parts: CodeMailParts,
  tables: Tables,
  states: readonly ('expected' | 'here')[],
  devicesOf: (home: string) => Promise<readonly Device[]>,
): Promise<void> {
  const now = parts.now();
  for (const delivery of await tables.codes.untold(states, now, pageSize)) {
    const shown = await readShownStop(parts, tables, delivery);
    if (shown?.asked && shown.shown === 'now') await tellStop(parts, tables, shown, await devicesOf(delivery.home));
  }
}

/** The same code once more, to the device that asks; once a minute. It is the same code, and what was wrong is counted as before. */
export async function tellAgain(
  { now }: Pick<CodeMailParts, 'now'>,
  tables: Tables,
  shown: ShownStop,
  device: Device,
): Promise<void> {
  const { delivery, attempt } = shown.stop;
  const about = aboutCode(attempt);
  const source = `${about}:again:${Math.floor(now() / 60_000)}`;
  const telling: Telling = { kind: 'codeReady', about, says: {}, source };
  const mails = planNotices(delivery.home, [device], telling, now()).filter(({ way }) => way === 'mail');
  await tables.notices.add(mails);
}
