/** Token buckets for callers. In memory, for one instance: they guard this process, not an account. */

export interface Buckets {
  /** Takes one token. @returns false when there is none left */
  take(key: string): boolean;
  /** Is there a token? Takes none. */
  has(key: string): boolean;
}

interface Bucket {
  tokens: number;
  at: number;
}

const maxBuckets = 50_000;

/**
 * @param perSecond  tokens that come back each second
 * @param burst      tokens of a full bucket
 * @param now        ms, any origin, never backwards
 */
export function bucketsOf(perSecond: number, burst: number, now: () => number): Buckets {
  const buckets = new Map<string, Bucket>();
  const fill = (key: string): Bucket => {
    const at = now();
    const bucket = buckets.get(key);
    if (bucket !== undefined) {
      bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
      bucket.at = at;
      return bucket;
    }
    // The oldest goes: whoever floods with new names only ever pushes out full buckets of others.
    if (buckets.size >= maxBuckets) buckets.delete(buckets.keys().next().value!);
    const fresh = { tokens: burst, at };
    buckets.set(key, fresh);
    return fresh;
  };
  return {
    has: (key) => !buckets.has(key) || fill(key).tokens >= 1,
    take: (key) => {
      const bucket = fill(key);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
