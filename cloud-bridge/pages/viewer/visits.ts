/** Which visits run, from the journal's entries as they come: so that Stop works before a picture is there, and after it is gone. */
import { fromEntryText } from '../../../wire/journal.ts';

export interface RunningVisit {
  readonly visit: string;
  readonly door: string | undefined;
  /** Kind of its newest entry. */
  readonly kind: string;
  /** ms since 1970, by the hub's clock. */
  readonly atMs: number;
}

/** What runs, oldest first. */
export type Visits = readonly RunningVisit[];

/** An entry older than this begins no visit any more: a visit lasts minutes, ms. */
const overAfterMs = 24 * 3600_000;

/** Takes the next entry. Whatever is no entry of a visit changes nothing. Pure. */
export function followVisits(visits: Visits, text: string, nowMs: number): Visits {
  const read = fromEntryText(text);
  if (!read.ok || read.value.visit === undefined) return visits;
  const { visit, kind, at, door } = read.value;
  const known = visits.find((one) => one.visit === visit);
  const others = visits.filter((one) => one.visit !== visit);
  if (kind === 'visit.ended') return others;
  const begins = kind === 'visit.prepared' || kind === 'visit.arrived';
  if (known === undefined && !(begins && nowMs - at < overAfterMs)) return visits;
  return [...others, { visit, door: door ?? known?.door, kind, atMs: at }];
}
