/** The drawings of the first screen. */
export const firstStrokes = {
  door: 'M14 58V8h36v50M6 58h52M42 32v6',
  guest: 'M32 30a11 11 0 100-22 11 11 0 000 22zM10 56c2-13 11-20 22-20s20 7 22 20',
} as const;
