/**
 * The course of this device with its home: joins it, follows it for as long as the app is open, and signs what its people press.
 * It does by itself only what changes nothing.
 */
import * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { type Api, connectApi } from '../device/api.ts';
import { type JoinedHome, readHome } from '../device/join.ts';
import type { DeviceKeys } from '../device/keys.ts';
import type { DeviceStore } from '../device/store.ts';
import type { Signer } from '../video/orders.ts';
import { enter, findPinned } from './enter.ts';
import { type Choice, comeBack, type Entering } from './entering.ts';
import { createInvitations } from './invitations.ts';
import { type Journal, openJournal } from './journal.ts';
import { keep, readKept, toKept } from './kept.ts';
import { Delivery, HubStatus, type Known, noDiary, nothingKnown, Waiting } from './known.ts';
import { changeNotes, readNotes } from './notes.ts';
import { catchUp, readOlder } from './read-journal.ts';

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
  /** Reads what is before the first entry of the diary. */
  older(): Promise<void>;
  /** @returns the fragment of an invitation; undefined while there is no place */
  invite(): string | undefined;
  /** Signs the newcomer in, or sends them away. */
  answer(isWelcome: boolean): Promise<Verdict<unknown>>;
  /** What the person chose, on the screen that asks. */
  choose(choice: Choice): void;
  /** Takes a link that was typed, while this device belongs to no home. @param fragment  with its `#` */
  open(fragment: string): void;
  /** Looks now: the phone woke up, or the network is back. */
  wake(): void;
  /** Asks again for what may have changed. */
  refresh(...what: readonly Topic[]): void;
  close(): void;
}

/** What is asked for again when something happens to it. */
export type Topic = 'home' | 'hub' | 'journal' | 'deliveries' | 'waiting' | 'notes' | 'carriers';
const topics: readonly Topic[] = ['home', 'hub', 'journal', 'deliveries', 'waiting', 'notes', 'carriers'];

