/** Sensor noise: tiles drawn beforehand, laid over each picture at another offset. */
import { seededChance } from '../random.ts';
import type { Brush, loadCanvas, Sheet } from './canvas.ts';
import { picture } from './strip.ts';

/** Offsets of a tile in each direction, and tiles; no two frames have the same pair within `patterns` frames. */
const offsets = 64;
const tiles = 3;
export const patterns = offsets * offsets * tiles;
/** Prime to `patterns`, so that every pattern comes once before one comes again. */
const stride = 7_349;

/** Opacity of the strongest speck, of 255. */
const strongest = 14;

/** Draws the noise of frame `grain`, any integer from 0: the same number gives the same noise, the next one another. */
export type Grain = (brush: Brush, grain: number) => void;

export function makeGrain(canvas: ReturnType<typeof loadCanvas>, seed: number): Grain {
  const chance = seededChance(seed);
  const sheets = Array.from({ length: tiles }, () => makeTile(canvas, chance));
  const first = Math.floor(chance() * patterns);
  return (brush, grain) => {
    const pattern = (first + (grain % patterns) * stride) % patterns;
    const place = Math.floor(pattern / tiles);
    brush.drawImage(sheets[pattern % tiles]!, -(place % offsets), -Math.floor(place / offsets));
  };
}

function makeTile(canvas: ReturnType<typeof loadCanvas>, chance: () => number): Sheet {
  const sheet = canvas.createCanvas(picture.width + offsets, picture.height + offsets);
  const brush = sheet.getContext('2d');
  const image = brush.createImageData(sheet.width, sheet.height);
  const { data } = image;
  for (let at = 0; at < data.length; at += 4) {
    // Three throws added: most specks are faint, few are strong.
    const level = (chance() + chance() + chance()) * 2 - 3;
    data.fill(level > 0 ? 255 : 0, at, at + 3);
    data[at + 3] = Math.round((Math.abs(level) / 3) * strongest);
  }
  brush.putImageData(image, 0, 0);
  return sheet;
}
