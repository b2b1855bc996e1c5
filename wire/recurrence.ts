/** A recurring window, as RFC 5545 means it: a subset that an owner can read aloud. Shapes only; `occurrences.ts` works it out. */
import * as v from 'valibot';
import { Count, Seconds } from './shapes.ts';

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

/** A zone of the IANA database that this machine knows. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const isDay = (text: string): boolean => {
  const day = new Date(`${text}Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

/** Date and time on the wall of the home, `2026-11-24T09:00`. */
export const LocalTime = v.pipe(
  v.string(),
  v.regex(/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d$/),
  v.check(isDay, 'no such day'),
);

/** Longest occurrence: a day, seconds. */
export const maxOccurrenceSeconds = 86_400;

const Weekdays = v.pipe(
  v.array(v.picklist(weekdays)),
  v.minLength(1),
  v.check((days) => new Set(days).size === days.length, 'each once'),
);

/**
 * Again and again: `every` so many days or weeks from `start` on, each for `seconds`, but not at the starts in `except`. It ends after `count`
 * times, at the start `last`, or with its rule.
 */
export const Recurrence = v.pipe(
  v.strictObject({
    /** IANA name. */
    zone: v.pipe(v.string(), v.maxLength(64), v.regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/), v.check(isZone, 'no such zone')),
    /** The first start. Where clocks skip it, it is read with the offset before; where they show it twice, it is the first. */
    start: LocalTime,
    /** How long each lasts, exact, 60..86_400. */
    seconds: v.pipe(v.number(), v.integer(), v.minValue(60), v.maxValue(maxOccurrenceSeconds)),
    freq: v.picklist(['daily', 'weekly']),
    /** Every so many days or weeks, 1..52. */
    every: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(52))),
    /** Weekly only; without it, the weekday of `start`. Weeks begin on Monday. */
    days: v.optional(Weekdays),
    count: v.optional(v.pipe(Count, v.minValue(1), v.maxValue(1000))),
    /** The last moment at which one may start, seconds since the epoch. */
    last: v.optional(Seconds),
    except: v.optional(v.pipe(v.array(LocalTime), v.maxLength(64))),
  }),
  v.check(({ freq, days }) => days === undefined || freq === 'weekly', 'days are for weekly'),
  v.check(({ count, last }) => count === undefined || last === undefined, 'count or last, not both'),
);
export type Recurrence = v.InferOutput<typeof Recurrence>;
