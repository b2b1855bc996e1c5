/** Randomness that can be repeated. */

export interface Random {
  /** 0 (inclusive) to below `n`. */
  below(n: number): number;
  pick<T>(all: readonly T[]): T;
  /** base64url, `length` characters. */
  id(length?: number): string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * n);
  };
  return {
    below,
    pick: (all) => all[below(all.length)]!,
    id: (length = 22) => Array.from({ length }, () => letters[below(64)]).join(''),
  };
}
