/** Splits the bytes of one client into whole packets, and counts them before anything else does. */
import { accept, refuse, type Verdict } from '../wire/faults.ts';
import { checkPacket, packetType } from './packet.ts';

export interface PacketLimits {
  /** Bytes of a whole CONNECT. */
  readonly maxConnectBytes: number;
  /** Bytes of any other whole packet. */
  readonly maxPacketBytes: number;
}

/** Some whole packets in a row, released together. */
export interface Group {
  readonly bytes: Buffer;
  readonly packets: number;
  readonly publishes: number;
}

/** Few and small, so that one client's burst never keeps the others waiting for long. */
const maxGroupPackets = 16;
const maxGroupBytes = 16 * 1024;

/** Reads one connection's stream. After a refusal it is not to be used again. */
export class PacketReader {
  readonly #limits: PacketLimits;
  #parts: Buffer[] = [];
  #held = 0;
  /** Bytes without which the next step cannot be made. */
  #needs = 2;
  #connected = false;

  constructor(limits: PacketLimits) {
    this.#limits = limits;
  }

  /**
   * Takes the next bytes as they came from the socket.
   * @returns the packets that are whole now, in groups of at most 16 packets and about 16 kB, the CONNECT in a group of its own;
   *   or BROKER_PACKET_TOO_BIG as soon as a length is announced, BROKER_PACKET_MALFORMED, BROKER_PROTOCOL_REFUSED, BROKER_QOS_REFUSED, BROKER_RETAIN_REFUSED
   */
  take(chunk: Buffer): Verdict<Group[]> {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needs) return accept([]);
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts, this.#held);
    return this.#split(bytes);
  }

  #split(bytes: Buffer): Verdict<Group[]> {
    const groups: Group[] = [];
    let [start, at, packets, publishes] = [0, 0, 0, 0];
    const close = () => {
      if (at > start) groups.push({ bytes: bytes.subarray(start, at), packets, publishes });
      [start, packets, publishes] = [at, 0, 0];
    };
    for (;;) {
      const length = this.#packetLength(bytes, at);
      if (!length.ok) return length;
      const { head, total } = length.value;
      if (at + total > bytes.length || head === 0) {
        this.#needs = total;
        break;
      }
      const first = bytes[at]!;
      const fault = checkPacket(first, bytes.subarray(at + head, at + total));
      if (fault !== undefined) return fault;
      const type = first >> 4;
      at += total;
      packets += 1;
      if (type === packetType.publish) publishes += 1;
      if (type === packetType.connect) this.#connected = true;
      if (type === packetType.connect || packets >= maxGroupPackets || at - start >= maxGroupBytes) close();
    }
    close();
    this.#parts = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#held = bytes.length - at;
    return accept(groups);
  }

  /** @returns `head` = bytes of the fixed header, 0 while it is incomplete; `total` = bytes needed from `at` on */
  #packetLength(bytes: Buffer, at: number): Verdict<{ head: number; total: number }> {
    if (at < bytes.length) {
      const isConnect = bytes[at]! >> 4 === packetType.connect;
      // [MQTT-3.1.0-1], [MQTT-3.1.0-2]: the first packet, and no later one, is a CONNECT
      if (isConnect === this.#connected) return refuse('BROKER_PACKET_MALFORMED', { reason: 'order' });
    }
    let rest = 0;
    for (let index = 0; index < 4; index++) {
      const byte = bytes[at + 1 + index];
      if (byte === undefined) return accept({ head: 0, total: index + 2 });
      rest += (byte & 0x7f) * 128 ** index;
      if (byte < 0x80) return this.#withinLimit(index + 2, rest);
    }
    return refuse('BROKER_PACKET_MALFORMED', { reason: 'length' }); // MQTT 3.1.1, 2.2.3
  }

  #withinLimit(head: number, rest: number): Verdict<{ head: number; total: number }> {
    const maxBytes = this.#connected ? this.#limits.maxPacketBytes : this.#limits.maxConnectBytes;
    const total = head + rest;
    return total <= maxBytes ? accept({ head, total }) : refuse('BROKER_PACKET_TOO_BIG', { bytes: total, maxBytes });
  }
}
