/** A GATT peripheral on the air, its characteristics given as data: bleno is what speaks for it. The only place that imports bleno. */
import { EventEmitter } from 'node:events';
import type { Plug } from './controller.ts';
import { h4Cutter } from './h4.ts';

export interface PeripheralService {
  /** 32 hexadecimal digits without dashes, or 4. */
  readonly uuid: string;
  readonly characteristics: readonly {
    readonly uuid: string;
    readonly can: readonly ('read' | 'write' | 'notify' | 'indicate')[];
  }[];
}

export interface PeripheralOptions {
  /** At most 29 bytes. */
  readonly name: string;
  readonly services: readonly PeripheralService[];
  /** Largest ATT_MTU that it agrees to, 23..256. */
  readonly maxMtu?: number;
  /** Advertising data as on the air, at most 31 bytes; otherwise the services and the name. */
  readonly advert?: Uint8Array;
  /** The write is confirmed when this is done; never, if it never is: a silent device. */
  onWrite?(uuid: string, bytes: Uint8Array, connection: number): void | Promise<void>;
  onRead?(uuid: string): Uint8Array;
  /** A central subscribed, or ceased to; at the end of a connection it is told before `onDisconnected`. */
  onSubscribe?(uuid: string, isOn: boolean, connection: number): void;
  /** @param connection  handle of the link */
  onConnected?(address: string, connection: number): void;
  onDisconnected?(address: string, connection: number): void;
}

