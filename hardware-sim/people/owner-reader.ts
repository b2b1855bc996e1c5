/** What a phone hears of its home: journal and events, each verified before anybody is told. */
import * as v from 'valibot';
import { verifyAlarm } from '../../wire/alarm-message.ts';
import type { Verdict } from '../../wire/faults.ts';
import { fromEntryText } from '../../wire/journal.ts';
import { toVerifyKey } from '../../wire/jws.ts';
import { type Following, followEvents, type ServerEvent } from './events.ts';
import { type Call, parseJson, type Reply, refusedHere } from './http.ts';
import type { OwnerJournal } from './owner-journal.ts';
import type { Phone } from './owner-orders.ts';
import { AlarmEvent, AnyEvent, EntryEvent, JournalPage, type OwnerNews } from './owner-views.ts';
import type { Told } from './told.ts';

/** The phone as its reading sees it. */
export interface ReadingPhone extends Pick<Phone, 'http' | 'key' | 'state' | 'pinned'> {
  readonly told: Told<OwnerNews>;
  /** @throws Fault OWNER_MISSING before the hand-over */
  journal(): OwnerJournal;
  /** Somebody asks to be signed in. */
  onAsked(data: unknown): Promise<unknown>;
}

export class OwnerReader {
  readonly #phone: ReadingPhone;
  #following: Following | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(phone: ReadingPhone) {
    this.#phone = phone;
  }

  /** Reads the journal up to its end and checks the hub's signature under it. @returns how many entries were new */
  catchUp(): Promise<Reply<number>> {
    return this.#inTurn(() => this.#readJournal());
  }

  /** Follows the event stream until `unfollow`; does nothing while it follows. */
  follow(): void {
    if (this.#following !== undefined) return;
    const { http, state, told } = this.#phone;
    const { lastEventId } = state;
    const call = this.#get(`/v1/homes/${this.#phone.pinned().home}/events`);
    this.#following = followEvents(http, call, {
      ...(lastEventId === undefined ? {} : { lastEventId }),
      onLine: (line) => told.tell({ news: 'line', line, atMs: http.clock.now() }),
      onEvent: (event) => this.#inTurn(() => this.#hear(event)),
    });
  }

  unfollow(): void {
    this.#following?.close();
    this.#following = undefined;
  }

  /** Holds what was read against a head that the hub has signed; what does not fit is told. */
  async confirm(jws: string): Promise<void> {
    const confirmed = await this.#phone.journal().confirm(jws);
    if (confirmed.ok || confirmed.code === 'JOURNAL_BEHIND') return;
    this.#phone.told.tell({ news: 'broken', refusal: confirmed, atMs: this.#phone.http.clock.now() });
  }

  #get(path: string): Call {
    return { method: 'GET', path, proof: this.#phone.key };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #hear(event: ServerEvent): Promise<void> {
    const data = parseJson(event.data);
    const atMs = this.#phone.http.clock.now();
    const entry = event.type === 'entry' ? v.safeParse(EntryEvent, data) : undefined;
    const alarm = event.type === 'alarm' ? v.safeParse(AlarmEvent, data) : undefined;
    if (entry?.success) await this.#takeNext(entry.output.text);
    else if (alarm?.success) await this.#hearAlarm(alarm.output.alarm);
    else if (v.is(AnyEvent, data)) this.#phone.told.tell({ news: 'event', type: event.type, data, atMs });
    if (event.type === 'device.asked') await this.#phone.onAsked(data);
    if (event.id !== undefined) this.#phone.state.lastEventId = event.id;
  }

  async #hearAlarm(jws: string): Promise<void> {
    const { hub, hubKey } = this.#phone.pinned();
    const alarm = await verifyAlarm(jws, await toVerifyKey(hubKey), hub);
    const atMs = this.#phone.http.clock.now();
    this.#phone.told.tell(
      alarm.ok ? { news: 'alarm', alarm: alarm.value, atMs } : { news: 'broken', refusal: alarm, atMs },
    );
  }

  /** A stream that starts late leaves a gap, which the journal itself fills. */
  async #takeNext(text: string): Promise<void> {
    const read = fromEntryText(text);
    if (read.ok && read.value.seq > this.#phone.journal().head.seq + 1) await this.#readJournal();
    await this.#take(text);
  }

  async #take(text: string): Promise<Verdict<unknown>> {
    const taken = await this.#phone.journal().take(text);
    const atMs = this.#phone.http.clock.now();
    if (!taken.ok) this.#phone.told.tell({ news: 'broken', refusal: taken, atMs });
    else if (taken.value !== undefined) this.#phone.told.tell({ news: 'entry', record: taken.value, atMs });
    return taken;
  }

  async #readJournal(): Promise<Reply<number>> {
    const start = this.#phone.journal().head.seq;
    for (;;) {
      const after = this.#phone.journal().head.seq;
      const path = `/v1/homes/${this.#phone.pinned().home}/journal?after=${after}&limit=200`;
      const reply = await this.#phone.http.call(this.#get(path), JournalPage);
      if (!reply.ok) return reply;
      for (const text of reply.value.entries) {
        const taken = await this.#take(text);
        if (!taken.ok) return refusedHere(taken.code);
      }
      if (typeof reply.value.head === 'string') await this.confirm(reply.value.head);
      const read = this.#phone.journal().head.seq;
      if (read === after) return { ok: true, status: reply.status, value: read - start };
    }
  }
}
