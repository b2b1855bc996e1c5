/** One picture: drawn from what is seen, the time and the number of its noise; the same three give the same pixels. */
import { makeBackdrop, makeHall, opening } from './backdrop.ts';
import { type Brush, loadCanvas } from './canvas.ts';
import { eachRun, textWidth } from './glyphs.ts';
import { makeGrain } from './grain.ts';
import { drawMovers } from './movers.ts';
import { picture, strip, stripCells } from './strip.ts';
import type { View } from './view.ts';

/** All that one frame is drawn from. */
export interface Sight {
  /** When it was taken, ms since 1970; burned in. */
  readonly timeMs: number;
  /** Number of its noise, any integer from 0. */
  readonly grain: number;
  /** `covered`: something is before the lens. `no-home`: nothing to look at. */
  readonly of: View | 'covered' | 'no-home';
}

/** Size of a raw frame: one byte a pixel, rows from the top. */
export const rawSize = { width: 160, height: 120 } as const;
export const rawBytes = rawSize.width * rawSize.height;

/** JPEG quality of the camera's own encoder. */
const videoQuality = 62;

/** A sheet that is drawn over and over. What it gives is of the last sight drawn. */
export interface Scene {
  draw(sight: Sight): void;
  /** @param size  side lengths are divided by it: 1, 2 or 4 @param quality  1..100 */
  jpeg(quality?: number, size?: 1 | 2 | 4): Buffer;
  /** 640x480, 4 bytes a pixel, opaque; a copy. */
  rgba(): Buffer;
  /** 160x120 gray: every fourth pixel of every fourth row, so that the noise of the sensor is in it unsmoothed. */
  gray(): Buffer;
}

/**
 * Makes the sheet; takes some 100 ms.
 * @param seed  of bricks and noise
 * @throws Fault TOOL_MISSING without the canvas package
 */
export function makeScene(seed: number): Scene {
  const canvas = loadCanvas();
  const sheet = canvas.createCanvas(picture.width, picture.height);
  const brush = sheet.getContext('2d');
  const backdrop = makeBackdrop(canvas, seed);
  const hall = makeHall(canvas);
  const drawGrain = makeGrain(canvas, seed);
  const small = canvas.createCanvas(rawSize.width, rawSize.height).getContext('2d');
  small.imageSmoothingEnabled = false;

  const fill = (colour: string): void => {
    brush.fillStyle = colour;
    brush.fillRect(0, 0, picture.width, picture.height);
  };
  const drawView = (view: View): void => {
    brush.drawImage(backdrop, 0, 0);
    const { x, y, width, height } = opening;
    if (view.leaf > 0) brush.drawImage(hall, x, y, width, height, x, y, width, height);
    drawMovers(brush, view);
  };
  return {
    draw: ({ timeMs, grain, of }) => {
      if (of === 'covered') fill('#050506');
      else if (of === 'no-home') fill('#3a3d42');
      else drawView(of);
      drawGrain(brush, grain);
      if (of === 'no-home') {
        // Snow: the same noise a few times more, each at another place.
        for (let i = 1; i <= 6; i++) drawGrain(brush, grain * 7 + i * 1_009);
        drawText(brush, 'NO HOME', { x: (picture.width - textWidth('NO HOME', 8)) / 2, y: 200, dot: 8 });
      }
      drawClock(brush, timeMs, typeof of === 'string' ? '' : of.name);
      drawStrip(brush, timeMs);
    },
    jpeg: (quality = videoQuality, size = 1) => {
      if (size === 1) return sheet.encodeSync('jpeg', quality);
      const copy = canvas.createCanvas(picture.width / size, picture.height / size);
      copy.getContext('2d').drawImage(sheet, 0, 0, copy.width, copy.height);
      return copy.encodeSync('jpeg', quality);
    },
    rgba: () => sheet.data(),
    gray: () => {
      small.drawImage(sheet, 0, 0, rawSize.width, rawSize.height);
      const { data } = small.getImageData(0, 0, rawSize.width, rawSize.height);
      return Buffer.from(Uint8Array.from({ length: rawBytes }, (_, i) => data[i * 4 + 1]!));
    },
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
  /** Pixels a dot. */
  readonly dot: number;
}

function drawText(brush: Brush, text: string, { x, y, dot }: Place): void {
  const put = (colour: string, by: number): void => {
    brush.fillStyle = colour;
    eachRun(text, (left, top, width) => brush.fillRect(x + left * dot + by, y + top * dot + by, width * dot, dot));
  };
  put('rgba(0,0,0,0.8)', Math.ceil(dot / 3));
  put('#f6f7f9', 0);
}

/** Name at the left, time of day in UTC at the right, the day below it. */
function drawClock(brush: Brush, timeMs: number, name: string): void {
  const [day, time] = new Date(timeMs).toISOString().slice(0, 23).split('T') as [string, string];
  brush.fillStyle = 'rgba(8,10,14,0.55)';
  brush.fillRect(0, 0, picture.width, 34);
  drawText(brush, name, { x: 12, y: 7, dot: 3 });
  drawText(brush, day, { x: picture.width - 40 - textWidth(time, 3) - textWidth(day, 2), y: 14, dot: 2 });
  drawText(brush, time, { x: picture.width - 12 - textWidth(time, 3), y: 7, dot: 3 });
}

function drawStrip(brush: Brush, timeMs: number): void {
  brush.fillStyle = '#808080';
  brush.fillRect(0, strip.y, picture.width, strip.cellHeight);
  for (const [cell, isWhite] of stripCells(timeMs).entries()) {
    brush.fillStyle = isWhite ? '#fff' : '#000';
    brush.fillRect(strip.x + cell * strip.cellWidth, strip.y, strip.cellWidth, strip.cellHeight);
  }
}
