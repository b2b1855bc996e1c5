/** Sends what is due to be told, until it has arrived or its time is over: claimed by compare-and-set, so that one instance sends it. */
import { admit } from '../account/admit.ts';
import type { BaseParts } from '../base-parts.ts';
import type { Row } from '../store/schema.ts';
import { isForHolder, toHandoverMail } from './code-mail.ts';
import { tagOf, toMail, toPushMessage } from './compose.ts';
import type { MailSender } from './mail.ts';
import { insteadOfPush } from './plan.ts';
import type { PushSender } from './push.ts';
import type { Sent } from './result.ts';

export interface DeliveryParts extends Pick<BaseParts, 'config' | 'codeKey' | 'store' | 'keys' | 'log' | 'now'> {
  /** Where callers reach this service, no path. */
  readonly publicUrl: () => string;
  readonly push: PushSender;
  /** Undefined: this installation sends no mail. */
  readonly mail: MailSender | undefined;
  /** Where the app is. */
  readonly app: string | undefined;
}

export interface NoticeDelivery {
  /** Claims what is due and begins to send it, if it is to go on still. */
  sendDue(goesOn: () => boolean): Promise<void>;
  /** What is being sent ends, or `withinMs` are over. */
  settle(withinMs: number): Promise<void>;
}

const maxDue = 100;
const maxSending = 64;
const maxSendingOfHome = 8;
/** After this a telling whose sender was not heard of is taken over, ms. Longer than any sending may take. */
const claimForMs = 60_000;
/** Waits before each further try, ms; the last for ever. */
const backOffMs = [5_000, 15_000, 60_000, 300_000, 900_000] as const;
/** When people come and go stands in no table and no log, once they were told (S048). */
const isPrivate = (kind: string): boolean => kind === 'household';
const isAlarm = (kind: string): boolean => kind === 'alarm' || kind === 'alarmOver';

/** @param onSettled  called when one was sent or not: there is room for the next */
export function noticeDeliveryOn(parts: DeliveryParts, onSettled: () => void): NoticeDelivery {
  const { store, keys, log, now, push, mail, app } = parts;
  /** Notice -> home. */
  const sending = new Map<string, string>();
  const settling = new Set<Promise<void>>();

  /** A device that is pinned and logged out is told of alarms: whoever logs everybody out does not silence them. */
  async function mayHear(hub: Row<'hub'>, { jkt, kind }: Row<'notice'>): Promise<boolean> {
    const admitted = await admit({ store, keys }, hub, jkt);
    return admitted.ok || (admitted.code === 'SESSION_ENDED' && isAlarm(kind));
  }

  /** What was to be told may be over meanwhile. */
  async function sendCode(notice: Row<'notice'>): Promise<Sent> {
    if (mail === undefined) return { is: 'never', why: 'no mail' };
    const made = await toHandoverMail(parts, store.read, notice, app);
    return made === undefined ? { is: 'never', why: 'over' } : mail.send(made.to, made.mail);
  }

  async function send(notice: Row<'notice'>): Promise<Sent> {
    if (isForHolder(notice)) return sendCode(notice);
    const { noticeDevices, hubs } = store.read;
    const hub = await hubs.ofHome(notice.home);
    const device = await noticeDevices.find(notice.home, notice.jkt);
    if (device === undefined || hub === undefined || !(await mayHear(hub, notice)))
      return { is: 'never', why: 'no such device' };
    if (notice.way === 'push') {
      const text = JSON.stringify(toPushMessage(notice, device));
      const ttlS = (notice.until_at - now()) / 1000;
      const sent = await push.send(device, { text, topic: tagOf(notice), ttlS, loud: notice.loud === 1 });
      if (sent.is !== 'gone' || device.endpoint === null) return sent;
      const { endpoint } = device;
      const instead = insteadOfPush(notice, device);
      await store.write(async (tables) => {
        await tables.noticeDevices.dropPush(notice.home, notice.jkt, endpoint);
        if (instead !== undefined) await tables.notices.add([{ ...instead, due_at: now() }]);
      });
      return sent;
    }
    if (notice.kind === 'codeReady') return sendCode(notice);
    if (mail === undefined) return { is: 'never', why: 'no mail' };
    if (device.mail === null || device.mail_proven !== 1) return { is: 'never', why: 'no address' };
    return mail.send(device.mail, toMail(notice, device, app));
  }

  async function settle(notice: Row<'notice'>, sent: Sent): Promise<void> {
    const { id, home, jkt, way, kind } = notice;
    await store.write(async ({ notices, noticeDevices }) => {
      if (sent.is === 'later') {
        const waitMs = sent.afterMs ?? backOffMs[Math.min(notice.tries, backOffMs.length - 1)]!;
        await notices.retry(id, now() + waitMs);
      } else if (isPrivate(kind)) await notices.forget(id);
      else await notices.settle(id, sent.is === 'sent' ? 'sent' : sent.is === 'gone' ? 'dropped' : 'failed');
      const failing = sent.is === 'sent' ? null : way;
      if (sent.is !== 'gone') await noticeDevices.change(home, jkt, { failing });
    });
    if (isPrivate(kind)) return;
    if (sent.is === 'sent') log.noticeSent({ kind, way, tries: notice.tries + 1 });
    else log.noticeFailed({ kind, way, tries: notice.tries + 1, is: sent.is, why: sent.why });
  }

  async function deliver(notice: Row<'notice'>): Promise<void> {
    try {
      await settle(notice, await send(notice));
    } catch (error) {
      // It is claimed still: it is taken up again when the claim has run out.
      log.unexpected({ what: 'notice', why: error instanceof Error ? error.name : '' });
    } finally {
      sending.delete(notice.id);
    }
  }

  async function claim(due: readonly Row<'notice'>[]): Promise<readonly Row<'notice'>[]> {
    const mine: Row<'notice'>[] = [];
    const ofHome = new Map<string, number>();
    for (const home of sending.values()) ofHome.set(home, (ofHome.get(home) ?? 0) + 1);
    await store.write(async ({ notices }) => {
      mine.length = 0;
      for (const notice of due) {
        const busy = ofHome.get(notice.home) ?? 0;
        if (busy >= maxSendingOfHome || sending.size + mine.length >= maxSending || sending.has(notice.id)) continue;
        if (notice.until_at <= now()) {
          await notices.settle(notice.id, 'dropped');
          if (isPrivate(notice.kind)) await notices.forget(notice.id);
          else log.noticeFailed({ kind: notice.kind, way: notice.way, tries: notice.tries, is: 'late' });
        } else if (await notices.claim(notice, now() + claimForMs)) {
          mine.push(notice);
          ofHome.set(notice.home, busy + 1);
        }
      }
    });
    return mine;
  }

  async function sendDue(goesOn: () => boolean): Promise<void> {
    const due = await store.read.notices.due(now(), maxDue);
    if (due.length === 0 || !goesOn()) return;
    for (const notice of await claim(due)) {
      sending.set(notice.id, notice.home);
      const settled = deliver(notice);
      settling.add(settled);
      void settled.finally(() => {
        settling.delete(settled);
        onSettled();
      });
    }
  }

  return {
    sendDue,
    settle: async (withinMs) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([Promise.allSettled(settling), late]);
      clearTimeout(timer);
    },
  };
}
