/**
 * The journal as both sides see it: the text of an entry, its hash, the chain, the signed head.
 *
 * An entry travels and is stored as exactly the text that was hashed, so that no two JSON writers can disagree:
 * `{"seq":7,"at":1790000000000,"door":"door-…","visit":"…","kind":"door.opened","body":{…},"prev":"<hash of entry 6>"}`.
 */
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, hashOf, type VerifyKey, verifyKnown } from './jws.ts';
import { readJson } from './read-json.ts';
import { Count, DoorId, Hash, HubId, Id, Jws, Millis, NoArray } from './shapes.ts';

/**
 * Kind -> what it says in a timeline, and whether it is the household's own business: always, or when it belongs to no visit.
 * What is, is written as `household`, with all that it says sealed for the owner's devices (`household.ts`, S048).
 */
export const kinds = {
  'hub.started': { private: false, says: 'the hub started' },
  'hub.stopped': { private: false, says: 'the hub stopped' },
  'hub.enrolled': { private: false, says: 'the hub was enrolled' },
  'hub.handed-over': { private: false, says: 'an owner device was pinned at the hub' },
  'hub.refusing': { private: false, says: 'the hub takes no visits' },
  'clock.trusted': { private: false, says: 'the clock agrees with the cloud' },
  'clock.distrusted': { private: false, says: 'the clock is not trusted' },
  'clock.reset': { private: false, says: 'an owner reset the clock mark' },
  'document.accepted': { private: false, says: 'a signed document was accepted' },
  'document.refused': { private: false, says: 'a document was refused' },
  'message.refused': { private: false, says: 'messages were refused' },
  'grant.refused': { private: false, says: 'a grant was refused' },
  'knock.refused': { private: false, says: 'a request at the door was refused' },
  'visit.prepared': { private: false, says: 'a visit was prepared' },
  'visit.arrived': { private: false, says: 'the visitor is at the door' },
  'visit.ready': { private: false, says: 'the door is ready to be opened' },
  'visit.unlock': { private: false, says: 'the door is about to be unlocked' },
  'visit.stopped': { private: false, says: 'the visit was stopped' },
  'visit.aborted': { private: false, says: 'the visitor gave up' },
  'visit.finished': { private: false, says: 'the visitor says: done' },
  'visit.ignored': { private: false, says: 'something came at the wrong moment and changed nothing' },
  'visit.ended': { private: false, says: 'the visit ended' },
  'stop.felt': { private: false, says: 'somebody was felt at the bell or keypad' },
  'stop.someone': { private: false, says: 'somebody was felt at the bell or keypad: which courier is not known' },
  'stop.heard': { private: false, says: "the courier's number was typed at the door" },
  'stop.photo': { private: false, says: 'the camera at the doorstep was asked for a photo of a parcel' },
  'stop.sealed': { private: false, says: 'the receipt of a stop was sealed' },
  'camera.live': { private: false, says: 'the camera shows a live picture' },
  'camera.lost': { private: false, says: 'the live picture was lost' },
  'camera.started': { private: false, says: 'the camera films this visit' },
  'camera.recorded': { private: false, says: 'the recording of the visit is complete' },
  'recording.late': { private: false, says: 'the recording arrived late' },
  'recording.deleted': { private: false, says: 'a recording was deleted, its key first' },
  'retention.changed': { private: false, says: 'an owner changed how long recordings are kept' },
  'door.locking': { private: false, says: 'the lock is told to lock' },
  'bolt.driven': { private: false, says: 'the lock was moved' },
  'bolt.failed': { private: false, says: 'the lock could not be moved' },
  'door.opened': { private: false, says: 'the door opened' },
  'door.closed': { private: false, says: 'the door closed' },
  'door.secured': { private: 'outside-visit', says: 'the door is proven locked' },
  'door.moved': { private: true, says: 'the door or its bolt moved without a command' },
  'alarm.raised': { private: false, says: 'ALARM' },
  'alarm.cleared': { private: false, says: 'the alarm is over' },
  'alarm.private': { private: true, says: 'an alarm for the household' },
  household: { private: false, says: 'something of the household’s own, sealed' },
  'lock.offline': { private: false, says: 'the lock cannot be reached' },
  'lock.online': { private: false, says: 'the lock can be reached' },
  'lock.suspect': { private: false, says: 'the lock behaved as none should' },
  'lock.paired': { private: false, says: 'the lock was given a key of its own' },
  'lock.unpaired': { private: false, says: 'the hub gave up its key of the lock' },
  'lock.tested': { private: false, says: 'the installer tested the lock' },
  'lock.ordered': { private: true, says: 'an owner orders a change at the lock' },
  'lock.order-failed': { private: true, says: 'the lock did not do what an owner ordered' },
  'lock.code-added': { private: true, says: 'the lock was given a code' },
  'lock.code-removed': { private: true, says: 'a code was removed from the lock' },
  'lock.user-added': { private: true, says: 'the lock was given a user' },
  'lock.user-removed': { private: true, says: 'a user was removed from the lock' },
  'lock.logged': { private: true, says: 'the lock wrote this in its own log' },
  'pages.checked': { private: false, says: 'the hub held the pages of the cloud against the release' },
  'recovery.asked': { private: false, says: 'somebody asks for a new owner device with the recovery code' },
  'recovery.done': { private: false, says: 'a new owner device was added with the recovery code' },
  'recovery.ended': { private: false, says: 'a recovery was ended, nobody was added' },
  'journal.late': { private: false, says: 'entries were recorded late' },
} as const satisfies Record<string, { private: boolean | 'outside-visit'; says: string }>;

