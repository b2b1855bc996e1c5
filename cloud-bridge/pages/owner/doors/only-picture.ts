/** Takes out of a JPEG whatever is no picture: browsers write colour profiles, cameras where and when (Exif). Pure. */

const sos = 0xda;
const jfif = 0xe0;

/** @returns the same picture with its JFIF header alone; undefined for what is no JPEG */
export function onlyPicture(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const kept = [bytes.subarray(0, 2)];
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return undefined;
    if (marker === sos) return joined([...kept, bytes.subarray(at)]);
    const end = at + 2 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
    const isTold = (marker > jfif && marker <= 0xef) || marker === 0xfe;
    if (!isTold) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return undefined;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
