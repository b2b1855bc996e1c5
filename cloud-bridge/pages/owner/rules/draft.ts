/** A rule as it stands in the form, and the way from there to a rule and back. Pure: the time and the zone are arguments. */

import * as v from 'valibot';
import type { DoorFacts } from '../../../../wire/enrolment.ts';
import { addDays } from '../../../../wire/local-day.ts';
import { occurrencesIn } from '../../../../wire/occurrences.ts';
import { LocalTime, type Recurrence, weekdays } from '../../../../wire/recurrence.ts';
import { type Party, Rule } from '../../../../wire/rule-book.ts';
import { mostVisits, noEndS } from './sentence.ts';

export type Weekday = (typeof weekdays)[number];

/** As people type it: dates `2026-11-24`, times `09:00`, empty for nothing. */
export interface Draft {
  readonly party: Party | undefined;
  readonly door: string;
  /** `always`: at any time; `weekly`: on days of the week; `once`: in one stretch of one day. */
  readonly when: 'always' | 'weekly' | 'once';
  readonly days: readonly Weekday[];
  /** Of `weekly`: every so many weeks, counted from the first of the days on. */
  readonly every: number;
  /** Of `once`; else the first day, today when empty. */
  readonly begins: string;
  /** The last day; empty: until the owner stops it. */
  readonly ends: string;
  readonly fromTime: string;
  /** Not after `fromTime`: on the next day. */
  readonly untilTime: string;
  /** Empty: not counted. */
  readonly visits: string;
  readonly entries: string;
  readonly camera: Rule['camera'];
  readonly consent: Rule['consent'];
}

export type DraftField = 'party' | 'door' | 'days' | 'begins' | 'ends' | 'time' | 'visits' | 'entries' | 'camera';
export type DraftError = {
  readonly field: DraftField;
  /** `missing`; `not-so`: no date, time or number; `over`: it is past already; `before`: it ends before it begins; `no-camera`: the door has none. */
  readonly why: 'missing' | 'not-so' | 'over' | 'before' | 'no-camera';
};

export interface DraftScene {
  /** The new rule's id: one that was never used. */
  readonly id: string;
  readonly doors: readonly DoorFacts[];
  readonly zone: string;
  readonly nowS: number;
}

/** The form offers no longer rhythm, weeks. */
export const mostWeeks = 4;

export const emptyDraft = (door: string): Draft => ({
  ...{
    party: undefined,
    door,
    when: 'weekly',
    days: [],
    every: 1,
    begins: '',
    ends: '',
    fromTime: '09:00',
    untilTime: '12:00',
  },
  ...{ visits: '', entries: '1', camera: 'recorded', consent: 'ask' },
});

/** A time on the wall of the home as a moment, seconds: where clocks jump, as recurring rules read it. */
export function momentOf(local: string, zone: string): number {
  const around = Date.parse(`${local}Z`) / 1000;
  const day = 86_400;
  const one = { zone, start: local, seconds: 60, freq: 'daily', count: 1 } as const;
  return occurrencesIn(one, { from: around - 2 * day, until: around + 2 * day })[0]?.from ?? around;
}

/** What the wall shows at a moment: `2026-11-24T09:00`. */
export function wallAt(atS: number, zone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: zone });
  return format.format(atS * 1000).replace(' ', 'T');
}

const isLocal = (text: string): boolean => v.is(LocalTime, text);
/** Since midnight. @param time  `09:00` */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const nextDay = (date: string): string => addDays(date, 1);

