/** Waiting for a condition, with a deadline. */
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../../wire/faults.ts';

/**
 * Polls until `look` brings something: no truth is `undefined`, `false` or `null`.
 * @param what      said when it was in vain
 * @param withinMs  real time
 * @throws Fault INTERNAL
 */
export async function until<T>(what: string, look: () => T | Promise<T>, withinMs = 60_000): Promise<NonNullable<T>> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > end) throw new Fault('INTERNAL', { waitedInVain: what });
    await pause(5);
  }
}

/** Polls until `isSo`. @param withinMs  real time. @returns whether it came true */
export async function comesTrue(isSo: () => boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > end) return false;
    await pause(5);
  }
  return true;
}
