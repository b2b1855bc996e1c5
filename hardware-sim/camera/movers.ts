/** What moves in the picture: the leaf, the light of the reader, the parcel, the courier. */
import { deep, fillShape, floorY, opening } from './backdrop.ts';
import type { Brush } from './canvas.ts';
import type { Courier, Led, ParcelAt, View } from './view.ts';

/** Of the leaf when it stands wide open, radians. */
const widest = 1.36;

/** Draws the leaf on its hinges at the left, `open` 0..1, swung into the hall. */
export function drawLeaf(brush: Brush, open: number): void {
  const angle = open * widest;
  const at = (u: number, v: number) =>
    deep(
      opening.x + u * opening.width * Math.cos(angle),
      opening.y + v * opening.height,
      (u * Math.sin(angle) * opening.width) / 460,
    );
  const quad = (u0: number, v0: number, u1: number, v1: number) => [at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)];
  const shade = 1 - 0.45 * Math.sin(angle);
  const tone = (red: number, green: number, blue: number): string =>
    `rgb(${Math.round(red * shade)},${Math.round(green * shade)},${Math.round(blue * shade)})`;
  fillShape(brush, tone(38, 84, 92), quad(0, 0, 1, 1));
  for (const [v0, v1] of [
    [0.07, 0.4],
    [0.47, 0.92],
  ] as const) {
    for (const [u0, u1] of [
      [0.11, 0.46],
      [0.54, 0.89],
    ] as const) {
      fillShape(brush, tone(24, 58, 65), quad(u0, v0, u1, v1));
      const isGlass = v0 < 0.1;
      fillShape(
        brush,
        isGlass ? tone(150, 160, 140) : tone(46, 98, 106),
        quad(u0 + 0.025, v0 + 0.015, u1 - 0.02, v1 - 0.01),
      );
      if (isGlass) fillShape(brush, tone(196, 186, 140), quad(u0 + 0.05, v0 + 0.2, u1 - 0.05, v1 - 0.03));
    }
  }
  fillShape(brush, tone(205, 190, 140), quad(0.36, 0.425, 0.64, 0.45));
  fillShape(brush, tone(214, 205, 180), quad(0.91, 0.5, 0.96, 0.585));
  fillShape(brush, tone(235, 228, 205), quad(0.8, 0.53, 0.945, 0.55));
  fillShape(brush, tone(22, 40, 44), quad(0.985, 0, 1, 1));
}

/** The light of the hall on the mat and the porch. */
export function drawSpill(brush: Brush, open: number): void {
  fillShape(brush, `rgba(255,205,130,${(0.34 * open).toFixed(3)})`, [
    { x: opening.x + opening.width * (1 - open), y: floorY },
    { x: opening.x + opening.width, y: floorY },
    { x: opening.x + opening.width + 56, y: 464 },
    { x: opening.x + opening.width * (1 - open) - 40 * open, y: 464 },
  ]);
}

const ledColours: Readonly<Record<Led, readonly [number, number, number] | undefined>> = {
  locked: [255, 48, 40],
  released: [48, 255, 110],
  open: [255, 176, 32],
  black: undefined,
  red: [255, 48, 40],
  green: [48, 255, 110],
  amber: [255, 176, 32],
  blue: [64, 110, 255],
  magenta: [255, 64, 220],
  cyan: [64, 235, 255],
  white: [255, 250, 240],
};

/** Middle of the reader's light, pixels. */
export const ledAt = { x: 443, y: 226 } as const;

export function drawLed(brush: Brush, led: Led) {
  const colour = ledColours[led]?.join(',');
  if (colour === undefined) return;
  const glow = brush.createRadialGradient(ledAt.x, ledAt.y, 2, ledAt.x, ledAt.y, 26);
  glow.addColorStop(0, `rgba(${colour},0.75)`);
  glow.addColorStop(1, `rgba(${colour},0)`);
  brush.fillStyle = glow;
  brush.fillRect(ledAt.x - 26, ledAt.y - 26, 52, 52);
  brush.fillStyle = `rgb(${colour})`;
  brush.beginPath();
  brush.arc(ledAt.x, ledAt.y, 5, 0, 7);
  brush.fill();
}

/** Lower edge of a parcel that was put down: on the mat, or on the floor of the hall. */
const parcelAt: Readonly<Record<'mat' | 'inside', { x: number; y: number; size: number }>> = {
  mat: { x: 352, y: floorY + 34, size: 1 },
  inside: { x: 338, y: 366, size: 0.74 },
};

function drawBox(brush: Brush, x: number, y: number, size: number): void {
  const width = 78 * size;
  const height = 52 * size;
  const lid = 12 * size;
  fillShape(brush, '#c89a63', [
    { x: x - width / 2 + lid, y: y - height - lid },
    { x: x + width / 2 - lid, y: y - height - lid },
    { x: x + width / 2, y: y - height },
    { x: x - width / 2, y: y - height },
  ]);
  brush.fillStyle = '#a97b48';
  brush.fillRect(x - width / 2, y - height, width, height);
  brush.fillStyle = '#dcc08f';
  brush.fillRect(x - 6 * size, y - height, 12 * size, height);
  brush.fillStyle = '#f4f1ea';
  brush.fillRect(x + 11 * size, y - height * 0.8, 23 * size, 17 * size);
  brush.fillStyle = '#2a2a2a';
  for (let i = 0; i < 6; i++) brush.fillRect(x + (13 + i * 3.2) * size, y - height * 0.74, 1.6 * size, 10 * size);
}

