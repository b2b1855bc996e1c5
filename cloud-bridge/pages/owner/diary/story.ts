/** The diary: what happened, newest first, visits told whole. Pure. */
import type { EntryKind } from '../../../../wire/journal.ts';
import type { DiaryEntry } from '../home/known.ts';

export interface VisitStory {
  readonly is: 'visit';
  readonly visit: string;
  readonly door?: string | undefined;
  readonly delivery?: string | undefined;
  readonly atMs: number;
  readonly seq: number;
  /** ms; absent while it has not ended. */
  readonly tookMs?: number;
  readonly outcome?: string;
  readonly proof?: string;
  /** Signed by the hub. */
  readonly receipt?: string;
  /** When the hub deleted its last recording, ms. */
  readonly recordingDeletedMs?: number;
  readonly steps: readonly DiaryEntry[];
}

export interface EntryStory {
  readonly is: 'entry';
  readonly entry: DiaryEntry;
  /** The last that is said of a delivery for which nobody came through a door. */
  readonly delivery?: string;
  readonly atMs: number;
  readonly seq: number;
}

export interface Day {
  /** Its midnight by this device's clock, ms. */
  readonly startMs: number;
  readonly stories: readonly (VisitStory | EntryStory)[];
}

/** What nobody at home asks about: it is in the journal, and an export has it. */
const unsaid: readonly EntryKind[] = [
  'visit.ignored',
  'clock.trusted',
  'document.accepted',
  'lock.logged',
  'journal.late',
  'camera.recorded',
  'recording.late',
];

const text = (x: unknown): string | undefined => (typeof x === 'string' ? x : undefined);

function toVisit(visit: string, steps: readonly DiaryEntry[]): VisitStory | undefined {
  const arrived = steps.find(({ kind }) => kind === 'visit.arrived');
  const first = arrived ?? steps[0]!;
  const ended = steps.find(({ kind }) => kind === 'visit.ended');
  // Prepared, and nobody came: no visit.
  if (arrived === undefined && ended === undefined) return undefined;
  const deleted = steps.findLast(({ kind }) => kind === 'recording.deleted');
  const prepared = steps.find(({ kind }) => kind === 'visit.prepared');
  const [outcome, proof, receipt] = [text(ended?.body.outcome), text(ended?.body.proof), text(ended?.body.receipt)];
  return {
    ...{ is: 'visit', visit, atMs: first.at, seq: steps.at(-1)!.seq, steps },
    door: steps.find(({ door }) => door !== undefined)?.door,
    delivery: text(prepared?.body.delivery),
    ...(ended === undefined ? {} : { tookMs: Math.max(0, ended.at - first.at) }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(proof === undefined ? {} : { proof }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(deleted === undefined ? {} : { recordingDeletedMs: deleted.at }),
  };
}

const dayOf = (atMs: number): number => {
  const day = new Date(atMs);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
};

/** @param entries  oldest first */
export function daysOf(entries: readonly DiaryEntry[]): readonly Day[] {
  const visits = new Map<string, DiaryEntry[]>();
  const stories: (VisitStory | EntryStory)[] = [];
  for (const entry of entries) {
    if (entry.visit !== undefined) visits.set(entry.visit, [...(visits.get(entry.visit) ?? []), entry]);
  }
  for (const [visit, steps] of visits) {
    const story = toVisit(visit, steps);
    if (story !== undefined) stories.push(story);
  }
  const visited = new Set(stories.map(({ delivery }) => delivery));
  const sealed = entries.filter(({ kind }) => kind === 'stop.sealed');
  const lastSeals = new Map(sealed.map(({ body, seq }) => [text(body.delivery), seq]));
  for (const entry of entries) {
    if (entry.visit !== undefined || unsaid.includes(entry.kind)) continue;
    const delivery = text(entry.body.delivery);
    const isIts = delivery !== undefined && lastSeals.get(delivery) === entry.seq && !visited.has(delivery);
    stories.push({ is: 'entry', entry, atMs: entry.at, seq: entry.seq, ...(isIts && { delivery }) });
  }
  const days = new Map<number, (VisitStory | EntryStory)[]>();
  // Order is told by the numbers, never by the times: of a sealed entry that nobody can open only the day is known.
  for (const story of stories.sort((a, b) => b.seq - a.seq)) {
    const day = dayOf(story.atMs);
    days.set(day, [...(days.get(day) ?? []), story]);
  }
  return [...days].map(([startMs, all]) => ({ startMs, stories: all })).sort((a, b) => b.startMs - a.startMs);
}

/** An alarm, a refusal, or something that failed. */
export function isBad({ kind, body }: DiaryEntry): boolean {
  if (kind.startsWith('alarm.')) return kind !== 'alarm.cleared' && body.over !== true;
  return /\.(refused|failed|lost|suspect|refusing|distrusted)$/.test(kind);
}
