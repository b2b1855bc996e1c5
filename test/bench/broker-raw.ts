/** A hub reduced to bytes over TLS, so that a benchmark measures the broker and not its own client. */
import { connect, type TLSSocket } from 'node:tls';
import { Fault } from '../../wire/faults.ts';
import type { Leaf } from '../broker/pki.ts';

const field = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** @param first  type and flags. @returns a whole MQTT packet */
export function packetOf(first: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = [first];
  let rest = body.length;
  do {
    head.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(head), body]);
}

export const connectOf = (id: string): Buffer => packetOf(0x10, field('MQTT'), Buffer.from([4, 2, 0, 120]), field(id));

export const subscribeOf = (filters: readonly string[]): Buffer =>
  packetOf(0x82, Buffer.from([0, 1]), ...filters.map((filter) => Buffer.concat([field(filter), Buffer.from([1])])));

/** A QoS 1 PUBLISH. The packet id may repeat: a sender that does not wait for acknowledgements does not need it. */
export const publishOf = (topic: string, payload: Buffer, packetId = 1): Buffer =>
  packetOf(0x32, field(topic), Buffer.from([packetId >> 8, packetId & 0xff]), payload);

export const ping = Buffer.from([0xc0, 0]);

/** Counts whole packets of one type in a stream. */
export class PacketCount {
  readonly #type: number;
  #rest: Buffer = Buffer.alloc(0);
  count = 0;

  /** @param type  first nibble, 3 for PUBLISH, 4 for PUBACK */
  constructor(type: number) {
    this.#type = type;
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      let [length, scale, index] = [0, 1, at + 1];
      for (; index < bytes.length; index++, scale *= 128) {
        length += (bytes[index]! & 0x7f) * scale;
        if (bytes[index]! < 0x80) break;
      }
      const end = index + 1 + length;
      if (index >= bytes.length || end > bytes.length) break;
      if (bytes[at]! >> 4 === this.#type) this.count += 1;
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** Connects, sends CONNECT and what follows it, and resolves when the CONNACK says yes. @throws Fault BROKER_UNREACHABLE */
export function connectRawHub(
  port: number,
  leaf: Leaf,
  id: string,
  first: Buffer = Buffer.alloc(0),
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...leaf });
    const fail = (): void => reject(new Fault('BROKER_UNREACHABLE', { id }));
    socket.once('secureConnect', () => {
      socket.setNoDelay(true);
      socket.write(connectOf(id));
    });
    socket.once('data', (chunk: Buffer) => {
      if (chunk[0] !== 0x20 || chunk[3] !== 0) return fail();
      socket.off('close', fail);
      if (first.length > 0) socket.write(first);
      resolve(socket);
    });
    socket.once('close', fail);
    socket.on('error', () => {});
  });
}
