/** Packets between a Bluetooth host and its controller on a stream of bytes: H4. */

/** First byte of a packet, from the controller's side: what the host may hear. @see Bluetooth Core 5.4, Vol 4, Part A, 2 */
const headerBytes: Readonly<Record<number, { readonly bytes: number; bodyAt(header: Uint8Array): number }>> = {
  // [2][handle and flags u16 LE][length u16 LE]
  2: { bytes: 5, bodyAt: (header) => header[3]! | (header[4]! << 8) },
  // [4][event u8][length u8]
  4: { bytes: 3, bodyAt: (header) => header[2]! },
};

/**
 * Cuts a stream into packets, type byte included.
 * @param onPacket  gets bytes of its own
 * @returns takes the next chunk, cut anywhere; false when the stream is none of H4: nothing after it can be read
 */
export function h4Reader(onPacket: (packet: Buffer) => void): (chunk: Uint8Array) => boolean {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    while (rest.length > 0) {
      const header = headerBytes[rest[0]!];
      if (header === undefined) return false;
      if (rest.length < header.bytes) return true;
      const end = header.bytes + header.bodyAt(rest);
      if (rest.length < end) return true;
      const packet = rest.subarray(0, end);
      rest = rest.subarray(end);
      onPacket(packet);
    }
    return true;
  };
}
