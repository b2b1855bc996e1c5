/** Who listens to adverts, and when the radio has to be quiet for a connection. */
import type { Noble, Peripheral } from '@stoprocent/noble';
import type { Advert, Uuid } from '../gatt.ts';
import { within } from './deadline.ts';

/** A controller that does not confirm the end of a scan in this time is connected with all the same. */
const stopWithinMs = 1000;

/** 16-bit ones come without their leading zeros. */
export const uuidOf = (uuid: string): Uuid => uuid.toLowerCase().replaceAll('-', '').padStart(4, '0');

/** What a peripheral said last. */
export function advertOf({ address, rssi, advertisement }: Peripheral): Advert {
  const { localName, serviceUuids, serviceData, manufacturerData } = advertisement;
  return {
    address,
    ...(localName === undefined ? {} : { name: localName }),
    rssiDbm: rssi,
    services: (serviceUuids ?? []).map(uuidOf),
    serviceData: new Map((serviceData ?? []).map(({ uuid, data }) => [uuidOf(uuid), new Uint8Array(data)])),
    ...(manufacturerData === undefined ? {} : { manufacturerData: new Uint8Array(manufacturerData) }),
  };
}

/** noble adds what a device says to all that it said before: a lock that left its pairing mode would be in it for ever. */
function forgetSaid({ advertisement }: Peripheral): void {
  advertisement.serviceUuids?.splice(0);
  advertisement.serviceData?.splice(0);
  Object.assign(advertisement, { manufacturerData: undefined });
}

export interface Scan {
  /** Scans while anyone listens. @returns unsubscribe */
  listen(listener: (peripheral: Peripheral) => void): () => void;
  /** What was heard since the radio started. @param address  `aa:bb:cc:dd:ee:ff` */
  heard(address: string): Peripheral | undefined;
  /** How many devices were heard since the radio started. */
  readonly count: number;
  /** Nothing scans while `act` runs; afterwards it goes on if anyone listens still. */
  quiet<T>(act: () => Promise<T>): Promise<T>;
}

/** @returns the scanning of one started radio */
export function scanOf(noble: Noble): Scan {
  const listeners = new Set<(peripheral: Peripheral) => void>();
  const peripherals = new Map<string, Peripheral>();
  let scanning = false;
  let quietFor = 0;

  /** Scans exactly while it should. */
  const settle = (): void => {
    const wanted = listeners.size > 0 && quietFor === 0;
    if (wanted === scanning || noble.state !== 'poweredOn') return;
    scanning = wanted;
    if (wanted) noble.startScanning([], true);
    else noble.stopScanning();
  };
  noble.on('discover', (peripheral) => {
    peripherals.set(peripheral.address, peripheral);
    for (const listener of [...listeners]) listener(peripheral);
    forgetSaid(peripheral);
  });
  noble.on('scanStop', () => {
    if (!scanning) return;
    // Not ours: a connection stopped it.
    scanning = false;
    settle();
  });

  return {
    listen: (listener) => {
      listeners.add(listener);
      settle();
      return () => {
        listeners.delete(listener);
        settle();
      };
    },
    heard: (address) => peripherals.get(address),
    get count() {
      return peripherals.size;
    },
    quiet: async (act) => {
      quietFor += 1;
      try {
        if (scanning) {
          const stopped = new Promise<void>((resolve) => noble.once('scanStop', () => resolve()));
          settle();
          await within(stopWithinMs, stopped);
        }
        return await act();
      } finally {
        quietFor -= 1;
        settle();
      }
    },
  };
}