const Deliveries = v.object({ deliveries: v.array(Delivery) });
const Grants = v.object({ grants: v.array(Waiting) });
const Carriers = v.object({ carriers: v.array(v.object({ carrier: v.string(), name: v.string() })) });

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** As many of the newest entries as are read, whatever was read before. */
const leastEntries = 100;
const firstWaitMs = 1_000;
const longestWaitMs = 15_000;
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
  let chosen = (_choice: Choice): void => undefined;
  let opened = (_fragment: string): void => undefined;
  let stream: AbortController | undefined;
  const dirty = new Set<Topic>();
  let isAsking = false;
  let journal: Journal | undefined;
  const invitations = createInvitations();

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
      // A stream that nobody feeds any more looks open for minutes; one of a device that was logged out hears nothing.
      if (reply.code === 'CLOUD_SILENT' || reply.code === 'SESSION_ENDED') stream?.abort();
      return undefined;
    }
    tell({ heardMs: Date.now() });
    return reply.value;
  };

  const look: Readonly<Record<Topic, (at: Place) => Promise<void>>> = {
    home: async ({ api, home }) => {
      const next = heard(await readHome(api, home.pinned, keys));
      if (next === undefined) return;
      await store.put('pinned', next.pinned);
      place = { ...place!, home: next };
      tell({ doors: next.doors, hubOnline: next.online, ownerList: next.pinned.ownerList });
    },
    hub: async ({ api, path }) => {
      const status = heard(await api.call({ method: 'GET', path: `${path}/hub` }, HubStatus));
      if (status !== undefined) tell({ hub: { status, heardMs: Date.now() } });
    },
    deliveries: async ({ api, path }) => {
      const value = heard(await api.call({ method: 'GET', path: `${path}/deliveries` }, Deliveries));
      if (value !== undefined) tell({ deliveries: value.deliveries });
    },
    notes: async (at) => {
      const value = heard(await readNotes(at));
      if (value !== undefined) tell({ names: value.notes.names });
    },
    carriers: async ({ api, path }) => {
      const value = heard(await api.call({ method: 'GET', path: `${path}/carriers` }, Carriers));
      if (value !== undefined)
        tell({ carriers: Object.fromEntries(value.carriers.map(({ carrier, name }) => [carrier, name])) });
    },
    journal: async ({ api, path }) => {
      if (journal === undefined) return;
      heard(await catchUp(api, path, journal));
      const { entries, isWhole } = journal.diary;
      if (entries.length < leastEntries && !isWhole) heard(await readOlder(api, path, journal));
      tell({ diary: journal.diary });
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
      await keep(store, toKept(known, journal?.save()));
    }
    isAsking = false;
  }
  const refresh = (...what: readonly Topic[]): void => {
    for (const topic of what) dirty.add(topic);
    void ask();
  };

  function hear(type: string, data: string): void {
    tell({ heardMs: Date.now() });
    if (type === 'entry' || type === 'alarm') refresh('hub', 'journal');
    else if (type === 'device.asked') void meet(data);
    else if (type === 'approval.wanted') refresh('waiting', 'deliveries');
    else if (type.startsWith('delivery.')) refresh('deliveries', 'waiting');
    else if (type.startsWith('hub.')) refresh('home', 'hub');
  }

  async function meet(data: string): Promise<void> {
    const newcomer = await invitations.whoAsks(parse(data));
    if (newcomer !== undefined) tell({ newcomer });
  }

  /** Follows until the line is lost, and then again. */
  async function follow(at: Place, door: Entering): Promise<void> {
    let waitMs = firstWaitMs;
    while (!closed) {
      stream = new AbortController();
      const listening = at.api.events(`${at.path}/events`, stream.signal, hear, () => {
        waitMs = firstWaitMs;
        tell({ line: 'open' });
        refresh(...topics);
      });
      const ended = await listening;
      if (closed) return;
      if (!ended.ok && ended.code === 'SESSION_ENDED') {
        await comeBack(at.api, door);
        tell({ stage: { at: 'home' } });
        continue;
      }
      tell({ line: 'lost' });
      await rest(waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  }

  async function run(): Promise<void> {
    const kept = await readKept(store);
    if (kept !== undefined) {
      const { journal: _journal, entries, heardMs, hub, ...rest } = kept;
      const diary = { ...noDiary, entries, alarms: kept.journal?.alarms ?? [] };
      tell({ ...rest, diary, ...(hub && { hub }), ...(heardMs !== undefined && { heardMs }) });
    }
    const door: Entering = {
      ...{ store, keys, fragment, tell, rest, isClosed: () => closed },
      choose: () => new Promise((resolve) => (chosen = resolve)),
    };
    const before = await store.get('pinned');
    let pinned = await findPinned(door);
    while (pinned === undefined) {
      const typed = await new Promise<string>((resolve) => (opened = resolve));
      pinned = await findPinned({ ...door, fragment: typed });
    }
    const isAnother = before !== undefined && before.hub !== pinned.hub;
    // Of a home that this device has left, nothing is shown.
    if (isAnother) {
      tell({ ...nothingKnown, stage: known.stage, hub: undefined, heardMs: undefined });
      await store.put('ruleBook', 0);
    }
    const api = connectApi(pinned.api, keys.sign);
    const home = await enter(api, pinned, door);
    if (home === undefined) return;
    const signer: Signer = { hub: home.hub, key: keys.sign, nowS: () => Math.floor(Date.now() / 1000) };
    place = { api, home, keys, signer, store, path: `/v1/homes/${home.pinned.home}` };
    journal = openJournal(home, isAnother ? undefined : kept?.journal);
    tell({ stage: { at: 'home' }, doors: home.doors, hubOnline: home.online, ownerList: home.pinned.ownerList });
    await follow(place, door);
  }
  void run();
  const looking = setInterval(() => {
    if (!document.hidden && known.line === 'open') refresh('hub');
  }, lookEveryMs);

  return {
    get place() {
      return place;
    },
    older: async () => {
      if (place === undefined || journal === undefined) return;
      heard(await readOlder(place.api, place.path, journal));
      tell({ diary: journal.diary });
    },
    invite: () => place && invitations.make(place),
    answer: async (isWelcome) => {
      const { newcomer } = known;
      if (!isWelcome || newcomer === undefined || place === undefined) {
        tell({ newcomer: undefined });
        return accept(undefined);
      }
      let admitted = await invitations.admit(place, newcomer);
      // Another device has changed the list meanwhile.
      if (!admitted.ok && admitted.code === 'OWNER_CHANGE_OLD') {
        await look.home(place);
        admitted = await invitations.admit(place, newcomer);
      }
      // Whoever closed the question for the passkey may press again.
      if (!admitted.ok && admitted.code === 'PASSKEY_CANCELLED') return admitted;
      tell({ newcomer: undefined });
      await look.home(place);
      // So that the newcomer can read them, too.
      if (admitted.ok && Object.keys(known.names).length > 0) await changeNotes(place, (notes) => notes);
      return admitted;
    },
    choose: (choice) => chosen(choice),
    open: (fragment) => opened(fragment),
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
