/** JPEG pictures as an AVI file (Motion JPEG), which common players open. @see Microsoft, AVI RIFF File Reference */
import { jpegSize } from './jpeg.ts';

export interface Shot {
  /** ms since the first. */
  readonly atMs: number;
  readonly data: Uint8Array;
}

const text = new TextEncoder();
/** Fields of a chunk: numbers are u32, little endian; texts are four letters. */
function fields(...values: readonly (number | string)[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (typeof value === 'string') bytes.set(text.encode(value), 4 * index);
    else view.setUint32(4 * index, value, true);
  }
  return bytes;
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);
const pad = new Uint8Array(1);

function chunk(name: string, ...parts: readonly Uint8Array[]): Uint8Array[] {
  const size = sizeOf(parts);
  return [fields(name, size), ...parts, ...(size % 2 === 1 ? [pad] : [])];
}

const list = (name: string, ...parts: readonly Uint8Array[]): Uint8Array[] => chunk('LIST', fields(name), ...parts);

/** The file knows one rate only: a slot of this length each, ms, fine enough for the shortest distance between two pictures. */
function slotMs(shots: readonly Shot[]): number {
  const gaps = shots.slice(1).map(({ atMs }, index) => atMs - shots[index]!.atMs);
  const median = gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 1000;
  return Math.max(10, Math.min(1000, Math.round(median / 2)));
}

const hasIndex = 0x10;
const isKeyFrame = 0x10;
/** Largest file of this kind that every player reads. */
export const maxAviBytes = 2 ** 30;

/**
 * Writes an AVI file. A picture stands in the slot of its capture time; a slot without a picture is an empty chunk, which
 * repeats the one before.
 * @param shots  JPEGs in order, at least one
 * @returns the file in parts; undefined when there is no picture, or no JPEG, or the file would be too big
 */
export function toAvi(shots: readonly Shot[]): Uint8Array[] | undefined {
  const size = shots[0] === undefined ? undefined : jpegSize(shots[0].data);
  if (size === undefined) return undefined;
  const { width, height } = size;
  const slot = slotMs(shots);
  const frames: Uint8Array[][] = [];
  const index: Uint8Array[] = [];
  let at = 4;
  const put = (data: Uint8Array): void => {
    const made = chunk('00dc', data);
    index.push(fields('00dc', isKeyFrame, at, data.length));
    at += sizeOf(made);
    frames.push(made);
  };
  for (const { atMs, data } of shots) {
    while (frames.length < Math.round(atMs / slot)) put(new Uint8Array());
    put(data);
  }
  if (at > maxAviBytes) return undefined;
  const count = frames.length;
  const largest = Math.max(...shots.map(({ data }) => data.length));
  const main = fields(slot * 1000, 0, 0, hasIndex, count, 0, 1, largest, width, height, 0, 0, 0, 0);
  const stream = fields(
    'vids',
    'MJPG',
    0,
    0,
    0,
    slot,
    1000,
    0,
    count,
    largest,
    0xffff_ffff,
    0,
    0,
    width | (height << 16),
  );
  const format = fields(40, width, height, 1 | (24 << 16), 'MJPG', width * height * 3, 0, 0, 0, 0);
  const streamList = list('strl', ...chunk('strh', stream), ...chunk('strf', format));
  const body = [
    fields('AVI '),
    ...list('hdrl', ...chunk('avih', main), ...streamList),
    ...list('movi', ...frames.flat()),
    ...chunk('idx1', ...index),
  ];
  return [fields('RIFF', sizeOf(body)), ...body];
}
