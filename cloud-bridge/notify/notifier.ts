/**
 * Tells people: turns the events of every home into tellings, each once, and sends them until they have arrived.
 *
 * What is to be told is written in the transaction that moves the home's mark on; it is claimed by compare-and-set before it is sent, so
 * that one instance sends it. A crash after sending and before the commit sends it once more, under the same topic, tag and Message-ID.
 */
import { admit } from '../account/admit.ts';
import type { BaseParts } from '../base-parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { end, raise, tellAgain } from './alarms.ts';
import { isForHolder, toHandoverMail } from './code-mail.ts';
import { tagOf, toMail, toPushMessage } from './compose.ts';
import { judge } from './judge.ts';
import type { MailSender } from './mail.ts';
import { insteadOfPush, planNotices, type Telling } from './plan.ts';
import type { PushSender } from './push.ts';
import type { Sent } from './result.ts';
import { tellCodes } from './tell-codes.ts';

export interface NotifierParts extends Pick<BaseParts, 'config' | 'codeKey' | 'store' | 'keys' | 'log' | 'now'> {
  /** Where callers reach this service, no path. */
  readonly publicUrl: () => string;
  readonly push: PushSender;
  /** Undefined: this installation sends no mail. */
  readonly mail: MailSender | undefined;
  /** Where the app is. */
  readonly app: string | undefined;
}

export interface Notifier {
  /** Begins to look, at each commit of this instance and twice a second. */
  start(): void;
  /** Tells one device something harmless. @returns whether there is a way to tell it */
  test(home: string, jkt: string): Promise<boolean>;
  /** Ends; what is being sent has two seconds. */
  close(): Promise<void>;
}

const lookMs = 500;
const pageSize = 100;
const homesAtOnce = 32;
const maxSending = 64;
const maxSendingOfHome = 8;
/** After this a telling whose sender was not heard of is taken over, ms. Longer than any sending may take. */
const claimForMs = 60_000;
/** Waits before each further try, ms; the last for ever. */
const backOffMs = [5_000, 15_000, 60_000, 300_000, 900_000] as const;
const keepMs = 7 * 86_400_000;
const sweepEveryMs = 3_600_000;
/** How often it is looked whose day has begun, ms. */
const codesEveryMs = 5_000;
const closeWithinMs = 2_000;

/** When people come and go stands in no table and no log, once they were told (S048). */
const isPrivate = (kind: string): boolean => kind === 'household';
const isAlarm = (kind: string): boolean => kind === 'alarm' || kind === 'alarmOver';

