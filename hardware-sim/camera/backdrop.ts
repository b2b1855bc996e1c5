/** What never moves in the picture: wall, porch, frame and the hall behind the door, drawn once. */
import { seededChance } from '../random.ts';
import type { Brush, loadCanvas, Sheet } from './canvas.ts';
import { picture } from './strip.ts';

/** The opening of the door, pixels. */
export const opening = { x: 214, y: 78, width: 180, height: 314 } as const;
/** Where the lines of depth meet. */
export const vanishing = { x: 316, y: 226 } as const;
export const floorY = opening.y + opening.height;

/** A point moved away from the viewer. @param depth  0 in the plane of the wall; 1 is twice as far */
export const deep = (x: number, y: number, depth: number): { readonly x: number; readonly y: number } => {
  const scale = 1 / (1 + depth);
  return { x: vanishing.x + (x - vanishing.x) * scale, y: vanishing.y + (y - vanishing.y) * scale };
};

export function fillShape(
  brush: Brush,
  fill: string | CanvasGradient,
  points: readonly { x: number; y: number }[],
): void {
  brush.fillStyle = fill;
  brush.beginPath();
  for (const { x, y } of points) brush.lineTo(x, y);
  brush.closePath();
  brush.fill();
}

type CanvasGradient = ReturnType<Brush['createLinearGradient']>;

export function makeBackdrop(canvas: ReturnType<typeof loadCanvas>, seed: number): Sheet {
  const sheet = canvas.createCanvas(picture.width, picture.height);
  const brush = sheet.getContext('2d');
  drawBricks(brush, seededChance(seed));
  drawPorch(brush);
  drawFrame(brush);
  drawLamp(brush);
  drawPlant(brush, seededChance(seed + 1));
  drawPlate(brush);
  const dusk = brush.createRadialGradient(316, 210, 150, 316, 230, 430);
  dusk.addColorStop(0, 'rgba(6,9,18,0)');
  dusk.addColorStop(1, 'rgba(6,9,18,0.62)');
  brush.fillStyle = dusk;
  brush.fillRect(0, 0, picture.width, picture.height);
  return sheet;
}

function drawBricks(brush: Brush, chance: () => number): void {
  brush.fillStyle = '#6d6660';
  brush.fillRect(0, 0, picture.width, picture.height);
  for (let row = 0; row * 14 < floorY; row++) {
    for (let x = row % 2 === 0 ? 0 : -19; x < picture.width; x += 38) {
      const tone = chance();
      brush.fillStyle = `hsl(${12 + tone * 9},${20 + tone * 14}%,${33 + chance() * 9}%)`;
      brush.fillRect(x + 1, row * 14 + 1, 36, 12);
    }
  }
}

function drawPorch(brush: Brush): void {
  const stone = brush.createLinearGradient(0, floorY, 0, picture.height);
  stone.addColorStop(0, '#6a6d70');
  stone.addColorStop(1, '#43474c');
  brush.fillStyle = stone;
  brush.fillRect(0, floorY, picture.width, picture.height - floorY);
  brush.strokeStyle = 'rgba(20,22,26,0.5)';
  brush.lineWidth = 1.5;
  brush.beginPath();
  for (let i = -8; i <= 8; i++) {
    brush.moveTo(vanishing.x + i * 66, floorY);
    brush.lineTo(vanishing.x + i * 102, picture.height);
  }
  brush.moveTo(0, floorY + 32);
  brush.lineTo(picture.width, floorY + 32);
  brush.stroke();
  brush.fillStyle = '#2b2e33';
  brush.fillRect(0, floorY - 4, picture.width, 5);
  fillShape(brush, '#3c3229', [
    { x: 222, y: floorY + 8 },
    { x: 386, y: floorY + 8 },
    { x: 400, y: floorY + 44 },
    { x: 206, y: floorY + 44 },
  ]);
  brush.strokeStyle = 'rgba(190,160,120,0.35)';
  brush.strokeRect(226, floorY + 14, 156, 24);
}

function drawFrame(brush: Brush): void {
  brush.fillStyle = 'rgba(0,0,0,0.35)';
  brush.fillRect(opening.x - 20, opening.y - 18, opening.width + 46, opening.height + 18);
  const wood = brush.createLinearGradient(opening.x - 16, 0, opening.x + opening.width + 16, 0);
  wood.addColorStop(0, '#e9e6df');
  wood.addColorStop(1, '#c3bfb6');
  brush.fillStyle = wood;
  brush.fillRect(opening.x - 16, opening.y - 16, opening.width + 32, opening.height + 16);
  brush.fillStyle = '#15171b';
  brush.fillRect(opening.x - 2, opening.y - 2, opening.width + 4, opening.height + 2);
  brush.fillStyle = '#8e9196';
  brush.fillRect(opening.x - 16, floorY - 5, opening.width + 32, 7);
}

function drawLamp(brush: Brush): void {
  const glow = brush.createRadialGradient(150, 132, 4, 150, 150, 150);
  glow.addColorStop(0, 'rgba(255,214,140,0.85)');
  glow.addColorStop(0.25, 'rgba(255,196,110,0.30)');
  glow.addColorStop(1, 'rgba(255,190,100,0)');
  brush.fillStyle = glow;
  brush.fillRect(0, 0, 320, 320);
  brush.fillStyle = '#23262b';
  brush.fillRect(147, 96, 6, 18);
  fillShape(brush, '#23262b', [
    { x: 140, y: 112 },
    { x: 160, y: 112 },
    { x: 166, y: 124 },
    { x: 134, y: 124 },
  ]);
  brush.fillStyle = '#ffedc4';
  brush.fillRect(139, 124, 22, 26);
  brush.fillStyle = '#23262b';
  brush.fillRect(136, 150, 28, 4);
}

