/** Reads a baseline JPEG to its coefficients, row by row: the hub's other work goes on in between. */
import { setImmediate as others } from 'node:timers/promises';
import { BitReader, type Decoder, toDecoder, unreadable } from './bits.ts';
import { blockSide, blockSize, type Component, type JpegPicture, maxPixels } from './picture.ts';
import { type HuffmanTable, meanTables, restTables } from './tables.ts';

const marker = { start: 0xd8, end: 0xd9, scan: 0xda, steps: 0xdb, codes: 0xc4, restarts: 0xdd } as const;
/** Baseline, and extended sequential of 8 bits, which reads the same. */
const frames: readonly number[] = [0xc0, 0xc1];
/** Progressive, lossless, arithmetic: no camera that is meant here. */
const otherFrames: readonly number[] = [0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

/** Largest means and sizes of 8 bits a sample (table F.1, F.2). */
const mostMean = 1023;
const mostMeanSize = 11;
const mostRestSize = 10;

interface Declared {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  readonly steps: number;
}

interface Heads {
  width: number;
  height: number;
  declared: readonly Declared[];
  restartEvery: number;
  readonly steps: Map<number, Uint16Array>;
  readonly means: Map<number, Decoder>;
  readonly rests: Map<number, Decoder>;
}

function readSteps({ steps }: Heads, part: Uint8Array): void {
  for (let at = 0; at < part.length; ) {
    const kind = part[at]!;
    const wide = kind >> 4 === 0 ? 1 : 2;
    const values = part.subarray(at + 1, at + 1 + wide * blockSize);
    if (values.length !== wide * blockSize) throw unreadable('steps');
    const read = (index: number): number =>
      wide === 1 ? values[index]! : values[2 * index]! * 256 + values[2 * index + 1]!;
    steps.set(
      kind & 15,
      Uint16Array.from({ length: blockSize }, (_, index) => read(index)),
    );
    at += 1 + values.length;
  }
}

function readCodes({ means, rests }: Heads, part: Uint8Array): void {
  for (let at = 0; at < part.length; ) {
    const kind = part[at]!;
    const counts = [...part.subarray(at + 1, at + 17)];
    const length = counts.reduce((sum, count) => sum + count, 0);
    const values = [...part.subarray(at + 17, at + 17 + length)];
    if (counts.length !== 16 || values.length !== length) throw unreadable('code table');
    (kind >> 4 === 0 ? means : rests).set(kind & 15, toDecoder({ counts, values } satisfies HuffmanTable));
    at += 17 + length;
  }
}

function readFrame(heads: Heads, part: Uint8Array): void {
  const [precision = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = part;
  heads.height = h1 * 256 + h0;
  heads.width = w1 * 256 + w0;
  const pixels = heads.width * heads.height;
  if (precision !== 8 || pixels === 0 || pixels > maxPixels) throw unreadable('size');
  if ((count !== 1 && count !== 3) || part.length !== 6 + 3 * count) throw unreadable('components');
  heads.declared = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, steps = 0] = part.subarray(6 + 3 * index);
    // A component alone has no units: its blocks come one after another, whatever it says (section A.2.2).
    const [across, down] = count === 1 ? [1, 1] : [sampling >> 4, sampling & 15];
    if (![1, 2].includes(across) || ![1, 2].includes(down)) throw unreadable('sampling');
    return { id, across, down, steps };
  });
}

interface Scanned extends Component {
  readonly mean: Decoder;
  readonly rest: Decoder;
}

