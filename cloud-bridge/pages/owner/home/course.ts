/**
 * The course of this device with its home: joins it, follows it for as long as the app is open, and signs what its people press.
 * It does by itself only what changes nothing.
 */
import * as v from 'valibot';
import type { FaultCode, Verdict } from '../../../../wire/faults.ts';
import { readInvitation } from '../../../../wire/invitation.ts';
import { type Api, connectApi } from '../../viewer/api.ts';
import { askToJoin, type JoinedHome, readHome, toPinned } from '../../viewer/join.ts';
import type { DeviceKeys } from '../../viewer/keys.ts';
import { lettersOf } from '../../viewer/letters.ts';
import type { Signer } from '../../viewer/orders.ts';
import type { DeviceStore, Pinned } from '../../viewer/store.ts';
import { Delivery, HubStatus, type Known, nothingKnown, Waiting } from './known.ts';

/** This device in its home: what a screen needs that asks or signs something of its own. */
export interface Place {
  readonly api: Api;
  readonly home: JoinedHome;
  readonly keys: DeviceKeys;
  readonly signer: Signer;
  readonly store: DeviceStore;
  /** `/v1/homes/<home>` */
  readonly path: string;
}

export interface Course {
  /** Absent before this device is signed in, and while the cloud was not reached since the start. */
  readonly place: Place | undefined;
  /** Looks now: the phone woke up, or the network is back. */
  wake(): void;
  /** Asks again for what may have changed. */
  refresh(...what: readonly Topic[]): void;
  close(): void;
}

/** What is asked for again when something happens to it. */
export type Topic = 'home' | 'hub' | 'deliveries' | 'waiting';
const topics: readonly Topic[] = ['home', 'hub', 'deliveries', 'waiting'];

const Deliveries = v.object({ deliveries: v.array(Delivery) });
const Grants = v.object({ grants: v.array(Waiting) });

const firstWaitMs = 1_000;
const longestWaitMs = 15_000;
const askEveryMs = 2_000;
/** A hub says nothing by itself while nothing happens. */
const lookEveryMs = 20_000;

export interface CourseParts {
  readonly store: DeviceStore;
  readonly keys: DeviceKeys;
  /** The fragment that the app was opened with. */
  readonly fragment: string;
  readonly onKnown: (known: Known) => void;
}

