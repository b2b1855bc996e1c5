/** Reads what a camera gives: pictures out of a stream, pixels out of a picture. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { loadCanvas } from '../../../hardware-sim/camera/canvas.ts';
import { picture, readStrip } from '../../../hardware-sim/camera/strip.ts';

/** Why pictures cannot be drawn here, or false. */
export const noCanvas: string | false = (() => {
  try {
    loadCanvas();
    return false;
  } catch {
    return '@napi-rs/canvas is not installed';
  }
})();

/** Why there is no H.264 here, or false. */
export const noFfmpeg: string | false =
  noCanvas || (spawnSync('ffmpeg', ['-version']).status === 0 ? false : 'ffmpeg is not installed');

export const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray | Uint8Array;
}

export async function decodeJpeg(jpeg: Uint8Array): Promise<Pixels> {
  const { createCanvas, loadImage } = loadCanvas();
  const image = await loadImage(Buffer.from(jpeg));
  const { width, height } = image;
  const brush = createCanvas(width, height).getContext('2d');
  brush.drawImage(image, 0, 0);
  return { width, height, rgba: brush.getImageData(0, 0, width, height).data };
}

/** All pictures of an H.264 elementary stream, as ffmpeg shows them. */
export function decodeH264(stream: Uint8Array): Pixels[] {
  const arguments_ = '-loglevel error -f h264 -i pipe:0 -f rawvideo -pix_fmt rgba -fps_mode passthrough pipe:1';
  const { stdout } = spawnSync('ffmpeg', arguments_.split(' '), { input: stream, maxBuffer: 2 ** 30 });
  const { width, height } = picture;
  const size = width * height * 4;
  return Array.from({ length: Math.floor(stdout.length / size) }, (_, i) => ({
    width,
    height,
    rgba: stdout.subarray(i * size, (i + 1) * size),
  }));
}

export const timeOf = ({ rgba, width, height }: Pixels): number | undefined => readStrip(rgba, width, height);

/** @returns red, green, blue of one pixel */
export const pixel = ({ rgba, width }: Pixels, x: number, y: number): [number, number, number] => {
  const at = (y * width + x) * 4;
  return [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
};

/** Mean brightness of a rectangle, 0..255. */
export function brightness(of: Pixels, x0: number, y0: number, x1: number, y1: number): number {
  let sum = 0;
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) sum += pixel(of, x, y).reduce((a, b) => a + b) / 3;
  return sum / ((x1 - x0) * (y1 - y0));
}

/** The whole JPEGs in a stream: within one, FF D9 stands at its end alone. */
export function splitJpegs(stream: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let from = stream.indexOf('ffd8', 0, 'hex'); from >= 0; ) {
    const end = stream.indexOf('ffd9', from, 'hex');
    if (end < 0) break;
    found.push(stream.subarray(from, end + 2));
    from = stream.indexOf('ffd8', end, 'hex');
  }
  return found;
}
