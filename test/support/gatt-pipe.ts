/** A Bluetooth adapter without a radio: the hub's `GattAdapter` on one side, simulated Nukis on the other, in one process. */
import type { Advert, GattAdapter, GattLink, Uuid } from '../../device/link/gatt.ts';
import { type Clock, realClock } from '../../hardware-sim/clock.ts';
import type { Central, GattConnection } from '../../hardware-sim/nuki/gatt.ts';
import type { SimNuki } from '../../hardware-sim/nuki/nuki.ts';
import { Fault } from '../../wire/faults.ts';

export interface PipeOptions {
  /** ATT_MTU of every connection, 23..517. */
  readonly mtu?: number;
  /** What it waits with; that of this machine when left out. */
  readonly clock?: Clock;
  /** Time that each GATT procedure takes, ms. */
  readonly latencyMs?: number;
  /** Silence after which a connection without a radio is given up, ms. */
  readonly supervisionMs?: number;
  /** Adverts are heard so often besides when something changes. Left out: not besides. */
  readonly advertEveryMs?: number;
}

/** What a test can do to the adapter, and count. */
export interface GattPipe extends GattAdapter {
  /** Pulls the adapter out, or puts it back. */
  unplug(isOut: boolean): void;
  /** Connections that came about, and GATT writes that were begun, since the start. */
  readonly counts: { connects: number; writes: number };
}

const minMtu = 23;
/** The longest value of an attribute. */
const maxBytes = 512;
/** A connection that is not established is made once more. */
const establishTries = 2;

