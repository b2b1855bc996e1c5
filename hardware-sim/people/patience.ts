/** How long things take for a person, and waiting. */
import type { Clock } from '../clock.ts';
import type { Reply } from './http.ts';

/** A reply and how long it took to get it, ms, with all attempts and pauses. */
export type Timed<T> = Reply<T> & { readonly ms: number };

export async function timed<T>(clock: Clock, work: () => Promise<Reply<T>>): Promise<Timed<T>> {
  const start = clock.monotonic();
  const reply = await work();
  return { ...reply, ms: clock.monotonic() - start };
}

export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });
