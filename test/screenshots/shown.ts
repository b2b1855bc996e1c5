/** The few pictures that README and docs show, made small. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { Fault } from '../../wire/faults.ts';

export interface Shown {
  /** Name of the picture as its test makes it. */
  readonly from: string;
  /** From the root of the source tree. */
  readonly to: string;
  /** Pixels; the height follows. */
  readonly width: number;
}

export const shown: readonly Shown[] = [
  { from: 'street-ready.png', to: 'docs/images/street.webp', width: 1_440 },
  { from: 'street-alarm-dark.png', to: 'docs/images/street-alarm.webp', width: 1_200 },
  { from: 'flow-live-phone.png', to: 'docs/images/owner-live.webp', width: 390 },
  { from: 'visitor-ready-dark.png', to: 'docs/images/visitor-ready.webp', width: 360 },
];

export const maxBytes = 150_000;
const quality = 82;

/** @throws Fault INTERNAL for a picture that is too big to be committed */
export async function shrink(from: string, to: string, width: number): Promise<void> {
  const picture = await loadImage(from);
  const height = Math.round((picture.height * width) / picture.width);
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').drawImage(picture, 0, 0, width, height);
  const bytes = canvas.toBuffer('image/webp', quality);
  if (bytes.length > maxBytes) throw new Fault('INTERNAL', { picture: to, bytes: bytes.length, limit: maxBytes });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, bytes);
  process.stdout.write(`${to}: ${width}x${height}, ${bytes.length} bytes\n`);
}
