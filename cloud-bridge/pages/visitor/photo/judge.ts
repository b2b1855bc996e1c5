/** Is a photo good enough? Light by its histogram, sharpness by the variance of its Laplacian, both over the frame. */
import type { PhotoFlaw } from '../../../../wire/delivery-photo.ts';

/** As a canvas gives it: four bytes a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where the parcel belongs: the middle, three fifths of each side. */
export function frameOf({ width, height }: Pick<Pixels, 'width' | 'height'>): Frame {
  const [w, h] = [Math.round(width * 0.6), Math.round(height * 0.6)];
  return { left: Math.round((width - w) / 2), top: Math.round((height - h) / 2), width: w, height: h };
}

/** Luma is looked at on a grid of about this many points along the longer side. */
const grid = 240;

/** A low bar, for drawn pictures only: a sharp edge or print is far above it. No row of real phones has been measured. */
const leastSharp = 18;
const darkBelow = 40;
const brightAbove = 225;
/** This much of the frame too dark or too bright is too much. */
const mostOff = 0.75;

function lumaOf({ width, data }: Pixels, frame: Frame): { luma: Float32Array; columns: number; rows: number } {
  const stride = Math.max(1, Math.floor(Math.max(frame.width, frame.height) / grid));
  const [columns, rows] = [Math.floor(frame.width / stride), Math.floor(frame.height / stride)];
  const luma = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      // Averaged, so that the noise of a dark picture is not taken for sharpness.
      for (let y = 0; y < stride; y += 1) {
        for (let x = 0; x < stride; x += 1) {
          const at = 4 * ((frame.top + row * stride + y) * width + frame.left + column * stride + x);
          sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
        }
      }
      luma[row * columns + column] = sum / (stride * stride);
    }
  }
  return { luma, columns, rows };
}

/** @returns what is wrong with it; none is a good photo */
export function flawsOf(pixels: Pixels, frame: Frame = frameOf(pixels)): readonly PhotoFlaw[] {
  const { luma, columns, rows } = lumaOf(pixels, frame);
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
