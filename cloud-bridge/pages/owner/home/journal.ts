/**
 * The hub's journal as this device reads it: it follows the chain of hashes itself, holds it against what the hub has signed, and opens
 * what is sealed for it. A gap, an edit or another history is told by name and never bridged over.
 */
import * as v from 'valibot';
import { type AlarmCode, alarms as alarmTable } from '../../../../wire/alarms.ts';
import { accept, type Refusal, refuse, type Verdict } from '../../../../wire/faults.ts';
import { fromHouseholdText, type Note } from '../../../../wire/household.ts';
import { type ChainHead, type Entry, fromEntryText, journalHeadForm } from '../../../../wire/journal.ts';
import { openSealed } from '../../../../wire/seal.ts';
import { SeenHead } from '../../../../wire/shapes.ts';
import { hashOf } from '../../common/bytes.ts';
import { verifyDocument } from '../device/documents.ts';
import type { Home } from '../video/stream-key.ts';
import type { Diary, DiaryEntry, StandingAlarm } from './known.ts';

/** What a device keeps of a journal between two starts. */
export const SavedJournal = v.object({
  head: SeenHead,
  seen: v.optional(SeenHead),
  alarms: v.array(
    v.object({
      code: v.picklist(Object.keys(alarmTable) as [AlarmCode, ...AlarmCode[]]),
      door: v.optional(v.string()),
      visit: v.optional(v.string()),
      seq: v.number(),
      atMs: v.number(),
    }),
  ),
});
export type SavedJournal = v.InferOutput<typeof SavedJournal>;

/** Alarms of the household's own doing; a door that is proven locked ends them. */
const ofHousehold: readonly AlarmCode[] = ['DOOR_FORCED_OPEN', 'BOLT_MOVED'];
const keyOf = (code: AlarmCode, door: string | undefined): string => `${door ?? ''}/${code}`;

/** What an entry makes of the alarms that stand. Pure. */
export function alarmsAfter(standing: readonly StandingAlarm[], entry: DiaryEntry): readonly StandingAlarm[] {
  const { kind, door, visit, at, body, seq } = entry;
  // After a restart the hub cannot read again what it sealed, so nothing else would end these.
  const left =
    kind === 'door.secured' ? standing.filter((one) => one.door !== door || !ofHousehold.includes(one.code)) : standing;
  if (typeof body.code !== 'string' || !Object.hasOwn(alarmTable, body.code)) return left;
  const code = body.code as AlarmCode;
  const isSame = (one: StandingAlarm): boolean => keyOf(one.code, one.door) === keyOf(code, door);
  if (kind === 'alarm.cleared' || (kind === 'alarm.private' && body.over === true))
    return left.filter((one) => !isSame(one));
  // Told again, it is still the same alarm: a clearance names the entry that raised it.
  if ((kind !== 'alarm.raised' && kind !== 'alarm.private') || left.some(isSame)) return left;
  return [...left, { code, door, visit, seq, atMs: at }];
}

export interface Journal {
  readonly diary: Diary;
  /** Where this device's own chain ends; undefined before it has begun to read. */
  readonly head: ChainHead | undefined;
  save(): SavedJournal | undefined;
  /** Takes entries in their order; those that it has already are passed over. @returns JOURNAL_… where the chain breaks: the rest is left out */
  take(texts: readonly string[]): Promise<Verdict<undefined>>;
  /** Takes entries that end right before the first of the diary. @returns JOURNAL_… when they do not */
  takeBefore(texts: readonly string[]): Promise<Verdict<undefined>>;
  /**
   * Holds what was read against a head that the hub has signed.
   * @returns JOURNAL_HEAD_…, JOURNAL_OTHER_HUB, JOURNAL_FORKED; JOURNAL_BEHIND when this device has not read so far
   */
  confirm(jws: string): Promise<Verdict<SeenHead>>;
  /** Notes what does not hold together. */
  broke(refusal: Refusal): void;
}

