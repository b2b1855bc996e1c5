/** One stop as the courier's phone goes through it: every act is signed over the nonce of what was shown last, and what was typed goes beside it. */
import * as v from 'valibot';
import { PhotoKeys, packPhoto } from '../../wire/delivery-photo.ts';
import type { FaultCode } from '../../wire/faults.ts';
import { hashOf, newId, signDocument, toVerifyKey } from '../../wire/jws.ts';
import { verifyOwnerList } from '../../wire/owner.ts';
import { sealFor } from '../../wire/seal.ts';
import { type Position, type StopActClaims, type StopDeed, StopView, stopActForm } from '../../wire/stop.ts';
import { type Call, type HttpClient, type Reply, refusedHere } from './http.ts';
import type { KeptKey } from './keys.ts';
import { pause, type Timed, timed } from './patience.ts';

/** So often the same act is sent while no answer comes; it is done once. */
const maxSends = 3;
const unheard: readonly FaultCode[] = ['CLOUD_UNREACHABLE', 'CLOUD_SILENT'];

const Kept = v.object({ photo: v.string() });

export class CourierStop {
  readonly http: HttpClient;
  readonly key: KeptKey;
  readonly #path: string;
  #view: StopView;

  private constructor(http: HttpClient, key: KeptKey, path: string, view: StopView) {
    this.http = http;
    this.key = key;
    this.#path = path;
    this.#view = view;
  }

  /** Looks at the stop of a task for the first time: changes nothing. */
  static async open(http: HttpClient, key: KeptKey, token: string): Promise<Reply<CourierStop>> {
    const path = `/v1/tasks/${token}/stop`;
    const reply = await http.call({ method: 'GET', path, proof: key }, StopView);
    return reply.ok ? { ...reply, value: new CourierStop(http, key, path, reply.value) } : reply;
  }

  /** How the stop stood at the last answer. */
  get view(): StopView {
    return this.#view;
  }

  look(): Promise<Timed<StopView>> {
    return timed(this.http.clock, () => this.#ask({ method: 'GET', path: this.#path, proof: this.key }));
  }

  /** "I am at this home." @param position  what the phone says of itself */
  arrive(position?: Position): Promise<Timed<StopView>> {
    return this.act({ act: 'arrive' }, undefined, position);
  }

  ring(): Promise<Timed<StopView>> {
    return this.act({ act: 'ring' });
  }

  /** Waits, as long as anybody is given to come to the door; then looks. */
  waitAfterRing(): Promise<Timed<StopView>> {
    return timed(this.http.clock, async () => {
      const { waitUntil, at } = this.#view;
      if (waitUntil !== undefined && waitUntil > at) await pause(this.http.clock, waitUntil - at);
      return this.look();
    });
  }

  /** Whom it is handed to: before anything is typed. */
  name(holder: string): Promise<Timed<StopView>> {
    return this.act({ act: 'name', holder });
  }

  /** What whoever was named types on this phone. @returns HOLDER_NOT_NAMED with status 0 before that */
  async handOver(digits: string): Promise<Timed<StopView>> {
    const { named: holder } = this.#view;
    if (holder === undefined) return { ...refusedHere('HOLDER_NOT_NAMED'), ms: 0 };
    return this.act({ act: 'hand-over', holder, typedBy: 'recipient' }, digits);
  }

  /** @param photo  as `photograph` keeps it; left out where none is wanted */
  put(place: StopView['plan'][number]['place'], photo?: string): Promise<Timed<StopView>> {
    return this.act({ act: 'put', place, ...(photo === undefined ? {} : { photo }) });
  }

  leave(reason: Extract<StopActClaims, { act: 'leave' }>['reason']): Promise<Timed<StopView>> {
    return this.act({ act: 'leave', reason });
  }

  /**
   * Seals a picture of the parcel for the devices that the hub has signed for, and sends it.
   * @param picture  JPEG
   * @returns what `put` names; OWNER_LIST_… with status 0 where the list is not the hub's: then nothing is sealed
   */
  async photograph(picture: Uint8Array): Promise<Reply<string>> {
    const path = `${this.#path}/photo`;
    const keys = await this.http.call({ method: 'GET', path, proof: this.key }, PhotoKeys);
    if (!keys.ok) return keys;
    const { hub, hubKey, ownerList } = keys.value;
    const list = await verifyOwnerList(ownerList, await toVerifyKey(hubKey));
    if (!list.ok) return refusedHere(list.code);
    if (list.value.iss !== hub) return refusedHere('OWNER_LIST_NOT_GENUINE', { why: 'another hub' });
    const { delivery, attempt } = this.#view;
    const facts = { delivery, attempt, at: this.http.clock.now(), flaws: [], blurred: 'none' as const };
    const { version, devices } = list.value;
    const sealed = await sealFor(
      devices.map(({ seal }) => seal),
      packPhoto(facts, picture),
    );
    const body = { sealed, ownerList: version };
    const kept = await this.http.call({ method: 'PUT', path, body, proof: this.key }, Kept);
    return kept.ok ? { ...kept, value: hashOf(sealed) } : kept;
  }

  /** Does one act. Where something has happened meanwhile, it is said once more to what is shown now. */
  act(deed: StopDeed, digits?: string, position?: Position): Promise<Timed<StopView>> {
    return timed(this.http.clock, async () => {
      const reply = await this.#send(deed, digits, position);
      if (reply.ok || reply.code !== 'STOP_ACT_OLD' || !(await this.look()).ok) return reply;
      return this.#send(deed, digits, position);
    });
  }

  async #send(deed: StopDeed, digits: string | undefined, position: Position | undefined): Promise<Reply<StopView>> {
    const { delivery, attempt, nonce } = this.#view;
    const iat = Math.floor(this.http.clock.now() / 1000);
    const at = position === undefined ? {} : { position };
    const claims = { ...deed, delivery, attempt, nonce, iat, jti: newId(), ...at };
    const act = await signDocument(stopActForm, claims, this.key);
    const body = { act, ...(digits === undefined ? {} : { digits }) };
    const call: Call = { method: 'POST', path: `${this.#path}/acts`, body, proof: this.key };
    for (let sends = 1; ; sends += 1) {
      const reply = await this.#ask(call);
      if (reply.ok || sends === maxSends || !unheard.includes(reply.code)) return reply;
    }
  }

  async #ask(call: Call): Promise<Reply<StopView>> {
    const reply = await this.http.call(call, StopView);
    if (reply.ok) this.#view = reply.value;
    return reply;
  }
}
