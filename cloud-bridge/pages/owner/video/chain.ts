/** The hash chain over a stream, followed from one checkpoint of the hub to the next. Pure but for hashing. */
import { chainStart, fromBase64Url, joinMessage, toBase64Url } from '../../../../wire/media.ts';
import { sha256 } from '../../common/bytes.ts';

/**
 * `fits`: all frames up to there are the hub's, in its order. `joined`: the chain goes on from there, and what came before is
 * not covered by it. `broken`: these are not the frames that the hub signed for. `old`: said before.
 */
export type Fit = 'fits' | 'joined' | 'broken' | 'old';

export interface Chain {
  /** Adds a frame as it was sealed; in order, each once. */
  add(seq: number, message: Uint8Array): Promise<void>;
  /** Holds a checkpoint against the frames. @param hash  base64url */
  check(seq: number, hash: string): Promise<Fit>;
  /** Frames since the last checkpoint. */
  readonly waiting: number;
}

/** @param keyHash  SHA-256 of the key's document. @param fromStart  false: joined later, the first checkpoint begins the chain */
export async function createChain(keyHash: Uint8Array, fromStart: boolean): Promise<Chain> {
  const begin = { seq: 0, hash: await sha256(joinMessage(chainStart, keyHash)) };
  let anchor: { readonly seq: number; readonly hash: Uint8Array } | undefined = fromStart ? begin : undefined;
  const hashes = new Map<number, Uint8Array>();

  const follow = async (from: { seq: number; hash: Uint8Array }, to: number): Promise<Uint8Array | undefined> => {
    let { hash } = from;
    for (let seq = from.seq + 1; seq <= to; seq += 1) {
      const next = hashes.get(seq);
      if (next === undefined) return undefined;
      hash = await sha256(joinMessage(hash, next));
    }
    return hash;
  };

  return {
    add: async (seq, message) => {
      // the first frame of all: a stream that is watched from its start has its whole chain
      if (seq === 1) anchor = begin;
      hashes.set(seq, await sha256(message));
    },
    check: async (seq, hash) => {
      if (anchor !== undefined && seq < anchor.seq) return 'old';
      const got = anchor === undefined ? undefined : await follow(anchor, seq);
      if (got !== undefined && toBase64Url(got) !== hash) return 'broken';
      const isNew = anchor?.seq !== seq;
      anchor = { seq, hash: got ?? fromBase64Url(hash)! };
      for (const one of hashes.keys()) if (one <= seq) hashes.delete(one);
      return got === undefined ? 'joined' : isNew || seq === 0 ? 'fits' : 'old';
    },
    get waiting() {
      return hashes.size;
    },
  };
}
