/** From the camera's file to what may leave the phone: encoded afresh, so that nothing but the picture is in it. */
import { maxPhotoSide, maxPictureBytes, type PhotoFlaw } from '../../../../wire/delivery-photo.ts';
import { blurOutside } from './blur.ts';
import { flawsOf, frameOf } from './judge.ts';

export interface Taken {
  readonly canvas: HTMLCanvasElement;
  readonly flaws: readonly PhotoFlaw[];
}

/** Changes what stands on the canvas. */
export function repaint(canvas: HTMLCanvasElement, change: (pixels: ImageData) => void): void {
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  change(pixels);
  context.putImageData(pixels, 0, 0);
}

/**
 * Draws it small enough, judges it, and makes everything outside of the frame unreadable: before it is shown.
 * @throws DOMException for a file that is no picture
 */
export async function readPicture(file: Blob): Promise<Taken> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, maxPhotoSide / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d', { willReadFrequently: true })!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  let flaws: readonly PhotoFlaw[] = [];
  repaint(canvas, (pixels) => {
    const frame = frameOf(pixels);
    flaws = flawsOf(pixels, frame);
    blurOutside(pixels, frame);
  });
  return { canvas, flaws };
}

/** As JPEG, without metadata. @returns undefined where even the coarsest is too big */
export async function encode(canvas: HTMLCanvasElement): Promise<Uint8Array | undefined> {
  for (const quality of [0.82, 0.6, 0.4]) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob !== null && blob.size <= maxPictureBytes) return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
}
