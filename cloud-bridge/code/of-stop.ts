/** The codes of one stop, from what the store says of it. */
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { deriveCode } from './derive.ts';
import type { CodeKey } from './key.ts';
import { triesOfStop } from './limits.ts';

type Attempt = Row<'attempt'>;
type Delivery = Row<'delivery'>;

/** After the first parcel of an order was handed over its code is good for the others this long: they lie there together. ms */
const togetherMs = 15 * 60_000;

/** What the codes of one stop, and how often they were guessed at, rest on. */
export interface CodeStop {
  readonly delivery: Delivery;
  readonly attempt: Attempt;
  /** Of the same delivery, before this one. */
  readonly earlier: readonly Attempt[];
  /** One code opens the other parcels of the order too, today (S037). */
  readonly isShared: boolean;
  /** So many other parcels. */
  readonly together: number;
  /** Wrong entries that count here: over all holders, and all parcels that the same code is for. */
  readonly tries: number;
  /** Over all attempts of the delivery. */
  readonly triesOfDelivery: number;
}

const triesOf = (attempts: readonly Attempt[]): number => attempts.reduce((sum, one) => sum + one.tries, 0);

export const triesLeftOf = ({ tries }: Pick<CodeStop, 'tries'>): number => Math.max(0, triesOfStop - tries);

/** @param now  ms */
export async function readCodeStop(
  tables: Tables,
  delivery: Delivery,
  attempt: Attempt,
  now: number,
): Promise<CodeStop> {
  const own = await tables.attempts.ofDelivery(delivery.id);
  const { order_ref: order } = delivery;
  const others = (order === null ? [] : await tables.codes.attemptsOfOrder({ ...attempt, order })).filter(
    (one) => one.delivery !== delivery.id,
  );
  const isSpent = others.some((one) => one.how === 'handed-over' && now >= (one.closed_at ?? 0) + togetherMs);
  return {
    delivery,
    attempt,
    earlier: own.filter(({ number }) => number < attempt.number),
    isShared: order !== null && !isSpent,
    together: isSpent ? 0 : new Set(others.filter(({ state }) => state !== 'closed').map((one) => one.delivery)).size,
    tries: attempt.tries + triesOf(others),
    triesOfDelivery: triesOf(own),
  };
}

interface Derived {
  /** With the other parcels of the order. */
  readonly shared: string | undefined;
  /** For this delivery alone. */
  readonly own: string;
}

function derive(
  key: CodeKey,
  digits: number,
  { id, carrier, home, order_ref: order }: Delivery,
  { number, day }: Attempt,
  holder: string,
  spent: ReadonlySet<string>,
): Derived {
  const shared =
    order === null
      ? undefined
      : deriveCode(key, { scope: ['order', carrier, order, home, day], attempt: 1, holder }, digits);
  const taken = shared === undefined ? spent : new Set([...spent, shared]);
  const own = deriveCode(key, { scope: ['delivery', id], attempt: number, holder }, digits, taken);
  return { shared: shared !== undefined && !spent.has(shared) ? shared : undefined, own };
}

/** A holder's code for one stop, and those of the attempts before it: never the same (S024). */
export interface HolderCodes {
  readonly now: string;
  readonly before: ReadonlySet<string>;
}

export function codesOf(key: CodeKey, digits: number, stop: CodeStop, holder: string): HolderCodes {
  const before = new Set<string>();
  for (const attempt of stop.earlier) {
    const { shared, own } = derive(key, digits, stop.delivery, attempt, holder, before);
    if (shared !== undefined) before.add(shared);
    before.add(own);
  }
  const { shared, own } = derive(key, digits, stop.delivery, stop.attempt, holder, before);
  return { now: stop.isShared && shared !== undefined ? shared : own, before };
}
