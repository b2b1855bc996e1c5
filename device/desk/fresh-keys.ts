/** Fresh keys at the hand-over: what the installer could have read is of no use afterwards. */

import type { FaultCode } from '../../wire/faults.ts';
import { osdpOf } from '../config/osdp.ts';
import type { HubConfig } from '../config/schema.ts';
import type { PairingAsked } from '../lock/installed.ts';
import { codeOf } from '../visit/hands.ts';

/** One lock, or one OSDP peripheral that several doors share. */
export interface KeyRenewal {
  readonly doors: readonly string[];
  /** `kept`: it has the key of before, `code` says why. `by-hand`: only somebody at the lock can have it renewed. */
  readonly at: 'waiting' | 'renewed' | 'kept' | 'by-hand';
  readonly code?: FaultCode;
}

/**
 * Gives every OSDP peripheral a fresh key under the one that it has, one after the other. A Nuki lock makes its key only while its
 * button is held: it stays as it is.
 * @param pair  as `InstallerDesk.pairLock`; cut off anywhere, the next session finds out which key holds
 * @returns how each stands, changed while it goes on
 */
export function renewKeys(
  doors: HubConfig['doors'],
  pair: (door: string, asked: Pick<PairingAsked, 'renews'>) => Promise<unknown>,
): readonly KeyRenewal[] {
  const shared = new Map<string, string[]>();
  for (const door of doors) {
    const place = osdpOf(door)?.config;
    const key = place === undefined ? door.name : `${place.port} ${place.address}`;
    shared.set(key, [...(shared.get(key) ?? []), door.name]);
  }
  const isNuki = (name: string): boolean => doors.some((one) => one.name === name && one.lock?.kind === 'nuki');
  const all: KeyRenewal[] = [...shared.values()].map((names) => ({
    doors: names,
    at: isNuki(names[0]!) ? 'by-hand' : 'waiting',
  }));
  const renew = async (): Promise<void> => {
    for (const [index, one] of all.entries()) {
      if (one.at !== 'waiting') continue;
      const change: Pick<KeyRenewal, 'at' | 'code'> = await pair(one.doors[0]!, { renews: true }).then(
        () => ({ at: 'renewed' }),
        (error: unknown) => ({ at: 'kept', code: codeOf(error, 'INTERNAL') }),
      );
      all[index] = { ...one, ...change };
    }
  };
  void renew();
  return all;
}