/** The first of the days from a date on: where not every week counts, it decides which ones do. */
function firstOf(days: readonly Weekday[], date: string): string {
  const isWanted = (day: string): boolean => days.includes(weekdays[(new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7]!);
  let day = date;
  for (let left = 6; left > 0 && !isWanted(day); left -= 1) day = nextDay(day);
  return day;
}

/** A whole number within limits, as it was typed. */
function numberIn(text: string, [least, most]: readonly [number, number]): number | undefined {
  const n = /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return n >= least && n <= most ? n : undefined;
}

type Made = { readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly errors: readonly DraftError[] };

interface Term {
  readonly from: number;
  readonly until: number;
  readonly recurs?: Recurrence;
}

/** Seconds from one time of the day to the other; the same time, or an earlier one, is that of the next day. */
function secondsBetween(fromTime: string, untilTime: string): number {
  const minutes = minutesOf(untilTime) - minutesOf(fromTime);
  return (minutes > 0 ? minutes : minutes + 1_440) * 60;
}

/** When one stretch that begins on a day is over, seconds. */
function stretchEnd(begins: string, fromTime: string, untilTime: string, zone: string): number {
  const isNextDay = minutesOf(untilTime) <= minutesOf(fromTime);
  return momentOf(`${isNextDay ? nextDay(begins) : begins}T${untilTime}`, zone);
}

function termOf(draft: Draft, { zone, nowS }: DraftScene, fail: (error: DraftError) => void): Term | undefined {
  const { when, days, begins, ends, fromTime, untilTime } = draft;
  const today = wallAt(nowS, zone).slice(0, 10);
  const isTimed = when !== 'always';
  if (isTimed && !(isLocal(`${today}T${fromTime}`) && isLocal(`${today}T${untilTime}`))) {
    fail({ field: 'time', why: 'not-so' });
    return undefined;
  }
  if (when === 'once') {
    if (!isLocal(`${begins}T00:00`)) {
      fail({ field: 'begins', why: begins === '' ? 'missing' : 'not-so' });
      return undefined;
    }
    const from = momentOf(`${begins}T${fromTime}`, zone);
    const until = stretchEnd(begins, fromTime, untilTime, zone);
    if (until <= nowS) fail({ field: 'begins', why: 'over' });
    return { from, until };
  }
  for (const [field, date] of [
    ['begins', begins],
    ['ends', ends],
  ] as const) {
    if (date === '' || isLocal(`${date}T00:00`)) continue;
    fail({ field, why: 'not-so' });
    return undefined;
  }
  const asked = begins === '' ? today : begins;
  const isSparse = when === 'weekly' && draft.every > 1;
  const first = isSparse ? firstOf(days, asked) : asked;
  const from = first <= today ? nowS : momentOf(`${first}T00:00`, zone);
  // the last day counts to its end
  const until = ends === '' ? noEndS : momentOf(`${nextDay(ends)}T00:00`, zone);
  if (until <= nowS) fail({ field: 'ends', why: 'over' });
  else if (until <= from) fail({ field: 'ends', why: 'before' });
  if (when === 'always') return { from, until };
  if (days.length === 0) fail({ field: 'days', why: 'missing' });
  return {
    from,
    until,
    recurs: {
      ...{ zone, start: `${first}T${fromTime}`, seconds: secondsBetween(fromTime, untilTime), freq: 'weekly' },
      ...(isSparse && { every: draft.every }),
      days: weekdays.filter((day) => days.includes(day)),
    },
  };
}

/** @returns the rule, or everything that does not hold, in the order of the form */
export function toRule(draft: Draft, scene: DraftScene): Made {
  const errors: DraftError[] = [];
  const fail = (error: DraftError): void => void errors.push(error);
  const { party, door, camera, consent } = draft;
  const facts = scene.doors.find(({ id }) => id === door);
  if (party === undefined) fail({ field: 'party', why: 'missing' });
  if (facts === undefined) fail({ field: 'door', why: 'missing' });
  const term = termOf(draft, scene, fail);
  const visits = draft.visits.trim() === '' ? mostVisits : numberIn(draft.visits, [1, mostVisits]);
  if (visits === undefined) fail({ field: 'visits', why: 'not-so' });
  const entries = numberIn(draft.entries, [1, 20]);
  if (entries === undefined) fail({ field: 'entries', why: 'not-so' });
  if (facts?.camera === false && camera !== 'off') fail({ field: 'camera', why: 'no-camera' });
  if (errors.length > 0 || term === undefined || party === undefined) return { ok: false, errors };
  const rule = { id: scene.id, door, party, ...term, visits: visits!, entries: entries!, camera, consent };
  return { ok: true, rule: v.parse(Rule, rule) };
}

/**
 * A rule as the form shows it, to be made anew.
 * @returns undefined for one that says more than the form can: every other day, exceptions, a number of times, another zone
 */
export function toDraft(rule: Rule, zone: string): Draft | undefined {
  const { recurs, from, until } = rule;
  const rest = {
    ...{ party: rule.party, door: rule.door, camera: rule.camera, consent: rule.consent },
    ...{ visits: rule.visits >= mostVisits ? '' : String(rule.visits), entries: String(rule.entries) },
  };
  const [begins, fromTime] = wallAt(from, zone).split('T') as [string, string];
  const [, untilTime] = wallAt(until, zone).split('T') as [string, string];
  const ends = until >= noEndS ? '' : wallAt(until - 1, zone).slice(0, 10);
  if (recurs === undefined) {
    const isOnce =
      momentOf(`${begins}T${fromTime}`, zone) === from && stretchEnd(begins, fromTime, untilTime, zone) === until;
    // Its end stands on the wall a day and more after its beginning: where clocks jump over it, no form says it.
    if (!isOnce && until - from <= 86_400) return undefined;
    const times = isOnce ? { fromTime, untilTime } : { fromTime: '09:00', untilTime: '12:00' };
    return {
      ...rest,
      when: isOnce ? 'once' : 'always',
      days: [],
      every: 1,
      begins,
      ends: isOnce ? '' : ends,
      ...times,
    };
  }
  const { start, seconds, days = [weekdays[(new Date(`${start}Z`).getUTCDay() + 6) % 7]!] } = recurs;
  const { every = 1 } = recurs;
  const isSaid =
    every === 1 ||
    (recurs.freq === 'weekly' && every <= mostWeeks && firstOf(days, start.slice(0, 10)) === start.slice(0, 10));
  const isPlain = isSaid && recurs.count === undefined && recurs.last === undefined;
  if (recurs.zone !== zone || !isPlain || (recurs.except ?? []).length > 0) return undefined;
  const [firstDay, startTime] = start.split('T') as [string, string];
  const endMinutes = (minutesOf(startTime) + seconds / 60) % 1_440;
  const two = (n: number): string => String(n).padStart(2, '0');
  return {
    ...rest,
    when: 'weekly',
    days: recurs.freq === 'daily' ? weekdays : days,
    ...{ every, begins: firstDay, ends, fromTime: startTime },
    untilTime: `${two(Math.floor(endMinutes / 60))}:${two(endMinutes % 60)}`,
  };
}
