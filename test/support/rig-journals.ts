/** The three copies of one journal: the hub's, the cloud's, the owner's phone's. */
import type { Test } from 'tap';
import { openSqliteStore } from '../../cloud-bridge/store/sqlite.ts';
import { openHubStore } from '../../device/journal/sqlite.ts';
import { type Entry, followChain, genesisOf } from '../../wire/journal.ts';

const all = 1_000_000;

/** Entry texts as they lie on the hub's disk; it may be running. */
export function readHubJournal(path: string, hubId: string): readonly string[] {
  const store = openHubStore(path, hubId, { readonly: true });
  try {
    return store.journal.read(1, all);
  } finally {
    store.close();
  }
}

/** Entry texts as they lie in the cloud's database. */
export async function readCloudJournal(path: string, hubId: string): Promise<readonly string[]> {
  const store = await openSqliteStore(path);
  try {
    return (await store.read.journals.after(hubId, 0, all)).map(({ text }) => text);
  } finally {
    await store.close();
  }
}

/** Where the three are found, as on a `Rig`. */
export interface JournalCopies {
  readonly hubId: string;
  readonly owner: { readonly journal: { readonly breaks: readonly unknown[] } };
  /** Waits like `until`, while time passes several times as fast as it would. */
  until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>>;
  hubJournal(): readonly string[];
  cloudJournal(): Promise<readonly string[]>;
  /** Entry texts that the owner's phone verified. */
  ownerJournal(): readonly string[];
}

/** R9: waits until everything has arrived, then wants the same texts, in order, each once, in all three copies. */
export async function sameJournals(t: Test, rig: JournalCopies): Promise<readonly string[]> {
  const head = () => rig.hubJournal().length;
  await rig.until('the cloud has all', async () => (await rig.cloudJournal()).length >= head());
  await rig.until('the owner has all', () => rig.ownerJournal().length >= head());
  // A lock tells of its log when it likes: what comes from here on is for the next time.
  const hub = rig.hubJournal();
  await rig.until('the cloud has this too', async () => (await rig.cloudJournal()).length >= hub.length);
  await rig.until('the owner has this too', () => rig.ownerJournal().length >= hub.length);
  const [cloud, owner] = [await rig.cloudJournal(), rig.ownerJournal()];
  t.same(cloud.slice(0, hub.length), hub, 'the cloud has what the hub has');
  t.same(owner.slice(0, hub.length), hub, "the owner's phone has what the hub has");
  t.same(rig.owner.journal.breaks, [], 'and found nothing broken in it');
  let place: { seq: number; hash: string } = { seq: 0, hash: genesisOf(rig.hubId) };
  for (const text of hub) {
    const followed = followChain(place, text);
    t.ok(followed.ok, `entry ${place.seq + 1} follows`);
    if (!followed.ok) break;
    place = followed.value.head;
  }
  return hub;
}

export const toEntries = (texts: readonly string[]): Entry[] => texts.map((text) => JSON.parse(text) as Entry);

/** The entries of one visit, as `kind`s in order. */
export const kindsOf = (texts: readonly string[], visit: string): string[] =>
  toEntries(texts)
    .filter((entry) => entry.visit === visit)
    .map(({ kind }) => kind);

/** The same without what the visitor only says: it comes when it comes. */
export const stepsOf = (texts: readonly string[], visit: string): string[] =>
  kindsOf(texts, visit).filter((kind) => kind !== 'visit.finished');

/** `stepsOf` a delivery through a door that is locked by a command, when all goes well. */
export const deliverySteps = [
  'visit.prepared',
  'visit.arrived',
  'visit.ready',
  'visit.unlock',
  'bolt.driven',
  'door.opened',
  'door.closed',
  'door.locking',
  'bolt.driven',
  'door.secured',
  'visit.ended',
] as const;
