/** When a rule holds: once, or at each occurrence of its recurrence, which a library for RFC 5545 works out. */
import { RRuleTemporal } from 'rrule-temporal';
import type { Recurrence } from './recurrence.ts';

/** From (inclusive) until (exclusive), seconds. */
export interface Window {
  readonly from: number;
  readonly until: number;
}

const plain = (local: string): string => `${local.replaceAll(/[-:]/g, '')}00Z`;

/**
 * As RFC 5545 writes it, on the clock of the wall: the zone comes in afterwards. A library that counts in the zone leaves out the starts
 * that its clocks skip; RFC 5545 (3.3.10) reads them with the offset before the gap.
 */
function toWallClock({ start, freq, every = 1, days, count, except = [] }: Recurrence): string {
  const parts = [
    `FREQ=${freq.toUpperCase()}`,
    ...(every === 1 ? [] : [`INTERVAL=${every}`]),
    ...(freq === 'weekly' ? ['WKST=MO'] : []),
    ...(days === undefined ? [] : [`BYDAY=${days.join(',')}`]),
    ...(count === undefined ? [] : [`COUNT=${count}`]),
  ];
  return [`DTSTART:${plain(start)}`, `RRULE:${parts.join(';')}`, ...except.map((one) => `EXDATE:${plain(one)}`)].join(
    '\n',
  );
}

/** What a rule says of its times. */
export interface RuleTimes extends Window {
  readonly recurs?: Recurrence | undefined;
}

/** Rules are few and asked about at every knock. */
const read = new Map<string, RRuleTemporal>();
const mostKept = 64;

function wallClockOf(recurrence: Recurrence): RRuleTemporal {
  const text = toWallClock(recurrence);
  const known = read.get(text);
  if (known !== undefined) return known;
  const made = new RRuleTemporal({ rruleString: text });
  if (read.size >= mostKept) read.delete(read.keys().next().value!);
  read.set(text, made);
  return made;
}

/** No zone is further from UTC than this, seconds. */
const furthestS = 26 * 3600;

/** All occurrences that touch the window, in order. */
export function occurrencesIn(recurrence: Recurrence, { from, until }: Window): readonly Window[] {
  const { zone, seconds, last = Number.POSITIVE_INFINITY } = recurrence;
  const [first, end] = [from - seconds - furthestS, until + furthestS].map((one) => new Date(one * 1000));
  return wallClockOf(recurrence)
    .between(first!, end!, true)
    .map((wall) => wall.toPlainDateTime().toZonedDateTime(zone, { disambiguation: 'compatible' }))
    .map(({ epochMilliseconds }) => Math.floor(epochMilliseconds / 1000))
    .filter((start) => start <= last && start < until && start + seconds > from)
    .map((start) => ({ from: start, until: start + seconds }));
}

/** When the rule holds within a window, clipped to it, in order. */
export function windowsOf(rule: RuleTimes, within: Window): readonly Window[] {
  const [from, until] = [Math.max(rule.from, within.from), Math.min(rule.until, within.until)];
  if (from >= until) return [];
  if (rule.recurs === undefined) return [{ from, until }];
  return occurrencesIn(rule.recurs, { from, until }).map((one) => ({
    from: Math.max(one.from, from),
    until: Math.min(one.until, until),
  }));
}

/** The window of the rule that stands open at a moment, as long as it is; undefined while none does. */
export function windowAt(rule: RuleTimes, atS: number): Window | undefined {
  if (atS < rule.from || atS >= rule.until) return undefined;
  if (rule.recurs === undefined) return { from: rule.from, until: rule.until };
  const found = occurrencesIn(rule.recurs, { from: atS, until: atS + 1 })[0];
  return found && { from: Math.max(found.from, rule.from), until: Math.min(found.until, rule.until) };
}

/** How far to look for the next times, days: the nearest first. No recurrence rests longer than 52 weeks. */
const horizonDays = [9, 70, 800];

/** The next windows of the rule, soonest first, each as long as it is; the first may stand open. @param most  so many at most */
export function nextWindows(rule: RuleTimes, atS: number, most: number): readonly Window[] {
  const { from, until, recurs } = rule;
  if (atS >= until) return [];
  if (recurs === undefined) return [{ from, until }];
  const first = Math.max(atS, from);
  let found: readonly Window[] = [];
  for (const days of horizonDays) {
    const end = Math.min(until, first + days * 86_400);
    found = occurrencesIn(recurs, { from: first, until: end }).map((one) => ({
      from: Math.max(one.from, from),
      until: Math.min(one.until, until),
    }));
    if (found.length >= most || end === until) break;
  }
  return found.slice(0, most);
}
