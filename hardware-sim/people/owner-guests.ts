/** The guests of an owner's phone: a link for each, whose secret never leaves the phone but in the link; accepted at first use. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { GuestEntry, guestToken, verifyGuest } from '../../wire/guest.ts';
import { newId } from '../../wire/jws.ts';
import type { Party, Rule } from '../../wire/rule-book.ts';
import { Seconds, Slug } from '../../wire/shapes.ts';
import { toGuestUrl } from '../../wire/visit-link.ts';
import { type Reply, refusedHere } from './http.ts';
import type { OwnerOrders, Phone, Taken } from './owner-orders.ts';

const Invited = v.object({ guest: Slug, expires: Seconds });
const Listed = v.object({ guests: v.array(GuestEntry) });

export interface GuestInvitation {
  readonly guest: string;
  /** For a message or a QR code. */
  readonly url: string;
}

/** What an owner wants for a guest: everything of a rule but whose it is. */
export type GuestWish = Omit<Rule, 'id' | 'party'>;

type Host = Pick<Phone, 'http' | 'key' | 'state' | 'pinned'> & { readonly orders: OwnerOrders };

export class OwnerGuests {
  readonly #phone: Host;

  constructor(phone: Host) {
    this.#phone = phone;
  }

  /** @param pages  where the visitor's page is served, no path */
  async invite(pages: string): Promise<Reply<GuestInvitation>> {
    const { http, key, state } = this.#phone;
    const secret = randomBytes(32).toString('base64url');
    const body = { token: await guestToken(secret) };
    const reply = await http.call({ method: 'POST', path: this.#path, body, proof: key, once: newId() }, Invited);
    if (!reply.ok) return reply;
    const { guest } = reply.value;
    state.guests = { ...state.guests, [guest]: secret };
    return { ...reply, value: { guest, url: toGuestUrl(pages, { secret, api: http.base }) } };
  }

  async list(): Promise<Reply<readonly GuestEntry[]>> {
    const { http, key } = this.#phone;
    const reply = await http.call({ method: 'GET', path: this.#path, proof: key }, Listed);
    return reply.ok ? { ...reply, value: reply.value.guests } : reply;
  }

  /** @returns NOT_FOUND for none of that id */
  async show(guest: string): Promise<Reply<GuestEntry>> {
    const listed = await this.list();
    if (!listed.ok) return listed;
    const found = listed.value.find((one) => one.guest === guest);
    return found === undefined ? refusedHere('NOT_FOUND') : { ...listed, value: found };
  }

  /**
   * Accepts a guest at first use: this phone pins the key only when it is proven with the secret of the link that it made.
   * @param wishes  what the guest may; added to the rule book
   * @param leaseS  of the rule book: the longest that a hub without a connection could let a revoked guest in
   * @returns TASK_NOT_CLAIMED, INVITATION_NOT_GENUINE or INVITATION_DEAD with status 0 when this phone does not sign
   */
  async accept(guest: string, wishes: readonly GuestWish[], leaseS?: number): Promise<Reply<Taken>> {
    const { state, orders } = this.#phone;
    const shown = await this.show(guest);
    if (!shown.ok) return shown;
    const { device, state: stands } = shown.value;
    if (device === undefined) return refusedHere('TASK_NOT_CLAIMED');
    if (stands !== 'claimed' && stands !== 'accepted') return refusedHere('INVITATION_DEAD', { state: stands });
    const genuine = await verifyGuest(state.guests?.[guest] ?? '', device);
    if (!genuine.ok) return refusedHere(genuine.code);
    const party: Party = { kind: 'guest', id: guest, jkt: device.jkt };
    const rules = wishes.map((wish) => ({ ...wish, id: `rule-${newId()}`, party }));
    return orders.setRules([...state.ruleBook.rules, ...rules], leaseS);
  }

  /** Refuses or revokes, at any time. @returns `pending` with `certainBy` while the hub has not confirmed it */
  revoke(guest: string): Promise<Reply<Taken>> {
    return this.#phone.orders.revoke({ kind: 'guest', id: guest });
  }

  get #path(): string {
    return `/v1/homes/${this.#phone.pinned().home}/guests`;
  }
}
