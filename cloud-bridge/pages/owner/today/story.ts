/** What is expected, from deliveries. Pure. */
import type { Delivery } from '../home/known.ts';

const over: readonly string[] = ['delivered', 'failed', 'cancelled'];
export const isOver = ({ state }: Delivery): boolean => over.includes(state);

/** Midnight before this moment and after it, by this device's clock, ms. */
export function dayAround(nowMs: number): { readonly from: number; readonly until: number } {
  const from = new Date(nowMs);
  from.setHours(0, 0, 0, 0);
  const until = new Date(from);
  until.setDate(until.getDate() + 1);
  return { from: from.getTime(), until: until.getTime() };
}

export interface Expected {
  /** Not over, and their window has begun or begins today. */
  readonly today: readonly Delivery[];
  readonly later: readonly Delivery[];
  /** Over, of today. */
  readonly done: readonly Delivery[];
}

/** Each in the order of its window. What was never ended and whose window has passed is not expected any more. */
export function expectedOf(deliveries: readonly Delivery[], nowMs: number): Expected {
  const { from, until } = dayAround(nowMs);
  const sorted = [...deliveries].sort((a, b) => a.from - b.from);
  const going = sorted.filter((one) => !isOver(one) && one.until * 1000 > from);
  return {
    today: going.filter((one) => one.from * 1000 < until),
    later: going.filter((one) => one.from * 1000 >= until),
    done: sorted.filter((one) => isOver(one) && one.from * 1000 < until && one.until * 1000 > from),
  };
}
