/** The drawings of the first screen. */
export const firstStrokes = {
  parcel: 'M8 20l24-12 24 12v26L32 58 8 46zM8 20l24 12 24-12M32 32v26M20 14l24 12',
  guest: 'M32 30a11 11 0 100-22 11 11 0 000 22zM10 56c2-13 11-20 22-20s20 7 22 20',
} as const;