/** @param saved  of the start before: what comes now has to go on from there */
export function openJournal(home: Home, saved: SavedJournal | undefined): Journal {
  let entries: readonly DiaryEntry[] = [];
  let alarms: readonly StandingAlarm[] = saved?.alarms ?? [];
  let breaks: readonly Refusal[] = [];
  let seen = saved?.seen;
  let head: ChainHead | undefined = saved?.head;
  /** The place before the first entry that is here: what was read at an earlier start is read again from there, backwards. */
  let before: ChainHead | undefined = saved?.head;
  const hashes = new Map<number, string>();
  if (head !== undefined) hashes.set(head.seq, head.hash);

  const broke = (refusal: Refusal): Refusal => {
    const isKnown = breaks.some(({ code, detail }) => code === refusal.code && detail?.seq === refusal.detail?.seq);
    if (!isKnown) breaks = [...breaks, refusal];
    return refusal;
  };

  async function read(entry: Entry): Promise<DiaryEntry> {
    const { prev: _prev, ...own } = entry;
    const { sealed } = entry.body;
    if (entry.kind !== 'household' || typeof sealed !== 'string') return { ...own, seal: 'plain' };
    const note = await openNote(sealed, home);
    return note === undefined ? { ...own, seal: 'shut' } : { ...note, seq: entry.seq, seal: 'opened' };
  }

  /** Follows the chain over texts. @param from  the place before the first, where it is known */
  async function follow(
    from: ChainHead | undefined,
    texts: readonly string[],
  ): Promise<{ first: ChainHead | undefined; end: ChainHead | undefined; found: DiaryEntry[]; refusal?: Refusal }> {
    let end = from;
    let first = from;
    const found: DiaryEntry[] = [];
    for (const text of texts) {
      const parsed = fromEntryText(text);
      if (!parsed.ok) return { first, end, found, refusal: refuse('JOURNAL_EDITED', { seq: (end?.seq ?? 0) + 1 }) };
      const { seq, prev } = parsed.value;
      first ??= { seq: seq - 1, hash: prev };
      end ??= first;
      if (seq <= end.seq) {
        const known = hashes.get(seq);
        if (known === undefined || known === (await hashOf(text))) continue;
        return { first, end, found, refusal: refuse('JOURNAL_FORKED', { seq }) };
      }
      if (seq !== end.seq + 1) {
        return { first, end, found, refusal: refuse('JOURNAL_GAP', { seq, from: end.seq + 1, to: seq - 1 }) };
      }
      if (prev !== end.hash) return { first, end, found, refusal: refuse('JOURNAL_EDITED', { seq: end.seq }) };
      end = { seq, hash: await hashOf(text) };
      hashes.set(seq, end.hash);
      found.push(await read(parsed.value));
    }
    return { first, end, found };
  }

  return {
    get diary() {
      return { entries, isWhole: before?.seq === 0, alarms, seen, breaks };
    },
    get head() {
      return head;
    },
    save: () => (head === undefined ? undefined : { head, ...(seen && { seen }), alarms: [...alarms] }),
    take: async (texts) => {
      const { first, end, found, refusal } = await follow(head, texts);
      before ??= first;
      head = end;
      entries = [...entries, ...found];
      for (const one of found) alarms = alarmsAfter(alarms, one);
      return refusal === undefined ? accept(undefined) : broke(refusal);
    },
    takeBefore: async (texts) => {
      if (before === undefined) return accept(undefined);
      const { first, end, found, refusal } = await follow(undefined, texts);
      if (refusal !== undefined) return broke(refusal);
      if (end?.seq !== before.seq || end.hash !== before.hash)
        return broke(refuse('JOURNAL_FORKED', { seq: before.seq }));
      before = first;
      entries = [...found, ...entries];
      return accept(undefined);
    },
    confirm: async (jws) => {
      const verified = await verifyDocument(journalHeadForm, jws, [home.hubKey], 'JOURNAL_HEAD_NOT_GENUINE');
      if (!verified.ok) return broke(verified);
      const { iss, seq, hash } = verified.value.claims;
      if (iss !== home.hub) return broke(refuse('JOURNAL_OTHER_HUB'));
      const known = hashes.get(seq);
      if (known === undefined) return refuse('JOURNAL_BEHIND', { seq });
      if (known !== hash) return broke(refuse('JOURNAL_FORKED', { seq }));
      if (seq >= (seen?.seq ?? 0)) seen = { seq, hash };
      return accept({ seq, hash });
    },
    broke,
  };
}

/** @returns undefined when it is not sealed for this device, or is no note */
async function openNote(sealed: string, { seal }: Home): Promise<Note | undefined> {
  try {
    const text = new TextDecoder().decode(await openSealed(sealed, seal.privateKey));
    const note = fromHouseholdText(text);
    return note.ok ? note.value : undefined;
  } catch {
    return undefined;
  }
}
