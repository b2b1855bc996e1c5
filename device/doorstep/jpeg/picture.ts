/** A baseline JPEG taken apart to its coefficients: what is not touched comes out again bit for bit. ITU-T T.81. */

/** Most pixels of a picture that is read: its coefficients take three bytes for each. */
export const maxPixels = 2_200_000;
/** Along one side of a block, pixels. */
export const blockSide = 8;
/** Coefficients of a block. */
export const blockSize = 64;

export interface Component {
  /** Blocks of this component in one unit, each way: 1 or 2. */
  readonly across: number;
  readonly down: number;
  /** 64 steps, zigzag order. */
  readonly steps: Uint16Array;
  /** Blocks in one row, those past the edge of the picture included. */
  readonly blocksWide: number;
  /** 64 for each block, row by row, zigzag order: the first is the block's mean. */
  readonly coefficients: Int16Array;
}

export interface JpegPicture {
  readonly width: number;
  readonly height: number;
  /** Of one unit, the smallest part that has all components, pixels. */
  readonly unitWidth: number;
  readonly unitHeight: number;
  readonly unitsWide: number;
  readonly unitsHigh: number;
  /** Luma alone, or luma and two of colour. */
  readonly components: readonly [Component, ...Component[]];
}

/** Where the coefficients of zigzag order belong in a block, row by row (figure A.6). */
export const zigzag: readonly number[] = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
];
