/** Pictures for tests of the doorstep camera, and how another decoder than the hub's reads them. */
import { loadCanvas } from '../../../hardware-sim/camera/canvas.ts';

const canvas = loadCanvas();

export interface Read {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel. */
  readonly data: Uint8ClampedArray;
}

/** A JPEG with tables of its own, of tiles that differ from each other. @param light  1: a sunny day; 0: night */
export function drawn({
  width = 320,
  height = 240,
  light = 1,
  tile = 10,
  quality = 90,
  isGray = false,
} = {}): Uint8Array {
  const sheet = canvas.createCanvas(width, height);
  const brush = sheet.getContext('2d');
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile) {
      const value = (((x + y) / tile) % 2) * 120 + 80;
      brush.fillStyle = `rgb(${(isGray ? [value, value, value] : [value, (value + x) % 256, (value + 2 * y) % 256]).map((one) => Math.round(one * light)).join()})`;
      brush.fillRect(x, y, tile, tile);
    }
  }
  return sheet.toBuffer('image/jpeg', quality);
}

/** Read by the library that draws. */
export async function decoded(jpeg: Uint8Array): Promise<Read> {
  const image = await canvas.loadImage(Buffer.from(jpeg));
  const sheet = canvas.createCanvas(image.width, image.height);
  const brush = sheet.getContext('2d');
  brush.drawImage(image, 0, 0);
  const { width, height, data } = brush.getImageData(0, 0, image.width, image.height);
  return { width, height, data };
}
