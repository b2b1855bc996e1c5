/**
 * VC0706 frames: bytes on the line to answers, and back. Pure.
 *
 * | direction | bytes |
 * |---|---|
 * | to the camera | 56, serial number, command, length of data (0..16), data |
 * | from the camera | 76, serial number, command, status, length of data, data |
 *
 * There is no checksum. The serial number is 00 from the factory. Picture bytes and the text after a reset stand between frames.
 *
 * @see VC0706 communication protocol, "Command format"; bytes in test/vectors/camera/vc0706.json
 */

const fromHost = 0x56;
const fromCamera = 0x76;
const serialNumber = 0x00;
const headBytes = 5;

export interface Answer {
  /** 00 ok, 01 unknown command, 02 length of data, 03 form of data, 04 not now, 05 executed wrongly. */
  readonly status: number;
  readonly data: Uint8Array;
}

/** @param data  0..16 bytes @returns the whole frame to the camera */
export const encodeFrame = (command: number, data: readonly number[] = []): Uint8Array =>
  Uint8Array.of(fromHost, serialNumber, command, data.length, ...data);

/**
 * Finds the answer to a command; whatever stands before it is passed over.
 * @returns the answer and how many bytes of `bytes` are used up; nothing while it is not whole
 */
export function findAnswer(bytes: Uint8Array, command: number): { answer: Answer; used: number } | undefined {
  for (let at = bytes.indexOf(fromCamera); at !== -1; at = bytes.indexOf(fromCamera, at + 1)) {
    if (at + headBytes > bytes.length) return undefined;
    if (bytes[at + 1] !== serialNumber || bytes[at + 2] !== command) continue;
    const end = at + headBytes + bytes[at + 4]!;
    if (end > bytes.length) return undefined;
    return { answer: { status: bytes[at + 3]!, data: bytes.slice(at + headBytes, end) }, used: end };
  }
  return undefined;
}
