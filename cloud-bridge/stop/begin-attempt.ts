/** Begins an attempt of a delivery: one stop on one day, with codes of its own. */
import { dayOf, endOfDay } from '../../wire/local-day.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export interface AttemptDay {
  readonly number: number;
  /** `YYYY-MM-DD` there. */
  readonly day: string;
  /** The home's time zone: with the end of the day there everything of this attempt is dead. */
  readonly zone: string;
}

/** The day on which a delivery's window begins. */
export const dayOfWindow = (delivery: Pick<Row<'delivery'>, 'from_s'>, zone: string): string =>
  dayOf(zone, delivery.from_s * 1000);

/** The delivery's `attempt` is for the caller to set when it is not the first. */
export async function beginAttempt(
  tables: Pick<Tables, 'attempts'>,
  delivery: Pick<Row<'delivery'>, 'id' | 'home' | 'carrier'>,
  { number, day, zone }: AttemptDay,
  at: number,
): Promise<Row<'attempt'>> {
  const attempt: Row<'attempt'> = {
    delivery: delivery.id,
    number,
    home: delivery.home,
    carrier: delivery.carrier,
    day,
    dies_at: endOfDay(zone, day),
    state: 'expected',
    presence: 'none',
    jkt: null,
    nonce: null,
    named: null,
    how: null,
    receipt: null,
    seal: null,
    sets: null,
    tries: 0,
    arrived_at: null,
    rang_at: null,
    closed_at: null,
    created_at: at,
    told_day: null,
  };
  await tables.attempts.add(attempt);
  return attempt;
}
