/** A rule as one plain sentence, in the language of the owner: “DHL may bring parcels in, door “Garage”, Monday to Saturday, …”. Pure. */

import { type Recurrence, weekdays } from '../../../../wire/recurrence.ts';
import type { Rule } from '../../../../wire/rule-book.ts';
import type { LanguageCode } from '../../common/language.ts';
import { count, fill } from '../words.ts';
import { type SentenceWords, sentenceWords } from './sentence-words.ts';

/** What the household calls them. */
export interface Names {
  readonly door: (id: string) => string;
  /** False: what it is called says that it is a door. */
  readonly isNamed: (door: string) => boolean;
  readonly party: (party: Pick<Rule['party'], 'kind' | 'id'>) => string;
}

export interface SentenceScene {
  readonly code: LanguageCode;
  readonly names: Names;
  /** The home's time zone, IANA. */
  readonly zone: string;
  readonly nowS: number;
}

/** A rule that ends then or later ends when the owner says so: 2100-01-01, seconds. */
export const noEndS = 4_102_444_800;
/** A rule that allows so many visits counts none. */
export const mostVisits = 1_000;

const dayMs = 86_400_000;

/** Monday first, as the language writes them within a sentence. */
function weekdayNames({ locale }: SentenceWords): readonly string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const monday = Date.UTC(2024, 0, 1);
  return weekdays.map((_, index) => format.format(monday + index * dayMs));
}

/** “Monday to Saturday”, “every Tuesday and Friday”; seven are every day. @param isEach  false where weeks are left out: “Tuesday and Friday” */
export function sayDays(words: SentenceWords, days: readonly (typeof weekdays)[number][], isEach = true): string {
  const indexes = weekdays.map((day, index) => (days.includes(day) ? index : -1)).filter((index) => index >= 0);
  if (indexes.length === 7) return words.everyDay;
  const names = weekdayNames(words);
  const runs: number[][] = [];
  for (const index of indexes) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === index - 1) run.push(index);
    else runs.push([index]);
  }
  const isRanged = runs.some((run) => run.length > 2);
  const said = runs.flatMap((run) =>
    run.length > 2
      ? [fill(words.dayRange, { first: names[run[0]!]!, last: names[run.at(-1)!]! })]
      : run.map((index) => names[index]!),
  );
  const list = new Intl.ListFormat(words.locale, { type: 'conjunction' }).format(said);
  return isRanged || !isEach ? list : fill(words.eachDay, { days: list });
}

/** `2026-11-24T09:00` as a moment of a clock that knows no zone. */
const wallMs = (local: string): number => Date.parse(`${local}Z`);

const sayTime = (atMs: number, zone: string): string => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  });
  return parts.format(atMs).replace(/^0(?=\d:)/, '');
};

const sayDate = ({ locale }: SentenceWords, atMs: number, zone: string): string =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone }).format(atMs);

/** The last day on which it counts: an end at midnight is the day before. */
const lastDay = (words: SentenceWords, untilS: number, zone: string): string =>
  sayDate(words, (untilS - 1) * 1000, zone);

function sayHours(words: SentenceWords, startMs: number, seconds: number, zone: string): string {
  const from = sayTime(startMs, zone);
  if (seconds === 86_400 && from === '0:00') return words.allDay;
  const untilMs = startMs + seconds * 1000;
  const until = sayTime(untilMs, zone);
  const dayOf = (ms: number): string => new Intl.DateTimeFormat('en-GB', { timeZone: zone }).format(ms);
  if (dayOf(startMs) === dayOf(untilMs)) return fill(words.hours, { from, until });
  // midnight is the end of the day, and said so
  return until === '0:00' && seconds < 86_400
    ? fill(words.hours, { from, until: '24:00' })
    : fill(words.overnight, { from, until });
}

function sayRecurrence(words: SentenceWords, recurs: Recurrence, { code, zone }: SentenceScene): readonly string[] {
  const { start, seconds, freq, every = 1, days, count: times, last, except = [] } = recurs;
  const startMs = wallMs(start);
  const own = weekdays[(new Date(startMs).getUTCDay() + 6) % 7]!;
  const list = new Intl.ListFormat(words.locale, { type: 'conjunction' });
  const rhythm =
    freq === 'daily'
      ? [every === 1 ? words.everyDay : count(code, words.everyDays, every)]
      : [...(every === 1 ? [] : [count(code, words.everyWeeks, every)]), sayDays(words, days ?? [own], every === 1)];
  const left = [...new Set(except.map((one) => sayDate(words, wallMs(one), 'UTC')))];
  return [
    ...rhythm,
    sayHours(words, startMs, seconds, 'UTC'),
    ...(recurs.zone === zone ? [] : [fill(words.zone, { zone: recurs.zone.replaceAll('_', ' ') })]),
    ...(times === undefined ? [] : [count(code, words.occurrences, times)]),
    ...(last === undefined ? [] : [fill(words.last, { day: sayDate(words, last * 1000, recurs.zone) })]),
    ...(left.length === 0 ? [] : [fill(words.except, { days: list.format(left) })]),
  ];
}

/** A window by itself: of one day with its hours, else with its first and last moment. */
function sayWindow(words: SentenceWords, { from, until }: Rule, { zone, nowS }: SentenceScene): readonly string[] {
  const [first, last] = [sayDate(words, from * 1000, zone), lastDay(words, until, zone)];
  if (first === last) return [first, sayHours(words, from * 1000, until - from, zone)];
  const moment = (s: number): string => `${sayDate(words, s * 1000, zone)}, ${sayTime(s * 1000, zone)}`;
  const begins = from > nowS ? [fill(words.from, { day: moment(from) })] : [];
  return until >= noEndS ? [...begins, words.noEnd] : [...begins, fill(words.until, { day: moment(until) })];
}

/** From when until when a recurring rule is in force: only what is not plain. */
function sayTerm(
  words: SentenceWords,
  { from, until, recurs }: Rule,
  { zone, nowS }: SentenceScene,
): readonly string[] {
  const start = Math.max(from, recurs === undefined ? 0 : wallMs(recurs.start) / 1000);
  const isEnded = recurs?.count !== undefined || recurs?.last !== undefined;
  const end = until < noEndS ? [fill(words.until, { day: lastDay(words, until, zone) })] : isEnded ? [] : [words.noEnd];
  const sayFrom = (ms: number, at: string): string => fill(words.from, { day: sayDate(words, ms, at) });
  // the wall clock of the start is compared as if it were UTC: a day is near enough for words
  // where days or weeks are left out, the first one says which
  if (recurs !== undefined && (recurs.every ?? 1) > 1) return [sayFrom(wallMs(recurs.start), 'UTC'), ...end];
  return [...(start > nowS + 86_400 ? [sayFrom(start * 1000, zone)] : []), ...end];
}

/** @returns one sentence, without a full stop */
export function sayRule(rule: Rule, scene: SentenceScene): string {
  const { code, names } = scene;
  const words = sentenceWords[code];
  const { party, recurs, visits, entries, camera, consent } = rule;
  const parts = [
    fill(words[party.kind], { who: names.party(party) }),
    names.isNamed(rule.door) ? fill(words.door, { door: names.door(rule.door) }) : names.door(rule.door),
    ...(recurs === undefined
      ? sayWindow(words, rule, scene)
      : [...sayRecurrence(words, recurs, scene), ...sayTerm(words, rule, scene)]),
    ...(visits >= mostVisits ? [] : [count(code, words.visits, visits)]),
    ...(entries === 1 ? [] : [count(code, words.entries, entries)]),
    words[camera],
    words[consent],
  ];
  return parts.join(', ');
}
