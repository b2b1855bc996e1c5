/** A home's Bluetooth on the air: the hub's adapter, and scripted peripherals. */
import { bleAdapter } from '../../device/link/ble/adapter.ts';
import type { GattAdapter } from '../../device/link/gatt.ts';
import { Air } from '../../hardware-sim/air/air.ts';
import { Controller, type Plug } from '../../hardware-sim/air/controller.ts';
import { type AirPeripheral, airPeripheral } from '../../hardware-sim/air/peripheral.ts';
import { until } from './until.ts';

const service = 'a92ee100550111e4916c0800200c9a66';
/** What the scripted peripheral offers. `echo` answers a write with an indication; `silent` never confirms one; `gone` is nowhere. */
export const uuids = {
  service,
  echo: 'a92ee101550111e4916c0800200c9a66',
  silent: 'a92ee102550111e4916c0800200c9a66',
  notify: 'a92ee103550111e4916c0800200c9a66',
  gone: 'a92ee1ff550111e4916c0800200c9a66',
} as const;
export const wanted = [
  { service, uuid: uuids.echo },
  { service, uuid: uuids.silent },
  { service, uuid: uuids.notify },
] as const;

export interface ScriptedPeripheral {
  readonly address: string;
  readonly controller: Controller;
  readonly device: AirPeripheral;
  /** Every write that reached it. */
  readonly writes: string[];
}

/** Longest piece of an echo: as the peripheral would fragment it. */
const pieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));

/** @param open  opens the controller that it speaks through */
export async function scriptedOn(
  open: () => Promise<Plug>,
  maxMtu = 256,
): Promise<Pick<ScriptedPeripheral, 'device' | 'writes'>> {
  const writes: string[] = [];
  const device: AirPeripheral = await airPeripheral(open, {
    name: 'Scripted',
    maxMtu,
    services: [
      {
        uuid: service,
        characteristics: [
          { uuid: uuids.echo, can: ['write', 'read', 'indicate'] },
          { uuid: uuids.silent, can: ['write'] },
          { uuid: uuids.notify, can: ['write', 'notify'] },
        ],
      },
    ],
    onRead: () => Buffer.from('doorward'),
    onWrite: (uuid, bytes) => {
      writes.push(Buffer.from(bytes).toString('hex'));
      if (uuid === uuids.silent) return new Promise(() => undefined);
      // The answer comes after the confirmation, as from a lock.
      setImmediate(() => {
        for (const piece of pieces(bytes, device.mtu - 3)) device.send(uuid, piece);
      });
      return undefined;
    },
  });
  return { device, writes };
}

/** @param address  its public address */
export async function scripted(air: Air, address: string, maxMtu = 256): Promise<ScriptedPeripheral> {
  const controller = new Controller(air, { address, aclBytes: 27 });
  return { address, controller, ...(await scriptedOn(controller.open, maxMtu)) };
}

export interface BleWorld {
  readonly air: Air;
  readonly hub: Controller;
  readonly adapter: GattAdapter;
  readonly peripherals: readonly [ScriptedPeripheral, ScriptedPeripheral];
  close(): Promise<void>;
}

/** @returns a hub with a started adapter, and two peripherals: a large ATT_MTU, and 23 */
export async function bleWorld(options: Parameters<typeof bleAdapter>[1] = {}): Promise<BleWorld> {
  const air = new Air();
  const hub = new Controller(air, { address: '00:00:00:00:00:01' });
  const peripherals = [await scripted(air, '54:d2:72:00:00:01'), await scripted(air, '54:d2:72:00:00:02', 23)] as const;
  const adapter = bleAdapter(hub.open, { retryMs: 20, ...options });
  await until('the adapter is ready', () => adapter.state === 'ready');
  return {
    air,
    hub,
    adapter,
    peripherals,
    close: async () => {
      await adapter.close();
      for (const { device } of peripherals) await device.close();
    },
  };
}