function drawPlant(brush: Brush, chance: () => number): void {
  brush.fillStyle = 'rgba(0,0,0,0.35)';
  brush.beginPath();
  brush.ellipse(128, 432, 46, 9, 0, 0, 7);
  brush.fill();
  for (let i = 0; i < 90; i++) {
    const angle = chance() * Math.PI * 2;
    const reach = Math.sqrt(chance()) * 46;
    brush.fillStyle = `hsl(${105 + chance() * 30},${28 + chance() * 18}%,${16 + chance() * 20}%)`;
    brush.beginPath();
    brush.ellipse(126 + Math.cos(angle) * reach, 330 + Math.sin(angle) * reach * 1.15, 13, 5, angle, 0, 7);
    brush.fill();
  }
  fillShape(brush, '#8a4f36', [
    { x: 98, y: 374 },
    { x: 156, y: 374 },
    { x: 147, y: 432 },
    { x: 107, y: 432 },
  ]);
  brush.fillStyle = '#a0603f';
  brush.fillRect(94, 368, 66, 11);
}

/** The number of the house, and the housing of the reader; its light is drawn with each frame. */
function drawPlate(brush: Brush): void {
  brush.fillStyle = '#1d2b45';
  brush.fillRect(428, 118, 46, 38);
  brush.strokeStyle = '#e8ecf2';
  brush.lineWidth = 2;
  brush.strokeRect(431, 121, 40, 32);
  brush.fillStyle = '#e8ecf2';
  for (const [x, y, width, height] of [
    [440, 127, 4, 20],
    [449, 127, 4, 12],
    [449, 136, 15, 4],
    [459, 127, 4, 20],
  ] as const) {
    brush.fillRect(x, y, width, height);
  }
  brush.fillStyle = 'rgba(0,0,0,0.4)';
  brush.fillRect(431, 216, 30, 54);
  brush.fillStyle = '#14161a';
  brush.fillRect(428, 212, 30, 54);
  brush.strokeStyle = '#3d434c';
  brush.lineWidth = 1;
  brush.strokeRect(428.5, 212.5, 29, 53);
  brush.strokeStyle = '#59616c';
  brush.lineWidth = 2;
  for (const radius of [4, 8, 12]) {
    brush.beginPath();
    brush.arc(443, 256, radius, Math.PI * 1.25, Math.PI * 1.75);
    brush.stroke();
  }
}

/** The hall as it is seen through the opening; in the same place on a sheet of its own. */
export function makeHall(canvas: ReturnType<typeof loadCanvas>): Sheet {
  const sheet = canvas.createCanvas(picture.width, picture.height);
  const brush = sheet.getContext('2d');
  const left = opening.x;
  const right = opening.x + opening.width;
  const far = 0.9;
  const near = [
    { x: left, y: opening.y },
    { x: right, y: opening.y },
    { x: right, y: floorY },
    { x: left, y: floorY },
  ] as const;
  const back = near.map(({ x, y }) => deep(x, y, far));
  const wall = brush.createLinearGradient(left, 0, right, 0);
  wall.addColorStop(0, '#c49a62');
  wall.addColorStop(0.5, '#f0cf94');
  wall.addColorStop(1, '#b88d58');
  brush.fillStyle = wall;
  brush.fillRect(left, opening.y, opening.width, opening.height);
  fillShape(brush, '#f3dcae', [near[0], near[1], back[1]!, back[0]!]);
  fillShape(brush, '#7c5433', [near[3], near[2], back[2]!, back[3]!]);
  brush.fillStyle = '#e9c68b';
  brush.fillRect(back[0]!.x, back[0]!.y, back[1]!.x - back[0]!.x, back[2]!.y - back[0]!.y);
  brush.strokeStyle = 'rgba(70,40,15,0.35)';
  brush.lineWidth = 1;
  for (let i = 0; i <= 6; i++) {
    const x = left + (opening.width * i) / 6;
    const end = deep(x, floorY, far);
    brush.beginPath();
    brush.moveTo(x, floorY);
    brush.lineTo(end.x, end.y);
    brush.stroke();
  }
  brush.fillStyle = '#5b3b22';
  brush.fillRect(290, 172, 46, 34);
  brush.fillStyle = '#7fa6b8';
  brush.fillRect(294, 176, 38, 26);
  brush.fillStyle = '#4d7a55';
  brush.fillRect(294, 190, 38, 12);
  brush.fillStyle = '#6a4527';
  brush.fillRect(282, 258, 62, 6);
  brush.fillRect(287, 264, 5, 46);
  brush.fillRect(334, 264, 5, 46);
  const lamp = brush.createRadialGradient(316, 120, 2, 316, 140, 110);
  lamp.addColorStop(0, 'rgba(255,250,225,0.95)');
  lamp.addColorStop(0.2, 'rgba(255,236,180,0.45)');
  lamp.addColorStop(1, 'rgba(255,236,180,0)');
  brush.fillStyle = lamp;
  brush.fillRect(left, opening.y, opening.width, opening.height);
  return sheet;
}
