/** The Huffman tables of annex K: what is written, and what a camera's picture without tables of its own is read by. */

/** Codes of 1 to 16 bits: how many of each length, and what they stand for, in order. */
export interface HuffmanTable {
  readonly counts: readonly number[];
  readonly values: readonly number[];
}

const hex = (text: string): readonly number[] => [...Buffer.from(text.replaceAll(/\s/g, ''), 'hex')];
const categories: readonly number[] = Array.from({ length: 12 }, (_, value) => value);

/** Means: table K.3 for luma, K.4 for colour. */
export const meanTables: readonly [HuffmanTable, HuffmanTable] = [
  { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], values: categories },
  { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], values: categories },
];

/** All other coefficients, zeros before it and its size in one byte: table K.5 for luma, K.6 for colour. */
export const restTables: readonly [HuffmanTable, HuffmanTable] = [
  {
    counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
    values: hex(`
      0102 0300 0411 0512 2131 4106 1351 6107 2271 1432 8191 a108 2342 b1c1 1552 d1f0 2433 6272 8209 0a16 1718 191a 2526
      2728 292a 3435 3637 3839 3a43 4445 4647 4849 4a53 5455 5657 5859 5a63 6465 6667 6869 6a73 7475 7677 7879 7a83 8485
      8687 8889 8a92 9394 9596 9798 999a a2a3 a4a5 a6a7 a8a9 aab2 b3b4 b5b6 b7b8 b9ba c2c3 c4c5 c6c7 c8c9 cad2 d3d4 d5d6
      d7d8 d9da e1e2 e3e4 e5e6 e7e8 e9ea f1f2 f3f4 f5f6 f7f8 f9fa`),
  },
  {
    counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
    values: hex(`
      0001 0203 1104 0521 3106 1241 5107 6171 1322 3281 0814 4291 a1b1 c109 2333 52f0 1562 72d1 0a16 2434 e125 f117 1819
      1a26 2728 292a 3536 3738 393a 4344 4546 4748 494a 5354 5556 5758 595a 6364 6566 6768 696a 7374 7576 7778 797a 8283
      8485 8687 8889 8a92 9394 9596 9798 999a a2a3 a4a5 a6a7 a8a9 aab2 b3b4 b5b6 b7b8 b9ba c2c3 c4c5 c6c7 c8c9 cad2 d3d4
      d5d6 d7d8 d9da e2e3 e4e5 e6e7 e8e9 eaf2 f3f4 f5f6 f7f8 f9fa`),
  },
];
