/** What a Nuki lock says without being asked, and when that is worth waking it: each question costs its battery. */
import type { Advert } from '../../link/gatt.ts';

const base = '5501-11e4-916c-0800200c9a66'.replaceAll('-', '');
const uuid = (service: string): string => `${service}${base}`;

/** `clear`: what comes unsealed; `sealed`: every normal command. */
export const gatt = {
  keyturner: uuid('a92ee200'),
  clear: uuid('a92ee201'),
  sealed: uuid('a92ee202'),
  pairing: uuid('a92ee100'),
  pairingData: uuid('a92ee101'),
  pairing5: uuid('a92ee300'),
  pairing5Data: uuid('a92ee301'),
} as const;

/** By the pairing service that a lock shows, never by its product name: `older` is generation 1 to 4, `newer` Ultra, Go and 5. */
export type Variant = 'older' | 'newer';

export interface NukiAdvert {
  readonly says: 'normal' | 'pairing';
  /** 8 hexadecimal digits, as printed on the lock. */
  readonly nukiId: string;
  /** In pairing mode only. */
  readonly variant?: Variant;
  /** Something is new in the lock; `normal` only. */
  readonly changed: boolean;
}

const appleCompany = 0x004c;
const beaconBytes = 25;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** @returns undefined for whatever is no Nuki lock; HomeKit adverts of the same lock are none */
export function readAdvert({
  serviceData,
  manufacturerData,
}: Pick<Advert, 'serviceData' | 'manufacturerData'>): NukiAdvert | undefined {
  for (const [service, variant] of [
    [gatt.pairing, 'older'],
    [gatt.pairing5, 'newer'],
  ] as const) {
    const id = serviceData.get(service);
    if (id !== undefined && id.length >= 4)
      return { says: 'pairing', nukiId: hex(id.subarray(0, 4)), variant, changed: false };
  }
  const data = manufacturerData;
  if (data === undefined || data.length < beaconBytes) return undefined;
  const isBeacon = data[0]! + (data[1]! << 8) === appleCompany && data[2] === 0x02 && data[3] === 0x15;
  if (!isBeacon || hex(data.subarray(4, 20)) !== gatt.keyturner) return undefined;
  return { says: 'normal', nukiId: hex(data.subarray(20, 24)), changed: (data[24]! & 1) !== 0 };
}

/** How often the lock may be woken, ms. */
export interface AskTiming {
  /** Whatever the adverts say. */
  readonly pollMs: number;
  /** Least time between two questions because of the flag. */
  readonly changedMs: number;
  /** First wait while the flag stays up although we asked, doubled each time up to `pollMs`: only a bridge takes it down. */
  readonly stuckMs: number;
}

export const askTiming: AskTiming = { pollMs: 30 * 60_000, changedMs: 1_000, stuckMs: 5 * 60_000 };

/** What is remembered between adverts. */
export interface AskMemory {
  /** Monotonic, ms; undefined before the first question. */
  readonly askedAtMs: number | undefined;
  /** The flag in the advert before. */
  readonly wasChanged: boolean;
  /** Questions since the flag is up that did not take it down. */
  readonly inVain: number;
}

export const nothingAsked: AskMemory = { askedAtMs: undefined, wasChanged: false, inVain: 0 };

/** Whether an advert is a reason to ask the lock now, and what to remember. `asked` is to be called when it was done. */
export function whetherToAsk(
  advert: NukiAdvert,
  memory: AskMemory,
  nowMs: number,
  timing: AskTiming = askTiming,
): { readonly ask: boolean; readonly memory: AskMemory } {
  const { askedAtMs, wasChanged } = memory;
  const changed = advert.says === 'normal' && advert.changed;
  const inVain = changed ? memory.inVain : 0;
  const next = { askedAtMs, wasChanged: changed, inVain };
  if (askedAtMs === undefined) return { ask: true, memory: next };
  const sinceMs = nowMs - askedAtMs;
  if (sinceMs >= timing.pollMs) return { ask: true, memory: next };
  if (!changed) return { ask: false, memory: next };
  const isNew = !wasChanged || inVain === 0;
  const restMs = isNew ? timing.changedMs : Math.min(timing.pollMs, timing.stuckMs * 2 ** (inVain - 1));
  // A flag that rose while it was too early is still a new one at the next advert.
  if (sinceMs < restMs) return { ask: false, memory: { ...next, wasChanged: isNew ? false : changed } };
  return { ask: true, memory: { ...next, inVain: inVain + 1 } };
}

export const asked = (memory: AskMemory, nowMs: number): AskMemory => ({ ...memory, askedAtMs: nowMs });
