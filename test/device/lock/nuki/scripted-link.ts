/** A GATT link with a script behind it: what is written goes to `answer`, which may indicate, stay silent or drop the link. */
import type { GattLink, Uuid } from '../../../../device/link/gatt.ts';
import { Fault } from '../../../../wire/faults.ts';

export class ScriptedLink implements GattLink {
  connected = false;
  readonly mtu = 23;
  connects = 0;
  readonly written: { readonly uuid: Uuid; readonly bytes: Uint8Array }[] = [];
  answer: (bytes: Uint8Array, uuid: Uuid) => void = () => undefined;
  /** Fails the next connections. */
  isAway = false;
  readonly #listeners = new Map<Uuid, (bytes: Uint8Array) => void>();
  readonly #ends = new Set<() => void>();

  async connect(): Promise<void> {
    if (this.connected) return;
    this.connects += 1;
    if (this.isAway) throw new Fault('BLE_NOT_FOUND');
    this.connected = true;
  }

  async disconnect(): Promise<void> {
    this.drop();
  }

  drop(): void {
    if (!this.connected) return;
    this.connected = false;
    this.#listeners.clear();
    for (const end of [...this.#ends]) end();
  }

  async write(uuid: Uuid, bytes: Uint8Array): Promise<void> {
    if (!this.connected) throw new Fault('LINK_CLOSED');
    this.written.push({ uuid, bytes });
    setImmediate(() => this.answer(bytes, uuid));
  }

  async read(): Promise<Uint8Array> {
    return new Uint8Array(0);
  }

  async subscribe(uuid: Uuid, listener: (bytes: Uint8Array) => void): Promise<void> {
    if (!this.connected) throw new Fault('LINK_CLOSED');
    this.#listeners.set(uuid, listener);
  }

  onDisconnected(listener: () => void): () => void {
    this.#ends.add(listener);
    return () => this.#ends.delete(listener);
  }

  get listeners(): number {
    return this.#ends.size;
  }

  /** In pieces of 20 bytes, as without an MTU exchange. */
  indicate(uuid: Uuid, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 20) this.#listeners.get(uuid)?.(bytes.subarray(at, at + 20));
  }
}
