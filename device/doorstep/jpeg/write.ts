/** Writes coefficients as a baseline JPEG, with the tables of annex K and nothing beside the picture. */
import { setImmediate as others } from 'node:timers/promises';
import { BitWriter, type Encoder, sizeOf, toEncoder } from './bits.ts';
import { blockSize, type JpegPicture } from './picture.ts';
import { type HuffmanTable, meanTables, restTables } from './tables.ts';

const segment = (kind: number, ...parts: readonly ArrayLike<number>[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  const lead = Buffer.from([0xff, kind, 0, 0]);
  lead.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([lead, body]);
};
const word = (value: number): readonly number[] => [value >> 8, value & 0xff];
const codes = (kind: number, { counts, values }: HuffmanTable): readonly number[] => [kind, ...counts, ...values];
/** Version 1.1, square pixels, no thumbnail. */
const jfif = [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0];
/** Luma has the first tables, colour the second ones. */
const tableOf = (index: number): 0 | 1 => (index === 0 ? 0 : 1);

function headsOf({ width, height, components }: JpegPicture): Buffer {
  // Steps of 16 bits need the extended frame.
  const isWide = components.some(({ steps }) => steps.some((step) => step > 255));
  const steps = components.map(({ steps }, index) =>
    segment(0xdb, isWide ? [0x10 | index, ...[...steps].flatMap(word)] : [index, ...steps]),
  );
  const declared = components.flatMap(({ across, down }, index) => [index + 1, 16 * across + down, index]);
  const tables = components.length === 1 ? ([0] as const) : ([0, 1] as const);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, jfif),
    ...steps,
    segment(isWide ? 0xc1 : 0xc0, [8, ...word(height), ...word(width), components.length, ...declared]),
    ...tables.map((index) => segment(0xc4, codes(index, meanTables[index]), codes(0x10 | index, restTables[index]))),
    segment(0xda, [components.length, ...components.flatMap((_, index) => [index + 1, 17 * tableOf(index)]), 0, 63, 0]),
  ]);
}

/** @param most  coefficients of a block that are written, 1..64: fewer are coarser, and shorter */
function writeBlock(
  bits: BitWriter,
  block: Int16Array,
  before: number,
  most: number,
  mean: Encoder,
  rest: Encoder,
): void {
  const difference = block[0]! - before;
  bits.code(mean, sizeOf(difference));
  bits.signed(difference);
  let zeros = 0;
  for (let at = 1; at < most; at += 1) {
    const value = block[at]!;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) bits.code(rest, 0xf0);
    bits.code(rest, 16 * zeros + sizeOf(value));
    bits.signed(value);
    zeros = 0;
  }
  if (zeros > 0 || most < blockSize) bits.code(rest, 0);
}

async function writeOnce(picture: JpegPicture, most: number): Promise<Buffer> {
  const bits = new BitWriter();
  const { unitsWide, unitsHigh, components } = picture;
  const before = components.map(() => 0);
  const means = meanTables.map(toEncoder);
  const rests = restTables.map(toEncoder);
  for (let row = 0; row < unitsHigh; row += 1) {
    for (let column = 0; column < unitsWide; column += 1) {
      for (const [index, one] of components.entries()) {
        for (let y = 0; y < one.down; y += 1) {
          for (let x = 0; x < one.across; x += 1) {
            const at = blockSize * ((row * one.down + y) * one.blocksWide + column * one.across + x);
            const block = one.coefficients.subarray(at, at + blockSize);
            writeBlock(bits, block, before[index]!, most, means[tableOf(index)]!, rests[tableOf(index)]!);
            before[index] = block[0]!;
          }
        }
      }
    }
    await others();
  }
  return Buffer.concat([headsOf(picture), bits.end(), Buffer.from([0xff, 0xd9])]);
}

/** Coefficients that are left out when it would be too long, a step at a time: the finest first. */
const coarser = [blockSize, 36, 21, 10] as const;

/** @returns undefined where even the coarsest is longer than `mostBytes` */
export async function writeJpeg(picture: JpegPicture, mostBytes: number): Promise<Uint8Array | undefined> {
  for (const most of coarser) {
    const written = await writeOnce(picture, most);
    if (written.length <= mostBytes) return written;
  }
  return undefined;
}
