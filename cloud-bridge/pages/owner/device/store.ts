/** What this device keeps, in IndexedDB: its keys, which no script can read out, and what it pinned. The pages keep nothing else. */
import type { Passkey } from '../../../../wire/passkey.ts';
import { openTable } from '../../common/table.ts';
import { type DeviceKeys, makeDeviceKeys } from './keys.ts';
import type { Pinned } from './pinned.ts';

/** The newest stream that this device saw at a door: an older one is not live. */
export interface NewestStream {
  readonly stream: string;
  /** `iat` of its key, ms by the hub's clock. */
  readonly startedMs: number;
}

interface Kept {
  keys: DeviceKeys;
  pinned: Pinned;
  streams: Readonly<Record<string, NewestStream>>;
  /** What was last known of the home, AES-256-GCM, and the key that no script can read out. */
  known: { readonly iv: Uint8Array; readonly sealed: Uint8Array };
  knownKey: CryptoKey;
  /** Guest -> the secret of the link that this device made for them, until they are accepted. */
  guests: Readonly<Record<string, string>>;
  /** Highest version of a rule book that this device has seen or signed. */
  ruleBook: number;
  /** What this device asked for with a recovery code. */
  recovery: KeptRecovery | undefined;
}

/** No secret. */
export interface KeptRecovery {
  readonly api: string;
  readonly recovery: string | undefined;
  /** The one that was made for it. */
  readonly passkey?: Passkey;
  /** The hub has added this device. */
  readonly isDone?: boolean;
}

export interface DeviceStore {
  get<K extends keyof Kept>(name: K): Promise<Kept[K] | undefined>;
  /** Durable before it resolves. */
  put<K extends keyof Kept>(name: K, value: Kept[K]): Promise<void>;
}

/** @throws DOMException where the browser gives no storage, as in some private windows */
export async function openDeviceStore(): Promise<DeviceStore> {
  const table = await openTable('doorward', 'device');
  return {
    get: async <K extends keyof Kept>(name: K) => (await table.get(name)) as Kept[K] | undefined,
    put: (name, value) => table.put(value, name),
  };
}

/** The keys of this device; made and kept the first time. */
export async function deviceKeys(store: DeviceStore): Promise<DeviceKeys> {
  const kept = await store.get('keys');
  if (kept !== undefined) return kept;
  const made = await makeDeviceKeys();
  await store.put('keys', made);
  return made;
}
