/** The time of capture in the pixels: a strip of black and white cells that survives JPEG and H.264, and its reader. */

/**
 * ```
 * cell   0 1   2 .. 49             50 .. 57               58 59
 *        W B   ms since 1970, u48  CRC-8 of the 6 bytes   B W     most significant bit first, white is 1
 * ```
 * 60 cells of 10x16 pixels at the bottom of a 640x480 picture, y 464..479, x 20..619: two rows of blocks for an encoder.
 */
export const strip = { x: 20, y: 464, cellWidth: 10, cellHeight: 16, cells: 60 } as const;

/** Size of the picture that the strip is laid out for. A smaller copy is read as well, down to half. */
export const picture = { width: 640, height: 480 } as const;

const timeBytes = 6;
const maxTime = 2 ** 48 - 1;
/** Levels of 0..255 that the white marks must be brighter than the black ones. */
const minContrast = 60;

/** CRC-8, polynomial 0x07, start 0. */
function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}

/**
 * The cells, first to last; `true` is white.
 * @param timeMs  ms since 1970, below 2^48; a fraction is dropped
 */
export function stripCells(timeMs: number): boolean[] {
  let rest = Math.min(maxTime, Math.max(0, Math.floor(timeMs)));
  const bytes = new Uint8Array(timeBytes);
  for (let i = timeBytes - 1; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  const bits = [...bytes, crc8(bytes)].flatMap((byte) =>
    [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((byte >> bit) & 1) === 1),
  );
  return [true, false, ...bits, false, true];
}

/**
 * Reads the time of capture from a decoded picture.
 * @param rgba  width * height * 4 bytes, rows from the top
 * @returns ms since 1970, or undefined where there is no strip, or a damaged one
 */
export function readStrip(rgba: ArrayLike<number>, width: number, height: number): number | undefined {
  if (rgba.length < width * height * 4) return undefined;
  const levels = Array.from({ length: strip.cells }, (_, cell) => cellLevel(rgba, width, height, cell));
  const white = Math.min(levels[0]!, levels[59]!);
  const black = Math.max(levels[1]!, levels[58]!);
  if (white - black < minContrast) return undefined;
  const bits = levels.slice(2, 58).map((level) => (level > (white + black) / 2 ? 1 : 0));
  const bytes = Uint8Array.from({ length: timeBytes + 1 }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce<number>((byte, bit) => byte * 2 + bit, 0),
  );
  if (crc8(bytes.subarray(0, timeBytes)) !== bytes[timeBytes]) return undefined;
  return bytes.subarray(0, timeBytes).reduce((time, byte) => time * 256 + byte, 0);
}

/** Mean of the middle of a cell, its border left out: there an encoder smears one cell into the next. */
function cellLevel(rgba: ArrayLike<number>, width: number, height: number, cell: number): number {
  const across = width / picture.width;
  const down = height / picture.height;
  const x0 = Math.ceil((strip.x + (cell + 0.25) * strip.cellWidth) * across);
  const x1 = Math.max(x0 + 1, Math.floor((strip.x + (cell + 0.75) * strip.cellWidth) * across));
  const y0 = Math.ceil((strip.y + strip.cellHeight * 0.25) * down);
  const y1 = Math.max(y0 + 1, Math.floor((strip.y + strip.cellHeight * 0.75) * down));
  let sum = 0;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const at = (y * width + x) * 4;
      sum += rgba[at]! * 0.299 + rgba[at + 1]! * 0.587 + rgba[at + 2]! * 0.114;
    }
  }
  return sum / ((y1 - y0) * (x1 - x0));
}