export type EntryKind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as [EntryKind, ...EntryKind[]];

/** Flat facts: no secret, no picture, no name. A sealed body is `{ "sealed": "<JWE>" }`. */
export const EntryBody = v.pipe(
  v.record(
    v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9]{0,31}$/)),
    v.union([v.pipe(v.string(), v.maxLength(3072)), v.pipe(v.number(), v.finite()), v.boolean(), v.null()]),
  ),
  v.check((body) => Object.keys(body).length <= 24),
);
export type EntryBody = v.InferOutput<typeof EntryBody>;

export const Entry = v.strictObject({
  seq: v.pipe(Count, v.minValue(1)),
  /** The hub's system time when it was written, ms; of a `household` entry only the day. Order is told by `seq`, never by `at`. */
  at: Millis,
  door: v.optional(DoorId),
  visit: v.optional(Id),
  kind: v.picklist(kindNames),
  body: v.pipe(NoArray<string | number | boolean | null>(), EntryBody),
  prev: Hash,
});
export type Entry = v.InferOutput<typeof Entry>;

/** Longest text of an entry, in characters. */
export const maxEntryBytes = 4096;

/** What stands before the first entry of a hub. */
export const genesisOf = (hubId: string): string => hashOf(`doorward-journal-1:${hubId}`);

/** The text of an entry: written once, hashed, stored and sent as it is. */
export const toEntryText = (entry: Entry): string =>
  JSON.stringify({
    seq: entry.seq,
    at: entry.at,
    ...(entry.door === undefined ? {} : { door: entry.door }),
    ...(entry.visit === undefined ? {} : { visit: entry.visit }),
    kind: entry.kind,
    body: entry.body,
    prev: entry.prev,
  });

/** Reads the text of an entry. @returns MESSAGE_TOO_BIG or MESSAGE_MALFORMED when it is none */
export function fromEntryText(text: string): Verdict<Entry> {
  if (text.length > maxEntryBytes) return refuse('MESSAGE_TOO_BIG');
  return readJson(Entry, text, 'MESSAGE_MALFORMED');
}

/** A place in the chain: the last entry so far. `seq` 0 with `genesisOf(hub)` before the first. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Follows a chain over entry texts, one call each. Pure: the caller keeps the head.
 * @returns the new head and the entry; JOURNAL_GAP, JOURNAL_REORDERED or JOURNAL_EDITED where the chain breaks
 */
export function followChain(head: ChainHead, text: string): Verdict<{ head: ChainHead; entry: Entry }> {
  const read = fromEntryText(text);
  if (!read.ok) return refuse('JOURNAL_EDITED', { seq: head.seq + 1 });
  const entry = read.value;
  if (entry.seq <= head.seq) return refuse('JOURNAL_REORDERED', { seq: entry.seq, after: head.seq });
  if (entry.seq !== head.seq + 1) return refuse('JOURNAL_GAP', { from: head.seq + 1, to: entry.seq - 1 });
  if (entry.prev !== head.hash) return refuse('JOURNAL_EDITED', { seq: head.seq });
  return accept({ head: { seq: entry.seq, hash: hashOf(text) }, entry });
}

export const JournalHeadClaims = v.strictObject({ iss: HubId, seq: Count, hash: Hash, at: Millis });
export type JournalHeadClaims = v.InferOutput<typeof JournalHeadClaims>;

/** The hub's signature under its journal so far. */
export const journalHeadForm: DocumentForm<typeof JournalHeadClaims> = {
  typ: 'journalhead+jwt',
  algs: ['EdDSA'],
  maxBytes: 1024,
  key: 'kid',
  claims: JournalHeadClaims,
  malformed: 'JOURNAL_HEAD_MALFORMED',
  notGenuine: 'JOURNAL_HEAD_NOT_GENUINE',
};

/** Verifies a journal head. @returns JOURNAL_HEAD_… or JOURNAL_OTHER_HUB when it is refused */
export async function verifyJournalHead(
  jws: string,
  hub: VerifyKey,
  hubId: string,
): Promise<Verdict<JournalHeadClaims>> {
  const verified = await verifyKnown(journalHeadForm, jws, [hub], 'JOURNAL_HEAD_NOT_GENUINE' satisfies FaultCode);
  if (!verified.ok) return verified;
  return verified.value.claims.iss === hubId ? accept(verified.value.claims) : refuse('JOURNAL_OTHER_HUB');
}

/** First line of an export; the entry texts follow, one a line. Each signature can be checked without the hub. */
export const ExportHeader = v.strictObject({
  doorward: v.literal('journal-export-1'),
  hub: HubId,
  hubKey: v.strictObject({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: Hash }),
  from: Count,
  to: Count,
  /** Hash of the entry before `from`. */
  before: Hash,
  /** Signed by the hub over `to`. */
  head: Jws,
  /** The newest countersigned head that the hub holds. */
  witness: v.optional(Jws),
});
export type ExportHeader = v.InferOutput<typeof ExportHeader>;
