/** Somebody between hub and lock: found at the lock's address, forwards what both say, hears it all, holds back and says again what it likes. */
import { airPeripheral } from '../../hardware-sim/air/peripheral.ts';
import type { SimHome } from '../../hardware-sim/home.ts';
import type { GattConnection } from '../../hardware-sim/nuki/gatt.ts';

export interface Said {
  /** `toLock`: the hub wrote it. */
  readonly way: 'toLock' | 'toHub';
  readonly uuid: string;
  readonly bytes: Uint8Array;
}

export interface AirRelay {
  /** Everything that passed, in order, also what was held back. */
  readonly said: readonly Said[];
  /** How often the hub has connected. */
  readonly connections: number;
  /** Holds back what is chosen, until `letGo`. The lock is kept connected meanwhile, whatever the hub does. */
  hold(chosen: (one: Said) => boolean): void;
  /** Brings what was held back to the lock. @returns how many messages that were */
  letGo(): number;
  /** Says it to the lock: on the connection that stands, if one does, and on a new one. */
  sayToLock(one: Said): void;
  /** Says it to the hub on the connection that stands. */
  sayToHub(one: Said): void;
  /** The lock is no longer behind it: what the hub asks stays unanswered. */
  cutOff(): void;
  close(): Promise<void>;
}

/**
 * Takes the place of a lock on the air: its own radio is not heard by the hub any more.
 * @param address  of the lock
 * @param delayMs  how much later everything comes than it was said, either way
 */
export async function relayAir(home: SimHome, door: string, address: string, delayMs = 0): Promise<AirRelay> {
  const nuki = home.nuki(door);
  // A connection that stands ends before its lock is out of reach: nobody waits for it in vain.
  home.airFault({ fault: 'hang-up', nuki: door });
  home.airFault({ fault: 'shadow', nuki: door });
  const said: Said[] = [];
  const held: (() => void)[] = [];
  const kept: GattConnection[] = [];
  let chosen = (_: Said): boolean => false;
  let far: GattConnection | undefined;
  let isCut = false;
  let connections = 0;
  const later = (run: () => void): void => void setTimeout(run, delayMs);

  const device = await airPeripheral(home.air().phone(address).open, {
    name: nuki.id,
    services: nuki.services.map(({ uuid, characteristics }) => ({
      uuid,
      characteristics: characteristics.map((one) => ({ uuid: one.uuid, can: one.properties })),
    })),
    maxMtu: 247,
    advert: nuki.advert()!.payload,
    onConnected: () => {
      connections += 1;
      if (isCut) return;
      far = nuki.connect({
        mtu: () => device.mtu,
        indicate: (uuid, bytes) => {
          said.push({ way: 'toHub', uuid, bytes });
          later(() => device.send(uuid, bytes));
        },
        hangUp: () => later(() => device.disconnect()),
      });
    },
    onSubscribe: (uuid, isOn) => far?.onSubscribe(uuid, isOn),
    onWrite: (uuid, bytes) => {
      const one: Said = { way: 'toLock', uuid, bytes: new Uint8Array(bytes) };
      const to = far;
      said.push(one);
      if (!chosen(one)) later(() => to?.onWrite(uuid, one.bytes));
      else {
        if (to !== undefined) kept.push(to);
        held.push(() => to?.onWrite(uuid, one.bytes));
      }
    },
    onDisconnected: () => {
      if (far !== undefined && !kept.includes(far)) far.onEnd();
      far = undefined;
    },
  });
  const stopFollowing = nuki.onChange(() => {
    const next = nuki.advert();
    if (next !== undefined) device.advertise(next.payload).catch(() => undefined);
  });
  const stranger = { mtu: () => 247, indicate: () => undefined, hangUp: () => undefined };
  return {
    said,
    get connections() {
      return connections;
    },
    hold: (which) => {
      chosen = which;
    },
    letGo: () => {
      const all = held.splice(0);
      for (const bring of all) bring();
      return all.length;
    },
    sayToLock: ({ uuid, bytes }) => {
      far?.onWrite(uuid, bytes);
      const fresh = nuki.connect(stranger);
      fresh?.onSubscribe(uuid, true);
      fresh?.onWrite(uuid, bytes);
      fresh?.onEnd();
    },
    sayToHub: ({ uuid, bytes }) => device.send(uuid, bytes),
    cutOff: () => {
      isCut = true;
      far?.onEnd();
      far = undefined;
    },
    close: async () => {
      stopFollowing();
      for (const one of kept) one.onEnd();
      await device.close();
      home.airFault({ fault: 'shadow', nuki: door, active: false });
    },
  };
}
