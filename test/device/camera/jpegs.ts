/** Small pictures for tests. */

/**
 * A JPEG of 8x8 gray pixels with the marker structure of a real one: SOI, JFIF, DQT, SOF0, DHT, DHT, SOS, data, EOI. It decodes to
 * one even gray; different `gray` make different bytes.
 */
export function grayJpeg(gray: number): Uint8Array {
  const head =
    'ffd8ffe000104a46494600010100000100010000' + // SOI, APP0
    `ffdb004300${'01'.repeat(64)}` + // all quantizers 1
    'ffc0000b080008000801011100' + // SOF0: 8 bit, 8x8, 1 component
    `ffc400140001${'00'.repeat(15)}0b` + // DC: one code, category 11
    `ffc400141001${'00'.repeat(15)}00` + // AC: one code, end of block
    'ffda0008010100003f00';
  // DC category 11: code 0, then 11 bits, of which a 1 in front means positive; end of block: code 0; filled up with ones.
  const difference = 1024 + (gray & 0xff);
  const bits = `0${difference.toString(2).padStart(11, '0')}0111`;
  const data: number[] = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8), 2);
    data.push(...(byte === 0xff ? [0xff, 0x00] : [byte]));
  }
  return Uint8Array.from([...Buffer.from(head, 'hex'), ...data, 0xff, 0xd9]);
}
