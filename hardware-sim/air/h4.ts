/** H4: commands, events and ACL data on a stream of bytes. Its own; nothing is shared with the hub. */

/** @returns length of the packet that `bytes` begin with, or undefined while it cannot be known; 0 for none of H4 */
function lengthOf(bytes: Buffer): number | undefined {
  switch (bytes[0]) {
    case 1: // [1][opcode u16 LE][length u8]
      return bytes.length < 4 ? undefined : 4 + bytes[3]!;
    case 2: // [2][handle and flags u16 LE][length u16 LE]
      return bytes.length < 5 ? undefined : 5 + bytes.readUInt16LE(3);
    case 4: // [4][event u8][length u8]
      return bytes.length < 3 ? undefined : 3 + bytes[2]!;
    default:
      return 0;
  }
}

/**
 * @param onPacket  one packet, its type byte first
 * @param onGarbage  the stream cannot be read any further
 * @returns takes the next chunk, cut anywhere
 */
export function h4Cutter(onPacket: (packet: Buffer) => void, onGarbage: () => void): (chunk: Uint8Array) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length > 0) {
      const length = lengthOf(rest);
      if (length === 0) return onGarbage();
      if (length === undefined || rest.length < length) return;
      const packet = rest.subarray(0, length);
      rest = rest.subarray(length);
      onPacket(packet);
    }
  };
}

/** @returns a command complete event @param result  status first */
export const commandComplete = (opcode: number, result: Uint8Array): Buffer =>
  event(0x0e, Buffer.from([1, opcode & 0xff, opcode >> 8, ...result]));

/** @returns a command status event */
export const commandStatus = (opcode: number, status: number): Buffer =>
  event(0x0f, Buffer.from([status, 1, opcode & 0xff, opcode >> 8]));

/** @returns an LE meta event */
export const leEvent = (subevent: number, body: Uint8Array): Buffer => event(0x3e, Buffer.from([subevent, ...body]));

/** @returns [4][code][length][body] */
export const event = (code: number, body: Uint8Array): Buffer => Buffer.from([4, code, body.length, ...body]);

/** @returns 6 bytes, least first, of `aa:bb:cc:dd:ee:ff` */
export const addressBytes = (address: string): Buffer => Buffer.from(address.replaceAll(':', ''), 'hex').reverse();

/** @returns `aa:bb:cc:dd:ee:ff` of 6 bytes, least first */
export const addressText = (bytes: Uint8Array): string =>
  [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':');
