/**
 * Makes everything outside of the frame unreadable: each block becomes its average colour. Nothing is detected, so nothing can be missed
 * there; a face or a name inside the frame stays, unless the courier draws over it.
 */
import type { PhotoFrame } from '../../../../wire/photo-quality.ts';
import type { Pixels } from './judge.ts';

/** Along the longer side; a face or a door plate that fills less than a third of the picture is a few blocks. */
const blocks = 26;

export const blockOf = ({ width, height }: Pick<Pixels, 'width' | 'height'>): number =>
  Math.max(8, Math.ceil(Math.max(width, height) / blocks));

function average({ width, height, data }: Pixels, left: number, top: number, side: number): readonly number[] {
  const sums = [0, 0, 0];
  const [right, bottom] = [Math.min(width, left + side), Math.min(height, top + side)];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) sums[channel]! += data[4 * (y * width + x) + channel]!;
    }
  }
  const count = Math.max(1, (right - left) * (bottom - top));
  return sums.map((sum) => Math.round(sum / count));
}

/** Changes `pixels`. @param isHidden  whether this pixel is to be made unreadable */
function coarsen(pixels: Pixels, isHidden: (x: number, y: number) => boolean): void {
  const { width, height, data } = pixels;
  const side = blockOf(pixels);
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const colour = average(pixels, left, top, side);
      for (let y = top; y < Math.min(height, top + side); y += 1) {
        for (let x = left; x < Math.min(width, left + side); x += 1) {
          if (isHidden(x, y))
            for (let channel = 0; channel < 3; channel += 1) data[4 * (y * width + x) + channel] = colour[channel]!;
        }
      }
    }
  }
}

export const blurOutside = (pixels: Pixels, frame: PhotoFrame): void =>
  coarsen(
    pixels,
    (x, y) => x < frame.left || y < frame.top || x >= frame.left + frame.width || y >= frame.top + frame.height,
  );

/** What the courier drew over: the whole block that the finger was in. */
export function blurAt(pixels: Pixels, x: number, y: number): void {
  const side = blockOf(pixels);
  const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
  coarsen(pixels, (px, py) => Math.floor(px / side) === column && Math.floor(py / side) === row);
}