export function notifierOn(parts: NotifierParts): Notifier {
  const { store, keys, log, now, push, mail, app } = parts;
  const sending = new Map<string, string>();
  const settling = new Set<Promise<void>>();
  let running: Promise<void> | undefined;
  let isWoken = false;
  let isClosed = false;
  let sweptAt = 0;
  let codesAt = 0;

  /** Those that want to be told and are pinned now: a device that was removed is told nothing any more. */
  async function devicesOf(tables: Tables, hub: Row<'hub'>): Promise<readonly Row<'notice_device'>[]> {
    const pinned = new Set((await keys.owners(hub)).keys.map(({ kid }) => kid));
    return (await tables.noticeDevices.ofHome(hub.home)).filter(({ jkt }) => pinned.has(jkt));
  }

  async function tell(tables: Tables, hub: Row<'hub'>, tellings: readonly Telling[]): Promise<void> {
    if (tellings.length === 0) return;
    const devices = await devicesOf(tables, hub);
    for (const telling of tellings) await tables.notices.add(planNotices(hub.home, devices, telling, now()));
  }

  async function take(tables: Tables, hub: Row<'hub'>, event: Row<'event'>): Promise<void> {
    const source = `event:${event.seq}`;
    for (const act of await judge(event, tables, hub)) {
      if (act.do === 'raise') await raise(tables, hub.home, { ...act, source }, now());
      else if (act.do === 'end') await tell(tables, hub, await end(tables, hub.home, act, now()));
      else await tell(tables, hub, [{ ...act, source }]);
    }
  }

  /** Looks at the events of a home that are new. @returns whether there may be more */
  const catchUp = (home: string): Promise<boolean> =>
    store.write(async (tables) => {
      const [feed, hub] = [await tables.noticeFeeds.find(home), await tables.hubs.ofHome(home)];
      if (feed === undefined || feed.told >= feed.last) return false;
      const events = await tables.events.after(`home:${home}`, feed.told, pageSize);
      if (hub !== undefined) for (const event of events) await take(tables, hub, event);
      await tables.noticeFeeds.advance(home, events.at(-1)?.seq ?? feed.last);
      return true;
    });

  async function escalate(): Promise<void> {
    if ((await store.read.standingAlarms.due(now(), 1)).length === 0) return;
    await store.write(async (tables) => {
      for (const alarm of await tables.standingAlarms.due(now(), pageSize)) {
        const hub = await tables.hubs.ofHome(alarm.home);
        const telling = await tellAgain(tables, alarm, now());
        if (hub !== undefined && telling !== undefined) await tell(tables, hub, [telling]);
      }
    });
  }

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

  /** At once when a courier arrives; for those whose day begins, or that set out, soon after. */
  async function lookAtCodes(): Promise<void> {
    const isTime = now() - codesAt >= codesEveryMs;
    const states = isTime ? (['expected', 'here'] as const) : (['here'] as const);
    if (isTime) codesAt = now();
    if ((await store.read.codes.untold(states, now(), 1)).length === 0) return;
    await store.write((tables) =>
      tellCodes(parts, tables, states, async (home) => {
        const hub = await tables.hubs.ofHome(home);
        return hub === undefined ? [] : devicesOf(tables, hub);
      }),
    );
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

  async function sendDue(): Promise<void> {
    const due = await store.read.notices.due(now(), pageSize);
    if (due.length === 0 || isClosed) return;
    for (const notice of await claim(due)) {
      sending.set(notice.id, notice.home);
      const settled = deliver(notice);
      settling.add(settled);
      void settled.finally(() => {
        settling.delete(settled);
        wake();
      });
    }
  }

  async function look(): Promise<void> {
    for (const home of await store.read.noticeFeeds.behind(homesAtOnce)) {
      while (!isClosed && (await catchUp(home)));
    }
    await escalate();
    await lookAtCodes();
    await sendDue();
    if (now() - sweptAt < sweepEveryMs) return;
    sweptAt = now();
    await store.write(({ notices }) => notices.dropBefore(now() - keepMs));
  }

  async function run(): Promise<void> {
    while (isWoken && !isClosed) {
      isWoken = false;
      try {
        await look();
      } catch (error) {
        log.unexpected({ what: 'notify', why: error instanceof Error ? error.name : '' });
      }
    }
  }

  function wake(): void {
    isWoken = true;
    running ??= run().finally(() => {
      running = undefined;
      if (isWoken && !isClosed) wake();
    });
  }

  let stopLooking = (): void => undefined;
  return {
    start: () => {
      const unlisten = store.onEvents(wake);
      const timer = setInterval(wake, lookMs).unref();
      stopLooking = () => {
        unlisten();
        clearInterval(timer);
      };
      wake();
    },
    test: async (home, jkt) => {
      const told = await store.write(async ({ noticeDevices, notices }) => {
        const device = await noticeDevices.find(home, jkt);
        const telling = { kind: 'test', about: `test:${jkt}`, says: {}, source: `test:${now()}` } as const;
        const planned = device === undefined ? [] : planNotices(home, [device], telling, now());
        await notices.add(planned);
        return planned.length > 0;
      });
      wake();
      return told;
    },
    close: async () => {
      isClosed = true;
      stopLooking();
      await running;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeWithinMs);
      });
      await Promise.race([Promise.allSettled(settling), late]);
      clearTimeout(timer);
      mail?.close();
    },
  };
}
