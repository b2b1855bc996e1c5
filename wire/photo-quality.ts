/** Is a photo good enough? Light by its histogram, sharpness by the variance of its Laplacian, both over the frame. */
import type { PhotoFlaw } from './delivery-photo.ts';

/** Where the parcel belongs, whole pixels. */
export interface PhotoFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Luma is looked at on a grid of about this many points along the longer side. */
const grid = 240;

/** A low bar, for drawn pictures only: a sharp edge or print is far above it. No row of real cameras has been measured. */
const leastSharp = 18;
const darkBelow = 40;
const brightAbove = 225;
/** This much of the frame too dark or too bright is too much. */
const mostOff = 0.75;

interface Grid {
  readonly luma: Float32Array;
  readonly columns: number;
  readonly rows: number;
}

function gridOf({ left, top, width, height }: PhotoFrame, lumaAt: (x: number, y: number) => number): Grid {
  const stride = Math.max(1, Math.floor(Math.max(width, height) / grid));
  const [columns, rows] = [Math.floor(width / stride), Math.floor(height / stride)];
  const luma = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      // Averaged, so that the noise of a dark picture is not taken for sharpness.
      for (let y = 0; y < stride; y += 1) {
        for (let x = 0; x < stride; x += 1) sum += lumaAt(left + column * stride + x, top + row * stride + y);
      }
      luma[row * columns + column] = sum / (stride * stride);
    }
  }
  return { luma, columns, rows };
}

/** @param lumaAt  of a pixel of the frame, 0 black to 255. @returns what is wrong with it; none is a good photo */
export function flawsIn(frame: PhotoFrame, lumaAt: (x: number, y: number) => number): readonly PhotoFlaw[] {
  const { luma, columns, rows } = gridOf(frame, lumaAt);
  const share = (is: (value: number) => boolean): number => luma.filter(is).length / Math.max(1, luma.length);
  const flaws: PhotoFlaw[] = [];
  if (share((value) => value < darkBelow) > mostOff) flaws.push('dark');
  if (share((value) => value > brightAbove) > mostOff) flaws.push('bright');
  let [sum, squares, count] = [0, 0, 0];
  for (let row = 1; row + 1 < rows; row += 1) {
    for (let column = 1; column + 1 < columns; column += 1) {
      const at = row * columns + column;
      const laplacian = luma[at - 1]! + luma[at + 1]! + luma[at - columns]! + luma[at + columns]! - 4 * luma[at]!;
      sum += laplacian;
      squares += laplacian * laplacian;
      count += 1;
    }
  }
  const variance = count === 0 ? 0 : squares / count - (sum / count) ** 2;
  return variance < leastSharp ? [...flaws, 'blurred'] : flaws;
}
