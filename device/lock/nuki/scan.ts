/** Which Nuki locks are in reach, and whether one has its button held. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Advert, GattAdapter } from '../../link/gatt.ts';
import { readAdvert, type Variant } from './advert.ts';

export interface HeardNuki {
  /** `aa:bb:cc:dd:ee:ff` */
  readonly address: string;
  /** 8 hexadecimal digits, as printed on the lock. */
  readonly nukiId: string;
  /** Of the last advert, dBm. */
  readonly rssiDbm: number;
  /** `pairing`: its button was held. `new`: it was not set up in the app of its maker yet. */
  readonly says: 'normal' | 'pairing' | 'new';
  /** In pairing mode only. */
  readonly variant?: Variant;
}

/** Of a lock that nobody has set up: its service and its id, and no way to pair. */
const newService = 'a92ee000550111e4916c0800200c9a66';

/** @returns undefined for whatever is no Nuki lock */
export function toHeard(advert: Advert): HeardNuki | undefined {
  const { rssiDbm, serviceData } = advert;
  const address = advert.address.toLowerCase();
  const said = readAdvert(advert);
  if (said !== undefined) {
    const { says, nukiId, variant } = said;
    return { address, nukiId, rssiDbm, says, ...(variant === undefined ? {} : { variant }) };
  }
  const id = serviceData.get(newService);
  if (id === undefined || id.length < 4) return undefined;
  return { address, nukiId: Buffer.from(id.subarray(0, 4)).toString('hex'), rssiDbm, says: 'new' };
}

/**
 * Listens for a while; connects to nothing, and costs no lock any battery.
 * @returns one for each address, as it said last
 * @throws Fault BLE_UNAVAILABLE, BLE_PERMISSION_MISSING
 */
export async function hearNukis(
  adapter: Pick<GattAdapter, 'state' | 'why' | 'listen'>,
  clock: Pick<Clock, 'after'>,
  forMs: number,
): Promise<readonly HeardNuki[]> {
  if (adapter.state !== 'ready') throw new Fault(adapter.state, adapter.why);
  const heard = new Map<string, HeardNuki>();
  const unlisten = adapter.listen((advert) => {
    const one = toHeard(advert);
    if (one !== undefined) heard.set(one.address, one);
  });
  await new Promise<void>((resolve) => void clock.after(forMs, resolve));
  unlisten();
  return [...heard.values()];
}
