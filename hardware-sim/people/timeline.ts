/** What happened, as a story: who did what, how long after the step before, and how the door was proven locked. Pure. */
import type { Note } from '../../wire/household.ts';
import { type Entry, type EntryKind, kinds } from '../../wire/journal.ts';

export type Who = 'carrier' | 'courier' | 'cloud' | 'hub' | 'door' | 'owner' | 'installer' | 'broker';

/** One step: a journal entry, or something that a person did or was told. */
export interface TimelineEvent {
  /** Ms since the epoch. */
  readonly atMs: number;
  readonly who: Who;
  readonly what: string;
  /** `kind` is the journal's; it is what proof and totals are worked out from. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface TimelineStep extends TimelineEvent {
  /** Since the step before, ms; 0 for the first. */
  readonly sinceMs: number;
  /** An alarm, a refusal, or something that failed. */
  readonly bad: boolean;
}

/** What the end of the visit rests on. Ages are counted at the moment of the proof, ms. */
export interface LockedProof {
  readonly bolt: string;
  /** Since the lock accepted the command to lock; absent when none was given. */
  readonly boltAgeMs?: number;
  readonly contact: string;
  /** Since the contact last moved, to closed; absent when it was not seen to move. */
  readonly stillMs?: number;
  /** Number of the report that proved it. */
  readonly report?: number;
  readonly proof?: string;
}

export interface Total {
  readonly name: string;
  readonly ms: number;
}

export interface Timeline {
  readonly steps: readonly TimelineStep[];
  /** Absent when nothing proved the door locked after it last moved. */
  readonly locked?: LockedProof;
  readonly totals: readonly Total[];
  /** How the visit ended; absent while it has not. */
  readonly end?: { readonly outcome: string; readonly proof: string };
}

const courier: readonly EntryKind[] = ['visit.arrived', 'visit.finished', 'visit.aborted'];
const owner: readonly EntryKind[] = ['visit.stopped', 'clock.reset'];
const installer: readonly EntryKind[] = ['hub.enrolled', 'hub.handed-over', 'lock.tested'];
const door: readonly EntryKind[] = [
  'bolt.driven',
  'bolt.failed',
  'door.opened',
  'door.closed',
  'door.moved',
  'household',
];

function whoOf(kind: EntryKind): Who {
  if (courier.includes(kind)) return 'courier';
  if (owner.includes(kind)) return 'owner';
  if (installer.includes(kind)) return 'installer';
  return door.includes(kind) ? 'door' : 'hub';
}

/**
 * An entry as a step.
 * @param note  what the owner's phone read in it, when it is sealed
 */
export function fromEntry(entry: Entry, note: Pick<Note, 'kind' | 'at' | 'body'> = entry): TimelineEvent {
  const facts = Object.entries(note.body).filter((one): one is [string, string | number | boolean] => one[1] !== null);
  return {
    atMs: note.at,
    who: whoOf(note.kind),
    what: kinds[note.kind].says,
    detail: { ...Object.fromEntries(facts), kind: note.kind, seq: entry.seq },
  };
}

/** An alarm, a refusal, or something that failed. */
export const isBad = ({ detail }: TimelineEvent): boolean =>
  /^alarm\.(raised|private)$|refused$|failed$|lost$|offline$|suspect$|distrusted$|refusing$|^door\.moved$/.test(
    String(detail?.kind ?? ''),
  ) || detail?.refused !== undefined;

/** Puts the events of one visit in order of time, those of one moment as they came, and works out proof and totals. */
export function toTimeline(events: readonly TimelineEvent[]): Timeline {
  const ordered = [...events].sort((a, b) => a.atMs - b.atMs);
  const steps = ordered.map((event, index) => ({
    ...event,
    sinceMs: index === 0 ? 0 : event.atMs - ordered[index - 1]!.atMs,
    bad: isBad(event),
  }));
  const locked = provenBy(ordered);
  const ended = lastOf(ordered, 'visit.ended');
  const end = { outcome: String(ended?.detail?.outcome), proof: String(ended?.detail?.proof) };
  return {
    steps,
    ...(locked === undefined ? {} : { locked }),
    totals: totalsOf(ordered),
    ...(ended === undefined ? {} : { end }),
  };
}

type Match = (event: TimelineEvent) => boolean;

const isKind =
  (kind: EntryKind, to?: 'locked' | 'unlocked'): Match =>
  ({ detail }) =>
    detail?.kind === kind && (to === undefined || detail.to === to);

const lastOf = (events: readonly TimelineEvent[], kind: EntryKind, to?: 'locked' | 'unlocked') =>
  events.findLast(isKind(kind, to));

function provenBy(events: readonly TimelineEvent[]): LockedProof | undefined {
  const at = events.findLastIndex(isKind('door.secured'));
  const secured = events[at];
  const movedLater = events.findLastIndex(({ detail }) =>
    ['door.opened', 'door.moved', 'visit.unlock'].includes(String(detail?.kind)),
  );
  if (secured === undefined || movedLater > at) return undefined;
  // only what came after the door was last opened says anything about how it stands now
  const before = events.slice(0, at).slice(events.slice(0, at).findLastIndex(isKind('door.opened')) + 1);
  const locked = lastOf(before, 'bolt.driven', 'locked');
  const closed = lastOf(before, 'door.closed');
  const { bolt, contact, report, proof } = secured.detail ?? {};
  return {
    bolt: String(bolt),
    ...(locked === undefined ? {} : { boltAgeMs: secured.atMs - locked.atMs }),
    contact: String(contact),
    ...(closed === undefined ? {} : { stillMs: secured.atMs - closed.atMs }),
    ...(typeof report === 'number' ? { report } : {}),
    ...(typeof proof === 'string' ? { proof } : {}),
  };
}

/** From the first match to the last one after it. */
const spans: readonly { readonly name: string; readonly from: Match; readonly to: Match }[] = [
  { name: 'at the door until ready', from: isKind('visit.arrived'), to: isKind('visit.ready') },
  { name: 'recorded until unlocked', from: isKind('visit.unlock'), to: isKind('bolt.driven', 'unlocked') },
  { name: 'unlocked until opened', from: isKind('bolt.driven', 'unlocked'), to: isKind('door.opened') },
  { name: 'opened until closed', from: isKind('door.opened'), to: isKind('door.closed') },
  { name: 'closed until proven locked', from: isKind('door.closed'), to: isKind('door.secured') },
  { name: 'the visit', from: isKind('visit.arrived'), to: isKind('visit.ended') },
  { name: 'all of it', from: () => true, to: () => true },
];

function totalsOf(events: readonly TimelineEvent[]): Total[] {
  return spans.flatMap(({ name, from, to }) => {
    const start = events.findIndex(from);
    const end = events.findLastIndex(to);
    return start === -1 || end <= start ? [] : [{ name, ms: events[end]!.atMs - events[start]!.atMs }];
  });
}

/** The same for programs: one object a line, `line` says of which sort (`step`, `locked`, `total`, `end`). */
export function toJsonLines(timeline: Timeline): string[] {
  const { steps, locked, totals, end } = timeline;
  return [
    ...steps.map((step) => ({ line: 'step', ...step })),
    ...(locked === undefined ? [] : [{ line: 'locked', ...locked }]),
    ...totals.map((total) => ({ line: 'total', ...total })),
    ...(end === undefined ? [] : [{ line: 'end', ...end }]),
  ].map((line) => JSON.stringify(line));
}
