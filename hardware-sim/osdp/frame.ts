/** OSDP frames as a peripheral reads and writes them: SOM, address, length, control, security block, code, data, MAC, check. */

export const som = 0x53;
/** Limits of LEN, which counts from SOM to the last check byte. */
export const minFrameBytes = 7;
export const maxFrameBytes = 1440;
export const macBytes = 4;

const replyBit = 0x80;
const sequenceMask = 0x03;
const crcBit = 0x04;
const securityBit = 0x08;

/** Security block types of frames that carry a MAC. */
export const carriesMac = (scbType: number | undefined): boolean =>
  scbType !== undefined && scbType >= 0x15 && scbType <= 0x18;

export interface SecurityBlock {
  /** 11..14 in the handshake, 15..18 after it. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** One frame whose check has been verified. `data` is as on the wire: ciphertext in types 17 and 18. */
export interface Frame {
  /** 0..7F without the reply bit; 7F is for whoever listens. */
  readonly address: number;
  readonly isReply: boolean;
  /** 0..3 */
  readonly sequence: number;
  readonly crc: boolean;
  readonly security: SecurityBlock | undefined;
  readonly code: number;
  readonly data: Uint8Array;
  /** The 4 bytes on the wire, where the security block says there are some. */
  readonly mac: Uint8Array | undefined;
  /** SOM to the end of data: what the MAC is over. */
  readonly macOver: Uint8Array;
  /** The whole frame, SOM to check. */
  readonly bytes: Uint8Array;
}

/** CRC-16, poly 1021, start 1D0F, not reflected. "123456789" gives E5CC. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0x1d0f;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** Two's complement of the sum of all bytes. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) & 0xff;
  return -sum & 0xff;
}

export interface FrameParts {
  readonly address: number;
  readonly isReply: boolean;
  readonly sequence: number;
  readonly crc: boolean;
  readonly security?: SecurityBlock | undefined;
  readonly code: number;
  readonly data?: Uint8Array;
}

/** @returns SOM to the end of data, LEN already counting the MAC (where the security block asks for one) and the check */
export function frameHead(parts: FrameParts): Uint8Array {
  const { security, data = new Uint8Array() } = parts;
  const block = security ? [security.data.length + 2, security.type, ...security.data] : [];
  const length = 5 + block.length + 1 + data.length + (carriesMac(security?.type) ? macBytes : 0) + (parts.crc ? 2 : 1);
  const control = parts.sequence | (parts.crc ? crcBit : 0) | (security ? securityBit : 0);
  const address = parts.address | (parts.isReply ? replyBit : 0);
  return Uint8Array.of(som, address, length & 0xff, length >> 8, control, ...block, parts.code, ...data);
}

/** Adds MAC and check to a head. @returns the frame as it goes on the wire */
export function closeFrame(head: Uint8Array, mac?: Uint8Array): Uint8Array {
  const body = mac ? Uint8Array.of(...head, ...mac.subarray(0, macBytes)) : head;
  if ((head[4]! & crcBit) === 0) return Uint8Array.of(...body, checksum(body));
  const crc = crc16(body);
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
}

/** Encodes a frame that carries no MAC. */
export const encodeFrame = (parts: FrameParts): Uint8Array => closeFrame(frameHead(parts));

/** @returns the parts of exactly one whole frame, or undefined when its check or its shape is wrong */
export function parseFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < minFrameBytes || bytes[0] !== som) return undefined;
  const control = bytes[4]!;
  const crc = (control & crcBit) !== 0;
  const checkBytes = crc ? 2 : 1;
  const end = bytes.length - checkBytes;
  if ((bytes[2]! | (bytes[3]! << 8)) !== bytes.length) return undefined;
  const body = bytes.subarray(0, end);
  const good = crc ? crc16(body) === (bytes[end]! | (bytes[end + 1]! << 8)) : checksum(body) === bytes[end];
  if (!good) return undefined;

  let at = 5;
  let security: SecurityBlock | undefined;
  if (control & securityBit) {
    const size = bytes[at]!;
    if (size < 2 || at + size >= end) return undefined;
    security = { type: bytes[at + 1]!, data: bytes.slice(at + 2, at + size) };
    at += size;
  }
  const dataEnd = end - (carriesMac(security?.type) ? macBytes : 0);
  if (at >= dataEnd) return undefined;
  return {
    address: bytes[1]! & 0x7f,
    isReply: (bytes[1]! & replyBit) !== 0,
    sequence: control & sequenceMask,
    crc,
    security,
    code: bytes[at]!,
    data: bytes.slice(at + 1, dataEnd),
    mac: dataEnd === end ? undefined : bytes.slice(dataEnd, end),
    macOver: bytes.slice(0, dataEnd),
    bytes: bytes.slice(),
  };
}
