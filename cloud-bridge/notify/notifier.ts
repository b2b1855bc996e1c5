/**
 * Tells people: turns the events of every home into tellings, each once, and sends them until they have arrived.
 *
 * What is to be told is written in the transaction that moves the home's mark on; it is claimed by compare-and-set before it is sent, so
 * that one instance sends it. A crash after sending and before the commit sends it once more, under the same topic, tag and Message-ID.
 */
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { end, raise, tellAgain } from './alarms.ts';
import { type DeliveryParts, noticeDeliveryOn } from './deliver.ts';
import { judge } from './judge.ts';
import { planNotices, type Telling } from './plan.ts';
import { tellCodes } from './tell-codes.ts';

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
const keepMs = 7 * 86_400_000;
const sweepEveryMs = 3_600_000;
/** How often it is looked whose day has begun, ms. */
const codesEveryMs = 5_000;
const closeWithinMs = 2_000;

export function notifierOn(parts: DeliveryParts): Notifier {
  const { store, keys, log, now } = parts;
  const delivery = noticeDeliveryOn(parts, () => wake());
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

  async function look(): Promise<void> {
    for (const home of await store.read.noticeFeeds.behind(homesAtOnce)) {
      while (!isClosed && (await catchUp(home)));
    }
    await escalate();
    await lookAtCodes();
    await delivery.sendDue(() => !isClosed);
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
      await delivery.settle(closeWithinMs);
      parts.mail?.close();
    },
  };
}
