/** One delivery as the courier's simulated phone goes through it, one press at a time, with real keys and real signatures. */
import { setTimeout as wait } from 'node:timers/promises';
import { deviceCheck } from '../../wire/task.ts';
import { Courier, type TaskGrant } from '../people/courier.ts';
import type { CourierVisit } from '../people/courier-visit.ts';
import { type HttpRefusal, mustHave, type Reply } from '../people/http.ts';
import { hourS, rulesOf, type Sent } from '../start/delivery.ts';
import { type DoorName, placeOf } from '../start/place.ts';
import type { Street } from '../start/street.ts';
import type { CourierTold } from './told.ts';

/** How often the phone looks how its visit stands, ms. */
const lookEveryMs = 300;
/** How long the phone waits for dispatch and owner. */
const patienceMs = 30 * 60_000;

type Ended = Pick<CourierTold, 'at' | 'outcome' | 'proof'>;

/** Only what is known of it. */
const endOf = ({
  at,
  outcome,
  proof,
}: {
  at: CourierTold['at'];
  outcome?: string | undefined;
  proof?: string | undefined;
}): Ended => ({
  at,
  ...(outcome === undefined ? {} : { outcome }),
  ...(proof === undefined ? {} : { proof }),
});

/** Told what nobody pressed for. */
interface Listeners {
  readonly refused: (refusal: HttpRefusal) => void;
  readonly ended: () => void;
}

export class Errand {
  readonly sent: Sent;
  readonly #street: Street;
  readonly #listeners: Listeners;
  #isPressed = false;
  #isConfirmed = false;
  #isOver = false;
  #task: TaskGrant | undefined;
  #visit: CourierVisit | undefined;

  constructor(street: Street, sent: Sent, listeners: Listeners) {
    this.#street = street;
    this.sent = sent;
    this.#listeners = listeners;
  }

  /** The carrier announces a parcel for this door and sends its courier the link. @throws Fault with what was refused */
  static async send(street: Street, door: DoorName, listeners: Listeners): Promise<Errand> {
    const { owner, dispatch, url: base } = street;
    const nowS = Math.floor(Date.now() / 1000);
    mustHave(await owner.orders.setRules(rulesOf(street, nowS)));
    const place = placeOf(street, door);
    const asked = { door: place.id, from: nowS, until: nowS + hourS, parcels: 1, reference: 'HER-3003' };
    const { delivery } = mustHave(await dispatch.announce(asked));
    const { url, token } = mustHave(await dispatch.taskLink(delivery));
    const courier = new Courier({ base, token });
    return new Errand(street, { door, delivery, url, courier }, listeners);
  }

  get visit(): CourierVisit | undefined {
    return this.#visit;
  }

  get task(): TaskGrant | undefined {
    return this.#task;
  }

  /** Nothing more will come of it. */
  get isOver(): boolean {
    if (this.#isOver || this.#visit?.view.at === 'ended') return true;
    return this.#visit === undefined && (this.#isDead() || this.#end() !== undefined);
  }

  /** Somebody else presses: this one looks on. */
  lookOn(): void {
    this.#isPressed = true;
  }

  adopt(visit: CourierVisit, task: TaskGrant): void {
    this.#visit = visit;
    this.#task = task;
  }

  /** The digits of the phone that pressed, whoever's it is: what the dispatch compares. */
  digits(): string | undefined {
    const { items } = this.#street.dispatch.told;
    const claim = items.find((one) => one.news === 'claimed' && one.delivery === this.sent.delivery);
    return claim?.news === 'claimed' ? deviceCheck(claim.jkt) : undefined;
  }

  /** Another phone has opened the link after all: it is dead. */
  #isDead(): boolean {
    const { items } = this.#street.dispatch.told;
    return items.some((one) => one.news === 'dead' && one.delivery === this.sent.delivery);
  }

  /** How a visit ended that another phone made: what the carrier was told. */
  #end(): Ended | undefined {
    const { items } = this.#street.dispatch.told;
    const end = items.find((one) => one.news === 'state' && one.delivery === this.sent.delivery && one.outcome);
    return end?.news === 'state' ? endOf({ at: 'ended', ...end }) : undefined;
  }

  told(): CourierTold {
    const { door, url } = this.sent;
    const digits = this.digits();
    const shown = { door, link: url, ...(digits === undefined ? {} : { digits }), isConfirmed: this.#isConfirmed };
    const view = this.#visit?.view;
    if (view !== undefined && (view.at === 'ended' || !this.#isOver)) return { ...shown, ...endOf(view) };
    const end = this.#end();
    if (end !== undefined) return { ...shown, ...end };
    if (this.isOver) return { ...shown, at: 'over' };
    if (this.#isPressed) return { ...shown, at: 'pressed' };
    return { ...shown, at: digits === undefined ? 'sent' : 'elsewhere' };
  }

  /** The deliberate press: makes a key. From then on the phone waits for dispatch and owner by itself. */
  async press(): Promise<Reply<unknown>> {
    const pressed = await this.sent.courier.press();
    if (pressed.ok) {
      this.#isPressed = true;
      void this.#goOn();
    }
    return pressed;
  }

  /** The dispatch compared the digits, and signs for the phone that shows them. */
  async confirm(digits = this.digits() ?? ''): Promise<Reply<unknown>> {
    const reply = await this.#street.dispatch.confirm(this.sent.delivery, digits);
    this.#isConfirmed ||= reply.ok;
    return reply;
  }

  /** Another one takes its place. */
  end(): void {
    this.#isOver = true;
  }

  async #goOn(): Promise<void> {
    const task = await this.sent.courier.takeGrant(patienceMs);
    if (!task.ok) return this.#refused(task);
    this.#task = task.value;
    const visit = await this.sent.courier.prepare(task.value);
    if (!visit.ok) return this.#refused(visit);
    this.#visit = visit.value;
    while (!this.isOver && !this.#isOver) {
      await wait(lookEveryMs, undefined, { ref: false });
      await visit.value.look();
    }
    if (!this.#isOver) this.#listeners.ended();
  }

  #refused(refusal: HttpRefusal): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listeners.refused(refusal);
  }
}
