/** What an owner says of deliveries: standing wishes, one delivery's plan, who receives it with which code, what was wrong with it. */
import * as v from 'valibot';
import { type Photo, unpackPhoto } from '../../wire/delivery-photo.ts';
import { Dispute, type Disputed, DisputeList } from '../../wire/dispute.ts';
import { CodesView } from '../../wire/holder.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import { type DeliveryWishes, PlanView, WishBook, type Wishes } from '../../wire/plan.ts';
import { openSealed } from '../../wire/seal.ts';
import { type Call, type HttpClient, type Reply, refusedHere } from './http.ts';
import type { DeviceKeys } from './keys.ts';
import type { Pinned } from './owner-state.ts';

interface Phone {
  readonly http: HttpClient;
  readonly keys: DeviceKeys;
  pinned(): Pinned;
}

const Version = v.object({ version: v.number() });
const Anything = v.record(v.string(), v.unknown());

export class OwnerDeliveries {
  readonly #phone: Phone;

  constructor(phone: Phone) {
    this.#phone = phone;
  }

  /** The standing wishes, as a whole. @param wishes  what is left out is as nobody had said it */
  async setWishes(wishes: v.InferInput<typeof Wishes>): Promise<Reply<{ version: number }>> {
    const known = await this.#call({ method: 'GET', path: '/wishes' }, WishBook);
    if (!known.ok) return known;
    const body = { version: known.value.version + 1, wishes };
    return this.#call({ method: 'PUT', path: '/wishes', body }, Version);
  }

  /** For this one, until its courier is there. */
  change(delivery: string, body: DeliveryWishes): Promise<Reply<PlanView>> {
    return this.#call({ method: 'PUT', path: `/deliveries/${delivery}/plan`, body }, PlanView);
  }

  /** Who may receive it, and with which digits. */
  codes(delivery: string): Promise<Reply<CodesView>> {
    return this.#call({ method: 'GET', path: `/deliveries/${delivery}/codes` }, CodesView);
  }

  /** A photo of it, opened with this phone's own key. @returns DOCUMENT_MALFORMED with status 0 for what is no photo */
  async photo(delivery: string, hash: string): Promise<Reply<Photo>> {
    const path = `/deliveries/${delivery}/photos/${hash}`;
    const reply = await this.#call({ method: 'GET', path }, v.object({ sealed: v.string() }));
    if (!reply.ok) return reply;
    if (hashOf(reply.value.sealed) !== hash) return refusedHere('DOCUMENT_MALFORMED', { why: 'another photo' });
    const { privateKey } = this.#phone.keys.seal;
    const photo = unpackPhoto(await openSealed(reply.value.sealed, privateKey));
    return photo === undefined ? refusedHere('DOCUMENT_MALFORMED', { why: 'photo' }) : { ...reply, value: photo };
  }

  notMine(delivery: string): Promise<Reply<unknown>> {
    return this.#call({ method: 'POST', path: `/deliveries/${delivery}/not-mine`, body: {} }, Anything);
  }

  dispute(delivery: string, what: Disputed): Promise<Reply<Dispute>> {
    return this.#call({ method: 'POST', path: `/deliveries/${delivery}/disputes`, body: { what } }, Dispute);
  }

  /** Takes back what was said, or says that it is settled. */
  endDispute(delivery: string, how: 'withdraw' | 'settle'): Promise<Reply<unknown>> {
    return this.#call({ method: 'POST', path: `/deliveries/${delivery}/disputes/${how}`, body: {} }, Anything);
  }

  disputes(delivery: string): Promise<Reply<DisputeList>> {
    return this.#call({ method: 'GET', path: `/deliveries/${delivery}/disputes` }, DisputeList);
  }

  #call<S extends v.GenericSchema>(call: Call, schema: S): Promise<Reply<v.InferOutput<S>>> {
    const { http, keys, pinned } = this.#phone;
    const once = call.method === 'POST' ? { once: newId() } : {};
    return http.call({ ...call, path: `/v1/homes/${pinned().home}${call.path}`, proof: keys.sign, ...once }, schema);
  }
}
