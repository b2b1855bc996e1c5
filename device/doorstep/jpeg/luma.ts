/** How bright each pixel of a part of a picture is: the inverse transform of its luma alone. */
import { setImmediate as others } from 'node:timers/promises';
import type { PhotoFrame } from '../../../wire/photo-quality.ts';
import { blockSide, blockSize, type JpegPicture, zigzag } from './picture.ts';

/** `cosines[x][u]`: half the cosine of section A.3.3, with its factor. */
const cosines = Array.from({ length: blockSide }, (_, x) =>
  Array.from(
    { length: blockSide },
    (_, u) => (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16),
  ),
);

/** Changes `into`: 64 levels, row by row. */
function transform(block: Int16Array, steps: Uint16Array, into: Float32Array): void {
  const rows = new Float32Array(blockSize);
  const own = new Float32Array(blockSize);
  for (let at = 0; at < blockSize; at += 1) own[zigzag[at]!] = block[at]! * steps[at]!;
  for (let v = 0; v < blockSide; v += 1) {
    for (let x = 0; x < blockSide; x += 1) {
      let sum = 0;
      for (let u = 0; u < blockSide; u += 1) sum += cosines[x]![u]! * own[v * blockSide + u]!;
      rows[v * blockSide + x] = sum;
    }
  }
  for (let x = 0; x < blockSide; x += 1) {
    for (let y = 0; y < blockSide; y += 1) {
      let sum = 0;
      for (let v = 0; v < blockSide; v += 1) sum += cosines[y]![v]! * rows[v * blockSide + x]!;
      into[y * blockSide + x] = Math.max(0, Math.min(255, sum + 128));
    }
  }
}

/** @param area  inside of the picture. @returns looks up a pixel of the area, 0 black to 255 */
export async function lumaIn(picture: JpegPicture, area: PhotoFrame): Promise<(x: number, y: number) => number> {
  const [{ coefficients, steps, blocksWide }] = picture.components;
  const [left, top] = [Math.floor(area.left / blockSide), Math.floor(area.top / blockSide)];
  const [right, bottom] = [
    Math.ceil((area.left + area.width) / blockSide),
    Math.ceil((area.top + area.height) / blockSide),
  ];
  const wide = right - left;
  const levels = new Float32Array(blockSize * wide * (bottom - top));
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) {
      const from = blockSize * (row * blocksWide + column);
      const into = blockSize * ((row - top) * wide + column - left);
      transform(coefficients.subarray(from, from + blockSize), steps, levels.subarray(into, into + blockSize));
    }
    await others();
  }
  return (x, y) => {
    const block = (Math.floor(y / blockSide) - top) * wide + Math.floor(x / blockSide) - left;
    return levels[blockSize * block + blockSide * (y % blockSide) + (x % blockSide)]!;
  };
}
