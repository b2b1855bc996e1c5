/** Forgets what was done at stops when its time is over: where phones said that they were stands in it. Receipts stay. */
import type { Parts } from '../parts.ts';

const dayMs = 86_400_000;
/** Stops in one transaction: others want to write, too. */
const atOnce = 50;

/** A stop that is not signed for yet is kept, and one whose delivery has a photo, an open case or an open dispute. */
export async function forgetActs({ store, config, now }: Pick<Parts, 'store' | 'config' | 'now'>): Promise<void> {
  const before = now() - config.actDays * dayMs;
  for (let more = true; more; ) {
    more = await store.write(async ({ stops }) => {
      const over = await stops.over(before, atOnce);
      for (const { delivery, attempt } of over) await stops.forget(delivery, attempt);
      return over.length === atOnce;
    });
  }
}
