/** The carrier's dispatch: announces deliveries and signs for its own courier's device, and for no other. */
import * as v from 'valibot';
import { assignmentForm } from '../../wire/assignment.ts';
import type { FaultCode } from '../../wire/faults.ts';
import { newId, type SignKey, signDocument, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import { verifyReceipt } from '../../wire/receipt.ts';
import { DoorId, type EcJwk, HubId, Id, type OkpJwk, Seconds } from '../../wire/shapes.ts';
import { deviceCheck } from '../../wire/task.ts';
import { Access, type ClientCredentials } from './access.ts';
import { type CarrierNews, type CheckedReceipt, toCarrierNews } from './carrier-news.ts';
import { type Following, followEvents, type ServerEvent } from './events.ts';
import { type Call, HttpClient, type HttpOptions, type HttpRefusal, parseJson, type Reply } from './http.ts';
import { Told } from './told.ts';

export const Delivery = v.object({
  delivery: Id,
  door: DoorId,
  hub: HubId,
  from: Seconds,
  until: Seconds,
  state: v.string(),
  consent: v.optional(v.string()),
});
export type Delivery = v.InferOutput<typeof Delivery>;

const TaskLink = v.object({ url: v.string(), token: v.string() });
const Assigned = v.object({ state: v.picklist(['granted', 'waiting-for-owner']) });
const Anything = v.record(v.string(), v.unknown());

/** A delivery that is announced. */
export interface Announcement {
  readonly door: string;
  /** Window: from (inclusive) until (exclusive), seconds. */
  readonly from: number;
  readonly until: number;
  /** 1..99; a company that sends somebody to work leaves it out. */
  readonly parcels?: number;
  /** The carrier's own number, at most 64 characters; no name. */
  readonly reference: string;
  /** What it is: value, size in millimetres, restrictions, goods and sender, as the cloud's API describes it. */
  readonly parcel?: object;
  /** What this carrier can do with it; left out: open the announced door. */
  readonly can?: readonly string[];
}

export interface DispatchOptions extends HttpOptions, ClientCredentials {
  /** Signs assignments. The cloud never has it. */
  readonly key: SignKey;
}

const refused = (code: FaultCode, why: string): HttpRefusal => ({ ok: false, code, status: 0, detail: { why } });

export class Dispatch {
  readonly http: HttpClient;
  readonly told: Told<CarrierNews>;
  readonly #access: Access;
  readonly #options: DispatchOptions;
  readonly #deliveries = new Map<string, Delivery>();
  readonly #assigned = new Map<string, string>();
  readonly #hubKeys = new Map<string, VerifyKey>();
  #following: Following | undefined;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.http = new HttpClient(options);
    this.#access = new Access(this.http, options);
    this.told = new Told(this.http.clock);
  }

  /** Pins a hub's key, which the owner's side names; receipts of that hub are verified with it. */
  async pinHub(hub: string, jwk: OkpJwk): Promise<void> {
    this.#hubKeys.set(hub, await toVerifyKey(jwk));
  }

  /** @returns DELIVERY_NOT_ALLOWED when no rule of the owner fits, or no such door is */
  async announce(announcement: Announcement): Promise<Reply<Delivery>> {
    const reply = await this.#access.call(this.#post('/v1/deliveries', announcement), Delivery);
    if (reply.ok) this.#deliveries.set(reply.value.delivery, reply.value);
    return reply;
  }

  /** Makes the link for the courier; a link made before is dead from now on. */
  taskLink(delivery: string): Promise<Reply<v.InferOutput<typeof TaskLink>>> {
    this.#assigned.delete(delivery);
    return this.#access.call(this.#post(`/v1/deliveries/${delivery}/task-link`, {}), TaskLink);
  }

  /**
   * Signs the assignment, for the device that claimed the link, if its courier named that device over the carrier's own channel.
   * The digits are worked out here from the claimed key, never taken from the cloud.
   * @param said      six check digits; or the whole thumbprint of the device key, which nobody can search a second key for
   * @param withinMs  how long to wait for the claim to be told
   * @returns TASK_NOT_CLAIMED or TASK_OTHER_DEVICE with status 0: nothing was signed
   */
  async confirm(delivery: string, said: string, withinMs = 10_000): Promise<Reply<v.InferOutput<typeof Assigned>>> {
    const announced = this.#deliveries.get(delivery);
    if (announced === undefined) return refused('NOT_FOUND', 'not announced here');
    const isClaim = (one: CarrierNews): one is CarrierNews & { news: 'claimed' } =>
      one.news === 'claimed' && one.delivery === delivery && (one.jkt === said || deviceCheck(one.jkt) === said);
    const claim = await this.told.until(isClaim, withinMs);
    if (claim === undefined) {
      const other = this.told.items.some((one) => one.news === 'claimed' && one.delivery === delivery);
      return refused(other ? 'TASK_OTHER_DEVICE' : 'TASK_NOT_CLAIMED', 'nobody claimed with this device');
    }
    const assignment = await this.#assign(announced, claim.jkt);
    const reply = await this.#access.call(
      this.#post(`/v1/deliveries/${delivery}/assignment`, { assignment }),
      Assigned,
    );
    if (reply.ok) this.#assigned.set(delivery, claim.jkt);
    return reply;
  }

  cancel(delivery: string): Promise<Reply<Record<string, unknown>>> {
    return this.#access.call(this.#post(`/v1/deliveries/${delivery}/cancel`, {}), Anything);
  }

  /** @returns DISPUTE_NOT_OPEN where the owner disputes nothing now */
  answerDispute(delivery: string, text: string): Promise<Reply<Record<string, unknown>>> {
    return this.#access.call(this.#post(`/v1/deliveries/${delivery}/dispute-answer`, { text }), Anything);
  }

  /** What households seal pictures for from now on. @returns `check`: its six digits */
  setSealKey(seal: EcJwk): Promise<Reply<Record<string, unknown>>> {
    return this.#access.call({ method: 'PUT', path: '/v1/carrier/seal-key', body: { seal } }, Anything);
  }

  /** A picture that the household shares, as `picture.shared` named it. @returns `sealed` */
  picture(delivery: string, picture: string): Promise<Reply<Record<string, unknown>>> {
    return this.#access.call({ method: 'GET', path: `/v1/deliveries/${delivery}/pictures/${picture}` }, Anything);
  }

  show(delivery: string): Promise<Reply<Record<string, unknown>>> {
    return this.#access.call({ method: 'GET', path: `/v1/deliveries/${delivery}` }, Anything);
  }

  /** Follows the carrier's events; goes on after `lastEventId`. @returns the stream: close it at the end */
  follow(lastEventId?: string): Following {
    this.#following?.close();
    const call: Call = { method: 'GET', path: '/v1/carrier/events' };
    const options = {
      ...(lastEventId === undefined ? {} : { lastEventId }),
      onEvent: (event: ServerEvent) => this.#hear(event),
    };
    this.#following = followEvents(this.http, call, options, this.#access);
    return this.#following;
  }

  #post(path: string, body: object): Call {
    return { method: 'POST', path, body, once: newId() };
  }

  #assign(delivery: Delivery, jkt: string): Promise<string> {
    const claims = {
      iss: this.#options.carrier,
      aud: delivery.hub,
      jti: newId(),
      iat: Math.floor(this.http.clock.now() / 1000),
      nbf: delivery.from,
      exp: delivery.until,
      delivery: delivery.delivery,
      door: delivery.door,
      cnf: { jkt },
    };
    return signDocument(assignmentForm, claims, this.#options.key);
  }

  async #hear(event: ServerEvent): Promise<void> {
    const check = (delivery: string, jws: string): Promise<CheckedReceipt> => this.#check(delivery, jws);
    const news = await toCarrierNews(event.type, parseJson(event.data), this.http.clock.now(), check);
    if (news !== undefined) this.told.tell(news);
  }

  /** A receipt counts when the hub signed it, over this delivery, this door and the device that this carrier assigned. */
  async #check(delivery: string, jws: string): Promise<CheckedReceipt> {
    const announced = this.#deliveries.get(delivery);
    const hub = announced === undefined ? undefined : this.#hubKeys.get(announced.hub);
    if (announced === undefined || hub === undefined) return { checked: 'unpinned' };
    const receipt = await verifyReceipt(jws, hub);
    if (!receipt.ok) return { checked: 'refused', code: receipt.code };
    const { iss, door, jkt } = receipt.value;
    if (iss !== announced.hub) return { checked: 'refused', code: 'JOURNAL_OTHER_HUB' };
    const ours = receipt.value.delivery === delivery && door === announced.door && jkt === this.#assigned.get(delivery);
    return ours ? { checked: 'genuine', claims: receipt.value } : { checked: 'refused', code: 'DOCUMENT_MALFORMED' };
  }
}
