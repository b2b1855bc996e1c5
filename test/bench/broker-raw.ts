/** A hub reduced to bytes over TLS, so that a benchmark measures the broker and not its own client. */
import { connect, type TLSSocket } from 'node:tls';
import { Fault } from '../../wire/faults.ts';
import { connectPacket } from '../broker/bytes.ts';
import type { Leaf } from '../broker/pki.ts';

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
      socket.write(connectPacket(id, { keepaliveS: 120 }));
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
