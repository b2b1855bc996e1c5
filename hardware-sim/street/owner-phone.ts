/** The owner's phone on the street: what it shows, and its presses. It believes only what it verified itself. */
import { alarms } from '../../wire/alarms.ts';
import { grantForm } from '../../wire/grant.ts';
import { peek } from '../../wire/jws.ts';
import { type Reply, refusedHere } from '../people/http.ts';
import type { WaitingGrant } from '../people/owner-orders.ts';
import { Watcher } from '../people/watcher.ts';
import type { DoorName } from '../start/place.ts';
import type { Street } from '../start/street.ts';
import { knownOf, visitOf } from './known.ts';
import type { AlarmTold, OwnerTold } from './told.ts';

/** How often the phone asks, whatever it was told, ms. */
const askEveryMs = 3_000;
/** A picture that is older than this is not live, ms. */
const liveForMs = 1_500;

interface Wanted extends WaitingGrant {
  readonly id: string;
  readonly door: DoorName;
}

/** The newest picture: as this phone opened it, and as it came. */
export interface Film {
  readonly n: number;
  readonly atMs: number;
  readonly picture: Uint8Array;
  readonly sealed: Uint8Array;
}

export class OwnerPhone {
  readonly #street: Street;
  readonly #timer: NodeJS.Timeout;
  readonly #forget: () => void;
  #watcher: Watcher | undefined;
  #isOnline = true;
  #waiting: readonly Wanted[] = [];
  #invitation: string | undefined;
  #isClosed = false;
  #isOpening = false;
  film: Film | undefined;

  constructor(street: Street) {
    this.#street = street;
    this.#timer = setInterval(() => void this.#ask(), askEveryMs);
    this.#forget = street.owner.told.on((news) => {
      if (news.news === 'event') void this.#ask();
    });
    void this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#forget();
    this.#watcher?.close();
  }

  get isLive(): boolean {
    return this.film !== undefined && Date.now() - this.film.atMs < liveForMs;
  }

  told(): OwnerTold {
    const { records } = this.#street.owner.journal;
    const visit = visitOf(records);
    const alarms = this.alarms();
    const doors = this.#doors().map(([name, id]) => {
      const isAlarm = alarms.some((one) => one.isCritical && one.door === name);
      const known = knownOf(records, id);
      return { name, ...known, ...(isAlarm ? { at: 'alarm' as const } : {}) };
    });
    return {
      isOnline: this.#isOnline,
      doors,
      waiting: this.#waiting.map(({ id, door }) => ({ id, door })),
      ...(visit === undefined ? {} : { visit: { door: this.#nameOf(visit.door), isAtDoor: visit.isAtDoor } }),
      alarms,
      mailbox: this.#street.mailbox.url,
      ...(this.#invitation === undefined ? {} : { invitation: this.#invitation }),
    };
  }

  alarms(): AlarmTold[] {
    return this.#street.owner.journal.alarms.map(({ code, door, seq }) => ({
      seq,
      code,
      ...(door === undefined ? {} : { door: this.#nameOf(door) }),
      says: alarms[code].says,
      isCritical: alarms[code].severity === 'critical',
    }));
  }

  /** Yes to one visit. */
  async approve(id: string): Promise<Reply<unknown>> {
    const wanted = this.#waiting.find((one) => one.id === id);
    if (wanted === undefined) return refusedHere('NOT_FOUND');
    const reply = await this.#street.owner.orders.approve(wanted);
    await this.#ask();
    return reply;
  }

  async stop(): Promise<Reply<unknown>> {
    const visit = visitOf(this.#street.owner.journal.records);
    return visit === undefined ? refusedHere('VISIT_ENDED') : this.#street.owner.orders.stop(visit.visit);
  }

  /** "I have looked." */
  async clear(seq: number): Promise<Reply<unknown>> {
    const { owner, settings } = this.#street;
    const alarm = owner.journal.alarms.find((one) => one.seq === seq);
    return alarm === undefined ? refusedHere('NOT_FOUND') : owner.orders.clear(alarm.door ?? settings.door, seq);
  }

  /** A picture without a visit. */
  async look(): Promise<void> {
    await this.#watch();
    await this.#watcher?.look();
  }

  invite(): void {
    const { page } = this.#street;
    if (page !== undefined) this.#invitation = `${page.url}${page.invite()}`;
  }

  async #ask(): Promise<void> {
    const { owner, settings } = this.#street;
    const [home, waiting] = await Promise.all([owner.look(), owner.waiting()]);
    this.#isOnline = home.ok && home.value.online;
    if (waiting.ok) this.#waiting = waiting.value.flatMap((one) => this.#read(one));
    if (settings.camera) await this.#watch().catch(() => undefined);
  }

  /** Keeps one line to the relay open, for whatever the camera sends. */
  async #watch(): Promise<void> {
    if (this.#watcher?.isOpen || this.#isOpening) return;
    this.#watcher?.close();
    this.#isOpening = true;
    this.#watcher = await this.#open().finally(() => {
      this.#isOpening = false;
    });
    if (this.#isClosed) this.#watcher.close();
  }

  #open(): Promise<Watcher> {
    return Watcher.open({
      owner: this.#street.owner,
      door: this.#street.settings.door,
      onPicture: ({ picture, sealed, codec }) => {
        if (codec !== 'jpeg') return;
        this.film = { n: (this.film?.n ?? 0) + 1, atMs: Date.now(), picture, sealed };
      },
    });
  }

  #read(one: WaitingGrant): Wanted[] {
    const peeked = peek(grantForm, one.grant);
    if (!peeked.ok) return [];
    const { jti, door } = peeked.value.claims;
    return [{ ...one, id: jti, door: this.#nameOf(door) }];
  }

  #doors(): readonly (readonly [DoorName, string])[] {
    const { door, garage, front } = this.#street.settings;
    return front === 'nuki'
      ? [
          ['front', door],
          ['garage', garage],
        ]
      : [['front', door]];
  }

  #nameOf(id: string | undefined): DoorName {
    return id === this.#street.settings.garage ? 'garage' : 'front';
  }
}