function readScan(heads: Heads, part: Uint8Array): { picture: JpegPicture; scanned: readonly Scanned[] } {
  const { width, height, declared, steps, means, rests } = heads;
  if (declared.length === 0 || part.length !== 4 + 2 * declared.length || part[0] !== declared.length)
    throw unreadable('scan');
  const unitWidth = blockSide * Math.max(...declared.map(({ across }) => across));
  const unitHeight = blockSide * Math.max(...declared.map(({ down }) => down));
  const [unitsWide, unitsHigh] = [Math.ceil(width / unitWidth), Math.ceil(height / unitHeight)];
  const standard = (tables: readonly HuffmanTable[], index: number): Decoder | undefined =>
    tables[index] && toDecoder(tables[index]);
  // Each pixel has a luma of its own: nothing else is meant by a picture of fewer colours than pixels.
  if (declared[0]!.across * blockSide !== unitWidth || declared[0]!.down * blockSide !== unitHeight)
    throw unreadable('sampling');
  const scanned = declared.map((one, index): Scanned => {
    const [id = 0, tables = 0] = part.subarray(1 + 2 * index);
    // Cameras that stream pictures leave out what annex K has.
    const mean = means.get(tables >> 4) ?? standard(meanTables, tables >> 4);
    const rest = rests.get(tables & 15) ?? standard(restTables, tables & 15);
    const own = steps.get(one.steps);
    if (id !== one.id || mean === undefined || rest === undefined || own === undefined) throw unreadable('scan');
    const blocksWide = unitsWide * one.across;
    const coefficients = new Int16Array(blockSize * blocksWide * unitsHigh * one.down);
    return { across: one.across, down: one.down, steps: own, blocksWide, coefficients, mean, rest };
  });
  const [luma, ...colour] = scanned as [Scanned, ...Scanned[]];
  return {
    picture: { width, height, unitWidth, unitHeight, unitsWide, unitsHigh, components: [luma, ...colour] },
    scanned,
  };
}

/** @returns the block's mean */
function readBlock(bits: BitReader, { mean, rest }: Scanned, into: Int16Array, before: number): number {
  const size = bits.value(mean);
  if (size > mostMeanSize) throw unreadable('mean');
  const own = before + bits.signed(size);
  into[0] = Math.max(-mostMean, Math.min(mostMean, own));
  for (let at = 1; at < blockSize; at += 1) {
    const symbol = bits.value(rest);
    const [zeros, bitCount] = [symbol >> 4, symbol & 15];
    if (bitCount === 0 && zeros !== 15) break;
    at += zeros;
    if (bitCount === 0) continue;
    if (at >= blockSize || bitCount > mostRestSize) throw unreadable('coefficient');
    into[at] = bits.signed(bitCount);
  }
  return own;
}

async function readUnits(
  bits: BitReader,
  { unitsWide, unitsHigh }: JpegPicture,
  scanned: readonly Scanned[],
  restartEvery: number,
): Promise<void> {
  const before = scanned.map(() => 0);
  for (let row = 0; row < unitsHigh; row += 1) {
    for (let column = 0; column < unitsWide; column += 1) {
      const unit = row * unitsWide + column;
      if (restartEvery > 0 && unit > 0 && unit % restartEvery === 0) {
        bits.restart();
        before.fill(0);
      }
      for (const [index, one] of scanned.entries()) {
        for (let y = 0; y < one.down; y += 1) {
          for (let x = 0; x < one.across; x += 1) {
            const block = (row * one.down + y) * one.blocksWide + column * one.across + x;
            const into = one.coefficients.subarray(block * blockSize, (block + 1) * blockSize);
            before[index] = readBlock(bits, one, into, before[index]!);
          }
        }
      }
    }
    await others();
  }
}

/**
 * Everything that is not the picture - names, places, thumbnails - is left behind.
 * @throws Fault CAMERA_UNREADABLE for what is no baseline JPEG of 8 bits, one or three components, at most `maxPixels`
 */
export async function readJpeg(bytes: Uint8Array): Promise<JpegPicture> {
  const heads: Heads = {
    ...{ width: 0, height: 0, declared: [], restartEvery: 0 },
    ...{ steps: new Map(), means: new Map(), rests: new Map() },
  };
  if (bytes[0] !== 0xff || bytes[1] !== marker.start) throw unreadable('no JPEG');
  for (let at = 2; ; ) {
    const kind = bytes[at + 1];
    if (bytes[at] !== 0xff || kind === undefined || kind === marker.end || otherFrames.includes(kind))
      throw unreadable('marker');
    // Fill bytes stand before any marker (section B.1.1.2).
    if (kind === 0xff) {
      at += 1;
      continue;
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const part = bytes.subarray(at + 4, at + 2 + length);
    if (!(length >= 2) || part.length !== length - 2) throw unreadable('cut off');
    at += 2 + length;
    if (kind === marker.steps) readSteps(heads, part);
    else if (kind === marker.codes) readCodes(heads, part);
    else if (kind === marker.restarts) heads.restartEvery = part[0]! * 256 + part[1]!;
    else if (frames.includes(kind)) readFrame(heads, part);
    else if (kind === marker.scan) {
      const { picture, scanned } = readScan(heads, part);
      await readUnits(new BitReader(bytes, at), picture, scanned, heads.restartEvery);
      return picture;
    }
  }
}
