/**
 * Makes everything outside of a fixed frame unreadable. Nothing is detected, so nothing can be missed there; a face or a name inside the
 * frame stays. What is only partly inside goes, too.
 */
import type { PhotoFrame } from '../../wire/photo-quality.ts';
import { blockSize, type Component, type JpegPicture } from './jpeg/picture.ts';

/** Along the longer side, at most: as on the courier's phone. */
const patches = 26;

const isInside = (
  { left, top, width, height }: PhotoFrame,
  x: number,
  y: number,
  across: number,
  down: number,
): boolean => x >= left && y >= top && x + across <= left + width && y + down <= top + height;

/** Blocks of a component in these units, by their place in `coefficients`. */
function* blocksOf(
  one: Component,
  units: readonly { readonly row: number; readonly column: number }[],
): Generator<Int16Array> {
  for (const { row, column } of units) {
    for (let y = 0; y < one.down; y += 1) {
      for (let x = 0; x < one.across; x += 1) {
        const at = blockSize * ((row * one.down + y) * one.blocksWide + column * one.across + x);
        yield one.coefficients.subarray(at, at + blockSize);
      }
    }
  }
}

function flatten(one: Component, units: readonly { readonly row: number; readonly column: number }[]): void {
  const means = [...blocksOf(one, units)].map((block) => block[0]!);
  const mean = Math.round(means.reduce((sum, own) => sum + own, 0) / means.length);
  for (const block of blocksOf(one, units)) {
    block.fill(0);
    block[0] = mean;
  }
}

/** Changes `picture`: each patch outside of `frame` becomes its mean colour. */
export function blankOutside(picture: JpegPicture, frame: PhotoFrame): void {
  const { width, height, unitWidth, unitHeight, unitsWide, unitsHigh, components } = picture;
  const side = Math.ceil(Math.max(width, height) / patches);
  const [wide, high] = [Math.ceil(side / unitWidth), Math.ceil(side / unitHeight)];
  for (let top = 0; top < unitsHigh; top += high) {
    for (let left = 0; left < unitsWide; left += wide) {
      const units: { row: number; column: number }[] = [];
      for (let row = top; row < Math.min(unitsHigh, top + high); row += 1) {
        for (let column = left; column < Math.min(unitsWide, left + wide); column += 1) {
          if (!isInside(frame, column * unitWidth, row * unitHeight, unitWidth, unitHeight))
            units.push({ row, column });
        }
      }
      if (units.length > 0) for (const one of components) flatten(one, units);
    }
  }
}