export function startCourse({ store, keys, fragment, onKnown }: CourseParts): Course {
  let known: Known = nothingKnown;
  let place: Place | undefined;
  let closed = false;
  let wakeUp = (): void => undefined;
  let stream: AbortController | undefined;
  const dirty = new Set<Topic>();
  let isAsking = false;

  const tell = (change: Partial<Known>): void => {
    known = { ...known, ...change };
    if (!closed) onKnown(known);
  };
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const heard = <T>(reply: Verdict<T>): T | undefined => {
    if (!reply.ok) {
      // A stream that nobody feeds any more looks open for minutes.
      if (reply.code === 'CLOUD_SILENT') stream?.abort();
      return undefined;
    }
    tell({ heardMs: Date.now() });
    return reply.value;
  };

  /** The home that this device belongs to, or asks to belong to. */
  async function findPinned(): Promise<Pinned | undefined> {
    const kept = await store.get('pinned');
    if (!fragment.startsWith('#invite=')) return kept;
    const refused = (what: 'link' | 'question', code: FaultCode): undefined => {
      tell({ stage: { at: 'refused', what, code } });
      return undefined;
    };
    const invitation = readInvitation(fragment);
    if (!invitation.ok) return refused('link', invitation.code);
    if (kept !== undefined && kept.ownerList > 0 && kept.hub === invitation.value.hub) return kept;
    const pinned = toPinned(invitation.value);
    const asked = await askToJoin(connectApi(pinned.api, keys.sign), invitation.value, keys);
    if (!asked.ok) return refused('question', asked.code);
    await store.put('pinned', pinned);
    return pinned;
  }

  /** Waits until the hub has signed this device in, and the cloud says so. */
  async function enter(api: Api, pinned: Pinned): Promise<JoinedHome | undefined> {
    while (!closed) {
      const home = await readHome(api, pinned, keys);
      if (home.ok) {
        await store.put('pinned', home.value.pinned);
        return home.value;
      }
      const isNew = pinned.ownerList === 0;
      if (home.code === 'CLOUD_SILENT') tell({ line: 'lost' });
      else if (isNew && home.code === 'NOT_FOUND') tell({ line: 'open' });
      else tell({ stage: { at: 'refused', what: 'home', code: home.code } });
      await rest(askEveryMs);
    }
    return undefined;
  }

  const look: Readonly<Record<Topic, (at: Place) => Promise<void>>> = {
    home: async ({ api, home }) => {
      const next = heard(await readHome(api, home.pinned, keys));
      if (next === undefined) return;
      await store.put('pinned', next.pinned);
      place = { ...place!, home: next };
      tell({ doors: next.doors, hubOnline: next.online });
    },
    hub: async ({ api, path }) => {
      const status = heard(await api.call({ method: 'GET', path: `${path}/hub` }, HubStatus));
      if (status !== undefined) tell({ hub: { status, heardMs: Date.now() } });
    },
    deliveries: async ({ api, path }) => {
      const value = heard(await api.call({ method: 'GET', path: `${path}/deliveries` }, Deliveries));
      if (value !== undefined) tell({ deliveries: value.deliveries });
    },
    waiting: async ({ api, path }) => {
      const value = heard(await api.call({ method: 'GET', path: `${path}/grants?waiting=true` }, Grants));
      if (value !== undefined) tell({ waiting: value.grants });
    },
  };

  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    while (place !== undefined && dirty.size > 0 && !closed) {
      const now = [...dirty];
      dirty.clear();
      await Promise.all(now.map((topic) => look[topic](place!)));
    }
    isAsking = false;
  }
  const refresh = (...what: readonly Topic[]): void => {
    for (const topic of what) dirty.add(topic);
    void ask();
  };

  function hear(type: string, _data: string): void {
    tell({ heardMs: Date.now() });
    if (type === 'entry' || type === 'alarm') refresh('hub');
    else if (type === 'approval.wanted') refresh('waiting', 'deliveries');
    else if (type.startsWith('delivery.')) refresh('deliveries', 'waiting');
    else if (type.startsWith('hub.')) refresh('home', 'hub');
  }

  /** Follows until the line is lost, and then again. */
  async function follow(at: Place): Promise<void> {
    let waitMs = firstWaitMs;
    while (!closed) {
      stream = new AbortController();
      const listening = at.api.events(`${at.path}/events`, stream.signal, hear, () => {
        waitMs = firstWaitMs;
        tell({ line: 'open' });
        refresh(...topics);
      });
      await listening;
      if (closed) return;
      tell({ line: 'lost' });
      await rest(waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  }

  async function run(): Promise<void> {
    const pinned = await findPinned();
    if (pinned === undefined) {
      if (known.stage.at === 'starting') tell({ stage: { at: 'alone' } });
      return;
    }
    tell({ stage: pinned.ownerList > 0 ? { at: 'home' } : { at: 'asking', letters: lettersOf(keys.sign.kid) } });
    const api = connectApi(pinned.api, keys.sign);
    const home = await enter(api, pinned);
    if (home === undefined) return;
    const signer: Signer = { hub: home.hub, key: keys.sign, nowS: () => Math.floor(Date.now() / 1000) };
    place = { api, home, keys, signer, store, path: `/v1/homes/${home.pinned.home}` };
    tell({ stage: { at: 'home' }, doors: home.doors, hubOnline: home.online });
    await follow(place);
  }
  void run();
  const looking = setInterval(() => {
    if (!document.hidden && known.line === 'open') refresh('hub');
  }, lookEveryMs);

  return {
    get place() {
      return place;
    },
    wake: () => {
      wakeUp();
      refresh(...topics);
    },
    refresh,
    close: () => {
      closed = true;
      clearInterval(looking);
      stream?.abort();
      wakeUp();
    },
  };
}