/** @param nukis  by the address at which each is found, `aa:bb:cc:dd:ee:ff` */
export function gattPipe(nukis: ReadonlyMap<string, SimNuki>, options: PipeOptions = {}): GattPipe {
  const { mtu = 247, clock = realClock, latencyMs = 0, supervisionMs = 200, advertEveryMs } = options;
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  const counts = { connects: 0, writes: 0 };
  const stateListeners = new Set<(state: GattAdapter['state']) => void>();
  const dropAll = new Set<() => void>();
  let isOut = false;
  const stateNow = (): GattAdapter['state'] => (isOut ? 'BLE_UNAVAILABLE' : 'ready');

  function link(address: string): GattLink {
    const nuki = nukis.get(address);
    const listeners = new Set<() => void>();
    const subscriptions = new Map<Uuid, (bytes: Uint8Array) => void>();
    let connection: GattConnection | undefined;
    let epoch = 0;
    let queue: Promise<unknown> = Promise.resolve();
    let endWaiting = new Set<() => void>();

    /** Ends the connection, or the wait for one. */
    const drop = (): void => {
      const ended = connection;
      connection = undefined;
      if (ended !== undefined) epoch += 1;
      subscriptions.clear();
      ended?.onEnd();
      const waiting = endWaiting;
      endWaiting = new Set();
      for (const end of waiting) end();
      if (ended !== undefined) for (const listener of listeners) listener();
    };
    dropAll.add(drop);
    nuki?.onChange(() => {
      if (nuki.inReach || connection === undefined) return;
      const begun = epoch;
      clock.after(supervisionMs, () => {
        if (epoch === begun && !nuki.inReach) drop();
      });
    });

    /** Calls wait in order for each other. */
    const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
      const done = queue.then(run, run);
      queue = done.catch(() => undefined);
      return done;
    };
    /** One GATT procedure on the connection that stands. */
    const procedure = <T>(withinMs: number, run: (to: GattConnection) => T): Promise<T> =>
      inTurn(async () => {
        const begun = epoch;
        if (connection === undefined) throw new Fault('LINK_CLOSED', { address });
        if (latencyMs > 0) await wait(Math.min(latencyMs, withinMs));
        if (connection === undefined || epoch !== begun) throw new Fault('LINK_CLOSED', { address });
        if (!nuki!.inReach || latencyMs > withinMs) {
          const isLost = await endsWithin(withinMs);
          if (isLost) throw new Fault('LINK_CLOSED', { address });
          drop();
          throw new Fault('BLE_SILENT', { address });
        }
        return run(connection);
      });
    const endsWithin = (ms: number): Promise<boolean> =>
      new Promise((resolve) => {
        const cancel = clock.after(ms, () => resolve(false));
        endWaiting.add(() => {
          cancel();
          resolve(true);
        });
      });
    /** Waits for a lock that can be connected to. @throws Fault BLE_NOT_FOUND past the deadline, as `drop` and `unplug` end it */
    const meets = async (withinMs: number): Promise<void> => {
      const isThere = (): boolean => nuki?.inReach === true && nuki.hasRoom;
      if (isThere()) return;
      let unlisten = (): unknown => undefined;
      const met = new Promise<'met'>((resolve) => {
        unlisten = nuki?.onChange(() => isThere() && resolve('met')) ?? unlisten;
      });
      const isEnded = await Promise.race([met, endsWithin(withinMs)]);
      unlisten();
      if (isEnded === 'met') return;
      if (isEnded) throw isOut ? new Fault('BLE_UNAVAILABLE', {}) : new Fault('LINK_CLOSED', { address });
      throw new Fault('BLE_NOT_FOUND', { address });
    };

    const attach = async (characteristics: readonly { service: Uuid; uuid: Uuid }[], withinMs: number) => {
      if (isOut) throw new Fault('BLE_UNAVAILABLE', {});
      if (connection !== undefined) return;
      await wait(latencyMs);
      const begun = ++epoch;
      const central: Central = {
        mtu: () => mtu,
        indicate: (uuid, bytes) =>
          clock.after(latencyMs, () => {
            if (epoch === begun) subscriptions.get(uuid)?.(bytes);
          }),
        // What was indicated before is still delivered.
        hangUp: () => clock.after(latencyMs, () => epoch === begun && drop()),
      };
      const endAtMs = clock.monotonic() + withinMs;
      for (let tries = 1; connection === undefined; tries += 1) {
        await meets(endAtMs - clock.monotonic());
        connection = nuki?.connect(central);
        if (connection === undefined && tries === establishTries) throw new Fault('LINK_CLOSED', { address });
      }
      counts.connects += 1;
      const has = ({ service, uuid }: { service: Uuid; uuid: Uuid }): boolean =>
        nuki!.services.some((one) => one.uuid === service && one.characteristics.some((c) => c.uuid === uuid));
      const missing = characteristics.find((one) => !has(one));
      if (missing === undefined) return;
      drop();
      throw new Fault('BLE_CHARACTERISTIC_MISSING', { uuid: missing.uuid });
    };

    return {
      get connected() {
        return connection !== undefined;
      },
      get mtu() {
        return connection === undefined ? minMtu : mtu;
      },
      connect: (characteristics, withinMs) => inTurn(() => attach(characteristics, withinMs)),
      disconnect: async () => drop(),
      write: (uuid, bytes, withinMs) =>
        procedure(withinMs, (to) => {
          if (bytes.length > maxBytes) throw new Fault('MESSAGE_TOO_BIG', { bytes: bytes.length, maxBytes });
          counts.writes += 1;
          to.onWrite(uuid, bytes.slice());
        }),
      read: (uuid, withinMs) =>
        procedure(withinMs, () => {
          const all = nuki!.services.flatMap((one) => one.characteristics);
          return all.find((one) => one.uuid === uuid)?.value ?? new Uint8Array();
        }),
      subscribe: (uuid, listener, withinMs) =>
        procedure(withinMs, (to) => {
          subscriptions.set(uuid, listener);
          to.onSubscribe(uuid, true);
        }),
      onDisconnected: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }

  return {
    counts,
    get state() {
      return stateNow();
    },
    onState: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    listen: (listener) => {
      const tell = (address: string, nuki: SimNuki): void => {
        const advert = isOut ? undefined : advertAt(address, nuki);
        if (advert !== undefined) listener(advert);
      };
      const stops = [...nukis].map(([address, nuki]) => {
        setImmediate(() => tell(address, nuki));
        return nuki.onChange(() => tell(address, nuki));
      });
      if (advertEveryMs !== undefined) {
        let cancel = (): void => undefined;
        const again = (): void => {
          cancel = clock.after(advertEveryMs, () => {
            for (const [address, nuki] of nukis) tell(address, nuki);
            again();
          });
        };
        again();
        stops.push(() => {
          cancel();
          return true;
        });
      }
      return () => {
        for (const stop of stops) stop();
      };
    },
    link,
    unplug: (isOutNow) => {
      isOut = isOutNow;
      if (isOut) for (const drop of dropAll) drop();
      for (const listener of stateListeners) listener(stateNow());
    },
    close: async () => {
      for (const drop of dropAll) drop();
    },
  };
}

function advertAt(address: string, nuki: SimNuki): Advert | undefined {
  const advert = nuki.advert();
  if (advert === undefined) return undefined;
  const { name, serviceData, manufacturerData } = advert;
  return {
    address,
    name,
    rssiDbm: -60,
    services: [],
    serviceData: new Map(serviceData ? [[serviceData.uuid, serviceData.bytes]] : []),
    ...(manufacturerData ? { manufacturerData } : {}),
  };
}
