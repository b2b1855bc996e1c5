/** A client written from the protocol's description alone: it shares no code with the simulator, nor with the driver. */
import { createHmac, randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';
import type { GattConnection } from '../../../hardware-sim/nuki/gatt.ts';
import type { SimNuki } from '../../../hardware-sim/nuki/nuki.ts';

export const uuid = {
  pairing: 'a92ee101550111e4916c0800200c9a66',
  pinPairing: 'a92ee301550111e4916c0800200c9a66',
  gdio: 'a92ee201550111e4916c0800200c9a66',
  usdio: 'a92ee202550111e4916c0800200c9a66',
};

export interface Told {
  readonly command: number;
  readonly payload: Buffer;
}

/** What a client keeps of a pairing. */
export interface Paired {
  readonly id: number;
  readonly key: Uint8Array;
}

const clearBytes: Record<number, number> = { 3: 36, 4: 36, 7: 88, 14: 5, 18: 7, 76: 5 };

export const crc = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte) => {
    let next = sum ^ (byte << 8);
    for (let i = 0; i < 8; i++) next = next & 0x8000 ? ((next << 1) ^ 0x1021) & 0xffff : (next << 1) & 0xffff;
    return next;
  }, 0xffff);

export const u16 = (value: number): Buffer => Buffer.from([value & 0xff, (value >> 8) & 0xff]);
export const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
export const text = (value: string, size: number): Buffer =>
  Buffer.concat([Buffer.from(value), Buffer.alloc(size)], size);
const withCrc = (bytes: Buffer): Buffer => Buffer.concat([bytes, u16(crc(bytes))]);
const clear = (command: number, payload: Uint8Array): Buffer => withCrc(Buffer.concat([u16(command), payload]));
const hmac = (key: Uint8Array, ...parts: Uint8Array[]): Buffer =>
  createHmac('sha256', key).update(Buffer.concat(parts)).digest();

export class Client {
  readonly pieces: Buffer[] = [];
  ended = false;
  #pending = new Map<string, Buffer>();
  #inbox: Told[] = [];
  #raw: Buffer[] = [];
  readonly #nuki: SimNuki;
  readonly #pinBytes: 2 | 4;
  #connection: GattConnection | undefined;
  me: Paired | undefined;

  constructor(nuki: SimNuki, pinBytes: 2 | 4 = 2) {
    this.#nuki = nuki;
    this.#pinBytes = pinBytes;
  }