export interface AirPeripheral {
  /** `aa:bb:cc:dd:ee:ff`, of its controller. */
  readonly address: string;
  /**
   * Notifies or indicates, whichever the characteristic can; bytes that nobody subscribed to are lost. Cut at ATT_MTU - 3.
   * @param connection  absent: to all who subscribed
   */
  send(uuid: string, bytes: Uint8Array, connection?: number): void;
  /** Agreed on with one of them; 23 before that. */
  mtuOf(connection: number): number;
  /** Agreed on with the last that connected. */
  readonly mtu: number;
  /** How many are connected. */
  readonly connected: number;
  /** Ends one connection, or all. */
  disconnect(connection?: number): void;
  /** Changes what it advertises. */
  advertise(advert: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const success = 0;

interface BlenoCharacteristic {
  notify(bytes: Buffer, connection?: number): void;
  on(event: 'subscribe' | 'unsubscribe', listener: (connection: number) => void): void;
}
interface Bleno extends EventEmitter {
  readonly mtu: number;
  readonly address: string;
  readonly PrimaryService: new (options: { uuid: string; characteristics: BlenoCharacteristic[] }) => object;
  readonly Characteristic: new (options: object) => BlenoCharacteristic;
  /** Internals: bleno has no option for the MTU it agrees to, tells that of the last alone, and its timer never ends. */
  readonly _bindings: {
    readonly _gatt: { maxMtu: number; readonly _connections: ReadonlyMap<number, { readonly mtu: number }> };
    readonly _hci: { pollIsDevUp(): void; reset(): void; initDev(): void };
    readonly _sigIntHandler: () => void;
    readonly _exitHandler: () => void;
  };
  startAdvertisingAsync(name: string, services: string[]): Promise<void>;
  startAdvertisingWithEIRDataAsync(advert: Buffer, scan: Buffer): Promise<void>;
  setServicesAsync(services: object[]): Promise<void>;
  waitForPoweredOnAsync(timeoutMs: number): Promise<void>;
  disconnect(connection?: number): void;
  stop(): void;
}

type DriverClass = new () => EventEmitter;
let loading: Promise<(options: { hciDriver: DriverClass }) => Bleno> | undefined;

/** bleno takes a driver by name; the function that finds it lets a class through from here on. */
async function load(): NonNullable<typeof loading> {
  const drivers = (await import('@stoprocent/bluetooth-hci-socket')).default as unknown as {
    loadDriver(driver: string | DriverClass): DriverClass;
  };
  const loadDriver = drivers.loadDriver;
  drivers.loadDriver = (driver) => (typeof driver === 'function' ? driver : loadDriver(driver));
  const { withBindings } = (await import('@stoprocent/bleno')).default as unknown as {
    withBindings(kind: 'hci', options: { hciDriver: DriverClass }): Bleno;
  };
  return (options) => withBindings('hci', options);
}

function driverOn(plug: Plug): DriverClass {
  return class extends EventEmitter {
    bindRaw(): number {
      const cut = h4Cutter(
        (packet) => this.emit('data', packet),
        () => void plug.close(),
      );
      plug.onData(cut);
      return 0;
    }
    /** bleno opens one such with every connection, for bonds; nothing here bonds. */
    bindControl(): void {}
    start(): void {}
    isDevUp(): boolean {
      return true;
    }
    setFilter(): void {}
    stop(): void {}
    write(packet: Buffer): void {
      plug.write(packet).catch(() => undefined);
    }
  };
}

/**
 * Puts a peripheral on a controller; it advertises at once, connected or not.
 * @param open  of a `Controller`, or of another one that speaks H4
 */
export async function airPeripheral(open: () => Promise<Plug>, options: PeripheralOptions): Promise<AirPeripheral> {
  loading ??= load();
  const plug = await open();
  const bleno = (await loading)({ hciDriver: driverOn(plug) });
  const { _gatt, _hci } = bleno._bindings;
  _gatt.maxMtu = options.maxMtu ?? 256;
  // The poll asks once a second for what cannot change here.
  let started = false;
  _hci.pollIsDevUp = () => {
    if (!started) _hci.initDev();
    started = true;
  };
  const byUuid = new Map<string, BlenoCharacteristic>();
  const links = new Set<number>();
  const services = options.services.map(({ uuid, characteristics }) => {
    const made = characteristics.map((one) => {
      const characteristic = new bleno.Characteristic({
        uuid: one.uuid,
        properties: [...one.can],
        onReadRequest: (_connection: number, offset: number, answer: (status: number, bytes: Buffer) => void) =>
          answer(success, Buffer.from(options.onRead?.(one.uuid) ?? []).subarray(offset)),
        onWriteRequest: (
          connection: number,
          bytes: Buffer,
          _offset: number,
          _silent: boolean,
          answer: (status: number) => void,
        ) => {
          const done = Promise.resolve(options.onWrite?.(one.uuid, new Uint8Array(bytes), connection));
          // Whoever left meanwhile hears no answer.
          void done.then(() => links.has(connection) && answer(success));
        },
      });
      characteristic.on('subscribe', (connection) => options.onSubscribe?.(one.uuid, true, connection));
      characteristic.on('unsubscribe', (connection) => options.onSubscribe?.(one.uuid, false, connection));
      byUuid.set(one.uuid, characteristic);
      return characteristic;
    });
    return new bleno.PrimaryService({ uuid, characteristics: made });
  });
  bleno.on('accept', (address: string, connection: number) => {
    links.add(connection);
    options.onConnected?.(address, connection);
  });
  bleno.on('disconnect', (address: string, connection: number) => {
    links.delete(connection);
    options.onDisconnected?.(address, connection);
  });
  bleno.on('stateChange', () => undefined);
  // It ends the process at SIGINT where nobody else listens by then; how a process ends is for its command to say.
  process.off('SIGINT', bleno._bindings._sigIntHandler);
  process.off('exit', bleno._bindings._exitHandler);
  await bleno.waitForPoweredOnAsync(10_000);
  await bleno.setServicesAsync(services);
  const advertise = (advert: Uint8Array): Promise<void> => {
    const name = Buffer.from(options.name).subarray(0, 29);
    const scan = Buffer.from([name.length + 1, 0x09, ...name]);
    return bleno.startAdvertisingWithEIRDataAsync(Buffer.from(advert), scan);
  };
  if (options.advert === undefined) {
    await bleno.startAdvertisingAsync(options.name, [options.services[0]!.uuid]);
  } else {
    await advertise(options.advert);
  }
  return {
    send: (uuid, bytes, connection) => byUuid.get(uuid)?.notify(Buffer.from(bytes), connection),
    mtuOf: (connection) => _gatt._connections.get(connection)?.mtu ?? 23,
    get address() {
      return bleno.address;
    },
    get mtu() {
      return bleno.mtu;
    },
    get connected() {
      return links.size;
    },
    disconnect: (connection) => bleno.disconnect(connection),
    advertise,
    close: async () => {
      bleno.stop();
      await plug.close();
    },
  };
}
