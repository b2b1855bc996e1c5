/** What passes between a Bluetooth host and its controller, packet by packet: who asks, what, and when. */
import type { Link, OpenLink } from '../../device/link/link.ts';
import { h4Cutter } from '../../hardware-sim/air/h4.ts';

/** One packet as it passed the plug. */
export interface Packet {
  /** `performance.now()` of the process that looks, ms. */
  readonly atMs: number;
  /** `out`: from the host. */
  readonly way: 'out' | 'in';
  readonly what: What;
  /** Of the value that a write or an indication carries; 0 for others. */
  readonly valueBytes: number;
}

/** ATT opcodes, and what ends and begins a connection. Everything else that passes is none of a lock's business. */
const attNames = {
  1: 'error',
  2: 'mtu request',
  3: 'mtu answer',
  8: 'read-by-type request',
  9: 'read-by-type answer',
  10: 'read request',
  11: 'read answer',
  16: 'read-by-group request',
  17: 'read-by-group answer',
  18: 'write request',
  19: 'write answer',
  29: 'indication',
  30: 'confirmation',
} as const;
export type What = (typeof attNames)[keyof typeof attNames] | 'connect' | 'connected' | 'disconnected';

/** `[2][handle u16][length u16][L2CAP length u16][channel u16]` lies before the ATT opcode. */
const attAt = 9;
const attChannel = 4;
/** Opcode and handle lie before a value. */
const valueAt = 3;
const connectCommand = 0x200d;

/** @param packet  H4, its type byte first @returns undefined for what is not traced; pieces after the first are none */
export function readPacket(packet: Uint8Array): Pick<Packet, 'what' | 'valueBytes'> | undefined {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const plain = (what: What) => ({ what, valueBytes: 0 });
  if (packet[0] === 1) return view.getUint16(1, true) === connectCommand ? plain('connect') : undefined;
  if (packet[0] === 4 && packet[1] === 0x05) return plain('disconnected');
  if (packet[0] === 4 && packet[1] === 0x3e && packet[3] === 0x01)
    return packet[4] === 0 ? plain('connected') : undefined;
  const isFirst = packet[0] === 2 && packet.length > attAt && (packet[2]! & 0x30) !== 0x10;
  if (!isFirst || view.getUint16(7, true) !== attChannel) return undefined;
  const what = (attNames as { readonly [opcode: number]: What })[packet[attAt]!];
  if (what === undefined) return undefined;
  const carries = what === 'write request' || what === 'indication';
  return { what, valueBytes: carries ? view.getUint16(5, true) - valueAt : 0 };
}

/** The same link, looked at: `onPacket` is told of every packet before it goes on. */
export function tapped(openLink: OpenLink, onPacket: (packet: Packet) => void): OpenLink {
  const look = (way: Packet['way'], packet: Uint8Array): void => {
    const read = readPacket(packet);
    if (read !== undefined) onPacket({ atMs: performance.now(), way, ...read });
  };
  return async (): Promise<Link> => {
    const link = await openLink();
    const heard = h4Cutter(
      (packet) => look('in', packet),
      () => undefined,
    );
    return {
      ...link,
      // A host hands over whole packets, one at a time.
      write: (bytes) => {
        look('out', bytes);
        return link.write(bytes);
      },
      onData: (listener) =>
        link.onData((chunk) => {
          heard(chunk);
          listener(chunk);
        }),
    };
  };
}

/** Bytes of the sealed messages of a Nuki that carry these: nonce, id and length, tag, `id, command, payload, CRC`. */
const sealedBytes = (payloadBytes: number): number => 30 + 16 + 8 + payloadBytes;
/** What is recognised by its length: nothing else that a hub sends in a visit is as long. */
export const lengths = {
  /** Request Data: for the states, or for a challenge. */
  request: sealedBytes(2),
  /** Lock Action without a name: action, app id, flags, nonce. */
  action: sealedBytes(38),
  challenge: sealedBytes(32),
  status: sealedBytes(1),
} as const;

export const isAction = ({ way, what, valueBytes }: Packet): boolean =>
  way === 'out' && what === 'write request' && valueBytes === lengths.action;

/** Questions of the host that it waited an answer for, in order: what takes round trips on the air. */
export const requestsOf = (packets: readonly Packet[]): readonly Packet[] =>
  packets.filter(({ way, what }) => way === 'out' && what.endsWith('request'));
