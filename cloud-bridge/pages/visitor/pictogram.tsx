/** One drawing a screen, for those who read none of the languages. Strokes only, in the colour of the text. */
import { firstStrokes } from './first-strokes.ts';
import type { Pictogram } from './story.ts';

const strokes: Readonly<Record<Pictogram, string>> = {
  ...firstStrokes,
  parcel: 'M8 20l24-12 24 12v26L32 58 8 46zM8 20l24 12 24-12M32 32v26M20 14l24 12',
  digits: 'M20 6h24a4 4 0 014 4v44a4 4 0 01-4 4H20a4 4 0 01-4-4V10a4 4 0 014-4zM24 20h4m4 0h4m4 0h0M24 30h4m4 0h4m4 0h0M24 40h16M30 51h4',
  camera: 'M6 18h36v28H6zM42 28l16-9v26l-16-9M16 26a6 6 0 106 6',
  pin: 'M32 58S12 40 12 25a20 20 0 0140 0c0 15-20 33-20 33zM32 33a8 8 0 100-16 8 8 0 000 16z',
  open: 'M14 58V8h36v50M6 58h52M14 8l20 8v46l-20-4M28 36v5',
  close: 'M14 58V8h36v50M6 58h52M50 8L30 16v46l20-4M62 36H44m0 0l7-7m-7 7l7 7',
  lock: 'M14 28h36v30H14zM21 28V19a11 11 0 0122 0v9M32 40v8',
  done: 'M32 6a26 26 0 100 52 26 26 0 000-52zM20 33l9 9 16-19',
  stop: 'M32 6a26 26 0 100 52 26 26 0 000-52zM22 22l20 20M42 22L22 42',
  wait: 'M32 6a26 26 0 1026 26M32 18v14l9 6',
};

export const Drawing = ({ of, isMoving }: { readonly of: Pictogram; readonly isMoving: boolean }) => (
  <svg class={isMoving ? 'drawing moving' : 'drawing'} viewBox="0 0 64 64" aria-hidden="true">
    <path d={strokes[of]} />
  </svg>
);