/** @param putDown  0 still in the hands .. 1 on the floor */
export function drawParcel(brush: Brush, at: Exclude<ParcelAt, 'none'>, putDown: number): void {
  const to = parcelAt[at];
  const x = 486 + (to.x - 486) * putDown;
  const y = 322 + (to.y - 322) * putDown;
  if (putDown === 1) {
    brush.fillStyle = 'rgba(0,0,0,0.35)';
    brush.beginPath();
    brush.ellipse(x, y, 46 * to.size, 7 * to.size, 0, 0, 7);
    brush.fill();
  }
  drawBox(brush, x, y, 0.9 + (to.size - 0.9) * putDown);
}

function drawLimb(brush: Brush, colour: string, width: number, points: readonly (readonly [number, number])[]): void {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.lineCap = 'round';
  brush.lineJoin = 'round';
  brush.beginPath();
  for (const [x, y] of points) brush.lineTo(x, y);
  brush.stroke();
}

/** Someone in a courier's jacket, seen from the side, facing the door or the street. */
export function drawCourier(brush: Brush, { near, steps, leaving, carries }: Courier): void {
  const swing = steps === undefined ? 0 : Math.sin(steps * Math.PI * 2);
  const bob = steps === undefined ? 0 : Math.abs(swing) * 3;
  const size = 1.28 - 0.24 * near;
  brush.save();
  brush.translate(548 + (1 - near) * 190, 450 + (1 - near) * 24);
  brush.scale(leaving ? -size : size, size);
  brush.fillStyle = 'rgba(0,0,0,0.38)';
  brush.beginPath();
  brush.ellipse(0, 0, 52, 9, 0, 0, 7);
  brush.fill();
  brush.translate(0, -bob);
  drawLimb(brush, '#1b2333', 25, [
    [6, -132],
    [7 - swing * 17, -70],
    [10 - swing * 34, -8],
  ]);
  drawLimb(brush, '#26314a', 27, [
    [-2, -132],
    [-5 + swing * 15, -70],
    [-8 + swing * 34, -8],
  ]);
  drawLimb(brush, '#101216', 17, [
    [10 - swing * 34, -6],
    [-4 - swing * 34, -5],
  ]);
  drawLimb(brush, '#15181e', 17, [
    [-8 + swing * 34, -6],
    [-24 + swing * 34, -5],
  ]);
  drawLimb(brush, '#b3401d', 22, [
    [10, -216],
    [18 + swing * 12, -180],
    carries ? [-22, -166] : [20 + swing * 22, -142],
  ]);
  drawLimb(brush, '#de5a24', 58, [
    [1, -206],
    [1, -150],
  ]);
  brush.fillStyle = '#f3ead2';
  brush.fillRect(-28, -178, 58, 8);
  drawLimb(brush, '#d8a07a', 18, [
    [-1, -238],
    [-2, -248],
  ]);
  brush.fillStyle = '#dca67f';
  brush.beginPath();
  brush.ellipse(-4, -262, 20, 24, 0, 0, 7);
  brush.fill();
  brush.fillStyle = '#3a2a20';
  brush.beginPath();
  brush.ellipse(7, -262, 12, 19, 0, 0, 7);
  brush.fill();
  brush.fillStyle = '#1f2d4d';
  brush.beginPath();
  brush.ellipse(-3, -276, 22, 15, 0, Math.PI, Math.PI * 2);
  brush.fill();
  brush.fillRect(-38, -279, 36, 6);
  if (carries) drawBox(brush, -44, -140, 0.9);
  drawLimb(brush, '#f26a2e', 21, [
    [-6, -214],
    [-12 - swing * 12, -176],
    carries ? [-40, -160] : [-14 - swing * 22, -140],
  ]);
  brush.fillStyle = '#dca67f';
  brush.beginPath();
  brush.arc(carries ? -46 : -14 - swing * 24, carries ? -158 : -132, 9, 0, 7);
  brush.fill();
  brush.restore();
}

/** All that moves, from the far side of the door to the near one. */
export function drawMovers(brush: Brush, view: View): void {
  if (view.leaf > 0 && view.parcel === 'inside' && view.putDown === 1) drawParcel(brush, 'inside', 1);
  drawLeaf(brush, view.leaf);
  if (view.leaf > 0) drawSpill(brush, view.leaf);
  drawLed(brush, view.led);
  if (view.parcel === 'mat') drawParcel(brush, 'mat', view.putDown);
  if (view.courier) drawCourier(brush, view.courier);
  if (view.parcel === 'inside' && view.putDown < 1) drawParcel(brush, 'inside', view.putDown);
}