  /** @returns whether it came about */
  connect(mtu = 23): boolean {
    this.ended = false;
    this.#pending.clear();
    this.#connection = this.#nuki.connect({
      mtu: () => mtu,
      indicate: (from, bytes) => this.#hear(from, Buffer.from(bytes)),
      hangUp: () => {
        this.ended = true;
      },
    });
    for (const one of Object.values(uuid)) this.#connection?.onSubscribe(one, true);
    return this.#connection !== undefined;
  }

  disconnect(): void {
    this.#connection?.onEnd();
  }

  /** Messages that came since the last call. */
  told(): Told[] {
    return this.#inbox.splice(0);
  }

  clear(to: string, command: number, payload: Uint8Array): Told[] {
    this.write(to, clear(command, payload));
    return this.told();
  }

  write(to: string, bytes: Uint8Array): void {
    this.#connection?.onWrite(to, new Uint8Array(bytes));
  }

  /** Seals and sends. */
  ask(command: number, payload: Uint8Array = Buffer.alloc(0)): Told[] {
    this.write(uuid.usdio, this.sealed(withCrc(this.plain(command, payload))));
    return this.told();
  }

  plain(command: number, payload: Uint8Array): Buffer {
    return Buffer.concat([u32(this.me!.id), u16(command), payload]);
  }

  sealed(plain: Buffer, id = u32(this.me!.id), key = this.me!.key): Buffer {
    const nonce = randomBytes(24);
    const box = nacl.secretbox(plain, nonce, key);
    return Buffer.concat([nonce, id, u16(box.length), box]);
  }

  challenge(): Buffer {
    return this.ask(0x0001, u16(0x0004))[0]?.payload ?? Buffer.alloc(32);
  }

  guarded(command: number, payload: Uint8Array = Buffer.alloc(0)): Told[] {
    return this.ask(command, Buffer.concat([payload, this.challenge()]));
  }

  withPin(command: number, payload: Uint8Array, pin: number): Told[] {
    const tail = this.#pinBytes === 2 ? u16(pin) : u32(pin);
    return this.ask(command, Buffer.concat([payload, this.challenge(), tail]));
  }

  act(action: number, suffix?: string): Told[] {
    const end = suffix === undefined ? Buffer.alloc(0) : text(suffix, 20);
    return this.guarded(0x000d, Buffer.concat([Buffer.from([action]), u32(1), Buffer.from([0]), end]));
  }

  /** Asks for the states; what came before is forgotten. */
  states(): Buffer {
    this.told();
    return this.ask(0x0001, u16(0x000c)).find(({ command }) => command === 0x0c)!.payload;
  }

  /** Steps 1 to 10. @param stopAfter  the number of the last message of ours that is sent */
  pair({ idType = 0, id = 7, name = 'Hub', stopAfter = 9 } = {}): Told | undefined {
    const own = nacl.box.keyPair();
    const [theirs] = this.clear(uuid.pairing, 0x01, u16(0x03));
    if (theirs?.command !== 0x03 || stopAfter === 1) return theirs;
    const key = nacl.box.before(theirs.payload, own.secretKey);
    const [first] = this.clear(uuid.pairing, 0x03, own.publicKey);
    if (stopAfter === 3) return first;
    const proof = hmac(key, own.publicKey, theirs.payload, first!.payload);
    const [second] = this.clear(uuid.pairing, 0x05, proof);
    if (second?.command !== 0x04 || stopAfter === 5) return second;
    const nonce = randomBytes(32);
    const data = Buffer.concat([Buffer.from([idType]), u32(id), text(name, 32), nonce]);
    const [given] = this.clear(uuid.pairing, 0x06, Buffer.concat([hmac(key, data, second.payload), data]));
    if (given?.command !== 0x07 || stopAfter === 7) return given;
    const told = given.payload.subarray(32);
    if (!hmac(key, told, nonce).equals(given.payload.subarray(0, 32))) return undefined;
    const idBytes = told.subarray(0, 4);
    const confirmation = Buffer.concat([hmac(key, idBytes, told.subarray(20)), idBytes]);
    const [done] = this.clear(uuid.pairing, 0x1e, confirmation);
    this.me = { id: idBytes.readUInt32LE(), key };
    return done;
  }

  /** The pairing of newer locks. */
  pairWithPin(pin: number): Told | undefined {
    const own = nacl.box.keyPair();
    const [theirs] = this.clear(uuid.pinPairing, 0x01, u16(0x03));
    if (theirs?.command !== 0x03) return theirs;
    const key = nacl.box.before(theirs.payload, own.secretKey);
    const [first] = this.clear(uuid.pinPairing, 0x03, own.publicKey);
    const [info] = this.clear(uuid.pinPairing, 0x05, hmac(key, own.publicKey, theirs.payload, first!.payload));
    if (info?.command !== 0x4c) return info;
    const anyone = Buffer.from('7fffffff', 'hex');
    const plain = withCrc(Buffer.concat([anyone, u16(0x06), u32(7), text('Hub', 32), u32(pin)]));
    this.#raw = [];
    this.write(uuid.pinPairing, this.sealed(plain, anyone, key));
    const [refused] = this.told();
    if (refused) return refused;
    const whole = Buffer.concat(this.#raw);
    const opened = Buffer.from(nacl.secretbox.open(whole.subarray(30), whole.subarray(0, 24), key)!);
    this.me = { id: opened.readUInt32LE(6), key };
    return { command: opened.readUInt16LE(4), payload: opened.subarray(6, -2) };
  }

  #hear(from: string, bytes: Buffer): void {
    this.pieces.push(bytes);
    const whole = Buffer.concat([this.#pending.get(from) ?? Buffer.alloc(0), bytes]);
    this.#pending.set(from, whole);
    if (from === uuid.usdio) {
      if (whole.length < 30 || whole.length < 30 + whole.readUInt16LE(28)) return;
      this.#pending.delete(from);
      const opened = nacl.secretbox.open(whole.subarray(30), whole.subarray(0, 24), this.me!.key);
      if (opened) this.#inbox.push(takeApart(Buffer.from(opened), 4));
      return;
    }
    this.#raw.push(bytes);
    if (whole.length < (clearBytes[whole.readUInt16LE()] ?? Number.POSITIVE_INFINITY)) return;
    if (crc(whole.subarray(0, -2)) !== whole.readUInt16LE(whole.length - 2)) return;
    this.#pending.delete(from);
    this.#inbox.push(takeApart(whole, 0));
  }
}

const takeApart = (bytes: Buffer, at: number): Told => ({
  command: bytes.readUInt16LE(at),
  payload: bytes.subarray(at + 2, -2),
});
