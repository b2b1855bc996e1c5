/** The hub's journal as an owner's phone keeps it: it checks the chain itself and opens what is sealed for it. */
import * as v from 'valibot';
import { type AlarmCode, alarms } from '../../wire/alarms.ts';
import { accept, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import { fromHouseholdText, type Note } from '../../wire/household.ts';
import {
  type ChainHead,
  type Entry,
  followChain,
  fromEntryText,
  genesisOf,
  verifyJournalHead,
} from '../../wire/journal.ts';
import { hashOf, peek, type VerifyKey } from '../../wire/jws.ts';
import { openSealed } from '../../wire/seal.ts';
import { SeenHead } from '../../wire/shapes.ts';
import { witnessForm } from '../../wire/witness.ts';
import type { SealKey } from './keys.ts';

/** One entry as the owner reads it: kind, time, door, visit and body are the entry's own, or what was sealed in it. */
export interface JournalRecord extends Note {
  readonly entry: Entry;
  /** `plain`: for everybody. `opened`: sealed, and this phone could open it. `shut`: sealed, and it could not. */
  readonly seal: 'plain' | 'opened' | 'shut';
  readonly text: string;
}

export interface StandingAlarm {
  readonly code: AlarmCode;
  readonly door?: string;
  readonly visit?: string;
  /** Sequence number of the entry that raised it: what a clearance names. */
  readonly seq: number;
  readonly at: number;
}

/** What a phone keeps of a journal between two starts. */
export const SavedJournal = v.strictObject({
  head: SeenHead,
  /** The newest place that the hub's signature or the cloud's witness confirmed on this phone's own chain. */
  seen: v.optional(SeenHead),
  alarms: v.array(
    v.strictObject({
      code: v.picklist(Object.keys(alarms) as [AlarmCode, ...AlarmCode[]]),
      door: v.optional(v.string()),
      visit: v.optional(v.string()),
      seq: v.number(),
      at: v.number(),
    }),
  ),
});
export type SavedJournal = v.InferOutput<typeof SavedJournal>;

/** Alarms of the household's own doing; a door that is proven locked ends them. */
const ofHousehold: readonly AlarmCode[] = ['DOOR_FORCED_OPEN', 'BOLT_MOVED'];
/** Hashes kept to compare signed heads with; older heads are of no use any more. */
const maxHashes = 20_000;

export class OwnerJournal {
  readonly #hubId: string;
  readonly #hub: VerifyKey;
  readonly #sealKey: SealKey;
  readonly #hashes = new Map<number, string>();
  readonly #records: JournalRecord[] = [];
  readonly #alarms = new Map<string, StandingAlarm>();
  readonly #breaks: Refusal[] = [];
  #head: ChainHead;
  #seen: SeenHead | undefined;

  constructor(hub: { readonly id: string; readonly key: VerifyKey }, sealKey: SealKey, saved?: SavedJournal) {
    this.#hubId = hub.id;
    this.#hub = hub.key;
    this.#sealKey = sealKey;
    this.#head = saved?.head ?? { seq: 0, hash: genesisOf(hub.id) };
    this.#seen = saved?.seen;
    this.#hashes.set(this.#head.seq, this.#head.hash);
    for (const one of saved?.alarms ?? []) this.#alarms.set(alarmKey(one.code, one.door), one as StandingAlarm);
  }

  /** Where this phone's own chain ends. */
  get head(): ChainHead {
    return this.#head;
  }

  get records(): readonly JournalRecord[] {
    return this.#records;
  }

  get alarms(): readonly StandingAlarm[] {
    return [...this.#alarms.values()];
  }

  /** Where the chain broke, a hub's signature failed, or a witness saw another journal; empty for an honest cloud. */
  get breaks(): readonly Refusal[] {
    return this.#breaks;
  }

  /** What to keep. `seen` of it goes into rule books and approvals: a hub that is behind it refuses visits. */
  save(): SavedJournal {
    const { seq, hash } = this.#head;
    return {
      head: { seq, hash },
      ...(this.#seen === undefined ? {} : { seen: this.#seen }),
      alarms: [...this.#alarms.values()],
    };
  }

  /**
   * Takes the next entry.
   * @returns the record; undefined for the same entry again; JOURNAL_GAP, JOURNAL_REORDERED or JOURNAL_EDITED where the chain
   *   breaks: then the head stays
   */
  async take(text: string): Promise<Verdict<JournalRecord | undefined>> {
    const followed = followChain(this.#head, text);
    if (!followed.ok) return this.#repeats(text) ? accept(undefined) : this.#broken(followed);
    const { head, entry } = followed.value;
    this.#head = head;
    this.#hashes.set(head.seq, head.hash);
    if (this.#hashes.size > maxHashes) this.#hashes.delete(this.#hashes.keys().next().value!);
    const record = { entry, text, ...(await this.#read(entry)) };
    this.#records.push(record);
    this.#noteAlarm(record);
    return accept(record);
  }

  /**
   * Checks what others sign about the journal: a head signed by the hub, or the cloud's witness. The signature of a head is
   * verified with the pinned key; a witness counts only where it says what this phone's own chain says.
   * @returns JOURNAL_HEAD_…, JOURNAL_OTHER_HUB or WITNESS_… when refused, JOURNAL_FORKED when it names another hash here,
   *   JOURNAL_BEHIND when this phone has not read so far
   */
  async confirm(jws: string): Promise<Verdict<SeenHead>> {
    const claims = await this.#readHead(jws);
    if (!claims.ok) return this.#broken(claims);
    const { seq, hash } = claims.value;
    const known = this.#hashes.get(seq);
    if (known === undefined) return refuse('JOURNAL_BEHIND', { seq, has: this.#head.seq });
    if (known !== hash) return this.#broken(refuse('JOURNAL_FORKED', { seq }));
    if (seq > (this.#seen?.seq ?? -1)) this.#seen = { seq, hash };
    return accept({ seq, hash });
  }

  async #readHead(jws: string): Promise<Verdict<SeenHead>> {
    const witness = peek(witnessForm, jws);
    if (!witness.ok) return verifyJournalHead(jws, this.#hub, this.#hubId);
    return witness.value.claims.aud === this.#hubId ? accept(witness.value.claims) : refuse('WITNESS_WRONG_HUB');
  }

  #repeats(text: string): boolean {
    const read = fromEntryText(text);
    return read.ok && this.#hashes.get(read.value.seq) === hashOf(text);
  }

  #broken(refusal: Refusal): Refusal {
    this.#breaks.push(refusal);
    return refusal;
  }

  async #read(entry: Entry): Promise<Note & Pick<JournalRecord, 'seal'>> {
    const { seq: _seq, prev: _prev, ...own } = entry;
    const { sealed } = entry.body;
    if (entry.kind !== 'household' || typeof sealed !== 'string') return { ...own, seal: 'plain' };
    try {
      const text = Buffer.from(await openSealed(sealed, this.#sealKey.privateKey)).toString('utf8');
      const note = fromHouseholdText(text);
      return note.ok ? { ...note.value, seal: 'opened' } : { ...own, seal: 'shut' };
    } catch {
      return { ...own, seal: 'shut' };
    }
  }

  #noteAlarm({ entry, kind, door, visit, at, body }: JournalRecord): void {
    // After a restart the hub cannot read again what it sealed, so nothing else would end these.
    if (kind === 'door.secured') for (const code of ofHousehold) this.#alarms.delete(alarmKey(code, door));
    const { code } = body;
    if (typeof code !== 'string' || !Object.hasOwn(alarms, code)) return;
    const alarm = code as AlarmCode;
    const { seq } = entry;
    const over = kind === 'alarm.cleared' || (kind === 'alarm.private' && body.over === true);
    if (over) this.#alarms.delete(alarmKey(alarm, door));
    else if (kind !== 'alarm.raised' && kind !== 'alarm.private') return;
    // told again, it is still the same alarm: a clearance names the entry that raised it
    else if (!this.#alarms.has(alarmKey(alarm, door))) {
      const where = { ...(door === undefined ? {} : { door }), ...(visit === undefined ? {} : { visit }) };
      this.#alarms.set(alarmKey(alarm, door), { code: alarm, ...where, seq, at });
    }
  }
}

const alarmKey = (code: AlarmCode, door: string | undefined): string => `${door ?? ''}/${code}`;
