/** Is a photo on a canvas good enough? */
import type { PhotoFlaw } from '../../../../wire/delivery-photo.ts';
import { flawsIn, type PhotoFrame } from '../../../../wire/photo-quality.ts';

/** As a canvas gives it: four bytes a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Where the parcel belongs: the middle, three fifths of each side. */
export function frameOf({ width, height }: Pick<Pixels, 'width' | 'height'>): PhotoFrame {
  const [w, h] = [Math.round(width * 0.6), Math.round(height * 0.6)];
  return { left: Math.round((width - w) / 2), top: Math.round((height - h) / 2), width: w, height: h };
}

/** @returns what is wrong with it; none is a good photo */
export const flawsOf = (pixels: Pixels, frame: PhotoFrame = frameOf(pixels)): readonly PhotoFlaw[] => {
  const { width, data } = pixels;
  return flawsIn(frame, (x, y) => {
    const at = 4 * (y * width + x);
    return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  });
};
