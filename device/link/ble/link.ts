/** A link to one peripheral: one exchange at a time, each with its deadline. */
import { Fault } from '../../../wire/faults.ts';
import type { GattLink, Uuid } from '../gatt.ts';
import { type Connection, connectTo, leastMtu, missing, type Reach, type Wanted } from './connection.ts';
import { ending, inTurn, late, within } from './deadline.ts';

/** The longest value of an attribute (Bluetooth Core 5.4, vol. 3, part F, 3.2.9). */
const maxBytes = 512;

/** Deadlines count from the turn of a call, not from the call. */
export class BleLink implements GattLink {
  readonly #address: string;
  readonly #reach: Reach;
  readonly #inTurn = inTurn();
  readonly #listeners = new Set<() => void>();
  #connection: Connection | undefined;
  #calledOff: ReturnType<typeof ending> | undefined;

  constructor(address: string, reach: Reach) {
    this.#address = address;
    this.#reach = reach;
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  /** True while connected or connecting. */
  get busy(): boolean {
    return this.connected || this.#calledOff !== undefined;
  }

  get mtu(): number {
    return this.#connection?.mtu ?? leastMtu;
  }

  connect(characteristics: readonly Wanted[], withinMs: number): Promise<void> {
    return this.#inTurn(async () => {
      const open = this.#connection;
      if (open !== undefined) {
        const lacking = characteristics.find(({ uuid }) => !open.characteristics.has(uuid));
        if (lacking !== undefined) throw missing(lacking.uuid);
        return;
      }
      const calledOff = ending();
      this.#calledOff = calledOff;
      try {
        const connection = await connectTo({
          address: this.#address,
          reach: this.#reach,
          characteristics,
          withinMs,
          calledOff,
        });
        this.#connection = connection;
        connection.ended.on(() => this.#end(connection));
      } finally {
        this.#calledOff = undefined;
      }
    });
  }

  #end(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Does not wait for its turn: what is going on ends with LINK_CLOSED. */
  async disconnect(): Promise<void> {
    this.#calledOff?.end();
    const connection = this.#connection;
    if (connection !== undefined) await connection.drop();
    // A connect that was called off has cleaned up when its turn is over.
    else await this.#inTurn(async () => undefined);
  }

  write(uuid: Uuid, bytes: Uint8Array, withinMs: number): Promise<void> {
    return this.#exchange(uuid, withinMs, (_, characteristic) => {
      // What the MTU does not carry goes as a long write: prepared in parts, done at once.
      if (bytes.length > maxBytes) throw new Fault('MESSAGE_TOO_BIG', { bytes: bytes.length, maxBytes });
      return characteristic.writeAsync(Buffer.from(bytes), false);
    });
  }

  /** An error that the peripheral answers with reads as no bytes: noble does not tell them apart. */
  read(uuid: Uuid, withinMs: number): Promise<Uint8Array> {
    return this.#exchange(
      uuid,
      withinMs,
      async (_, characteristic) => new Uint8Array(await characteristic.readAsync()),
    );
  }

  subscribe(uuid: Uuid, listener: (bytes: Uint8Array) => void, withinMs: number): Promise<void> {
    return this.#exchange(uuid, withinMs, async (_, characteristic) => {
      // The first one can come before the subscription is confirmed.
      characteristic.on('data', (data, isNotification) => isNotification && listener(new Uint8Array(data)));
      await characteristic.subscribeAsync();
    });
  }

  onDisconnected(listener: () => void): () => void {
    const mine = (): void => listener();
    this.#listeners.add(mine);
    return () => void this.#listeners.delete(mine);
  }

  #exchange<T>(
    uuid: Uuid,
    withinMs: number,
    act: (
      connection: Connection,
      characteristic: NonNullable<ReturnType<Connection['characteristics']['get']>>,
    ) => Promise<T>,
  ): Promise<T> {
    return this.#inTurn(async () => {
      const connection = this.#connection;
      if (connection === undefined) throw new Fault('LINK_CLOSED');
      const characteristic = connection.characteristics.get(uuid);
      if (characteristic === undefined) throw missing(uuid);
      const lost = { end: connection.ended, fault: () => new Fault('LINK_CLOSED') };
      const answer = await within(withinMs, act(connection, characteristic), lost).catch((cause) => {
        throw cause instanceof Fault ? cause : new Fault('LINK_CLOSED', {}, { cause });
      });
      if (answer !== late) return answer;
      await connection.drop();
      throw new Fault('BLE_SILENT', { uuid, withinMs });
    });
  }
}
