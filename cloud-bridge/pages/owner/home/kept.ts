/** What was last known of the home, sealed on this device with a key that no script can read out: so that the app opens offline. */
import * as v from 'valibot';
import { owned } from '../../common/bytes.ts';
import type { DeviceStore } from '../device/store.ts';
import { SavedJournal } from './journal.ts';
import { Delivery, DoorFacts, HubStatus, type Known } from './known.ts';

const Kept = v.object({
  heardMs: v.optional(v.number()),
  doors: v.array(DoorFacts),
  hubOnline: v.boolean(),
  hub: v.optional(v.object({ status: HubStatus, heardMs: v.number() })),
  deliveries: v.array(Delivery),
  names: v.record(v.string(), v.string()),
  carriers: v.record(v.string(), v.string()),
  journal: v.optional(SavedJournal),
  entries: v.array(v.custom<Known['diary']['entries'][number]>((one) => typeof one === 'object')),
});
export type Kept = v.InferOutput<typeof Kept>;

/** As many of the newest entries as a day or two have. */
const keptEntries = 200;

export const toKept = (known: Known, journal: SavedJournal | undefined): Kept => ({
  ...(known.heardMs === undefined ? {} : { heardMs: known.heardMs }),
  doors: [...known.doors],
  hubOnline: known.hubOnline,
  ...(known.hub === undefined ? {} : { hub: known.hub }),
  deliveries: [...known.deliveries],
  names: { ...known.names },
  carriers: { ...known.carriers },
  ...(journal === undefined ? {} : { journal }),
  entries: known.diary.entries.slice(-keptEntries),
});

const additionalData = new TextEncoder().encode('doorward-app-known-1');

async function keyOf(store: DeviceStore): Promise<CryptoKey> {
  const kept = await store.get('knownKey');
  if (kept !== undefined) return kept;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await store.put('knownKey', made);
  return made;
}

export async function keep(store: DeviceStore, what: Kept): Promise<void> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(what));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await keyOf(store), plain);
  await store.put('known', { iv, sealed: new Uint8Array(sealed) });
}

/** @returns undefined when there is nothing, or nothing that can be read */
export async function readKept(store: DeviceStore): Promise<Kept | undefined> {
  const [key, known] = await Promise.all([store.get('knownKey'), store.get('known')]);
  if (key === undefined || known === undefined) return undefined;
  try {
    const iv = owned(known.iv);
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, owned(known.sealed));
    const parsed = v.safeParse(Kept, JSON.parse(new TextDecoder().decode(plain)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
