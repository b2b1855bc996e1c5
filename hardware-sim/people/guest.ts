/** The guest: a phone that opens an invitation, is bound to it, and comes again and again with the same link. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { GuestView, guestToken, proveGuest } from '../../wire/guest.ts';
import { hashOf } from '../../wire/jws.ts';
import { Seconds } from '../../wire/shapes.ts';
import { deviceCheck } from '../../wire/task.ts';
import { type GuestLink, readGuestFragment } from '../../wire/visit-link.ts';
import { VisitView } from '../../wire/visit-view.ts';
import { TaskGrant } from './courier.ts';
import { CourierVisit } from './courier-visit.ts';
import { HttpClient, type HttpOptions, type Reply } from './http.ts';
import { type KeptKey, makeSignKey } from './keys.ts';
import { pause, type Timed, timed } from './patience.ts';

const Preview = v.object({ state: v.picklist(['open', 'claimed']) });
const Claimed = v.object({ check: v.string() });
const Asked = v.object({ state: v.picklist(['granted', 'waiting-for-owner']), until: Seconds });
export type Asked = v.InferOutput<typeof Asked>;

export interface GuestOptions extends Omit<HttpOptions, 'base'> {
  /** The link, as it came by message or QR code. */
  readonly url: string;
  /** The device's key; a new one is made at the press unless told. */
  readonly key?: KeptKey;
}

export class Guest {
  readonly http: HttpClient;
  readonly #link: GuestLink;
  readonly #token: string;
  #key: KeptKey | undefined;
  /** The visit before, which has ended. */
  #after: string | undefined;

  private constructor(http: HttpClient, link: GuestLink, token: string, key: KeptKey | undefined) {
    this.http = http;
    this.#link = link;
    this.#token = token;
    this.#key = key;
  }

  /** @throws Fault USAGE for a link that is none */
  static async open({ url, key, ...options }: GuestOptions): Promise<Guest> {
    const link = readGuestFragment(new URL(url).hash);
    if (link === undefined) throw new Fault('USAGE', { why: 'the link is not complete' });
    return new Guest(new HttpClient({ ...options, base: link.api }), link, await guestToken(link.secret), key);
  }

  /** What the cloud finds the invitation by. */
  get token(): string {
    return this.#token;
  }

  /** The key that this phone made. @throws Fault TASK_NOT_CLAIMED before the press */
  get key(): KeptKey {
    if (this.#key === undefined) throw new Fault('TASK_NOT_CLAIMED');
    return this.#key;
  }

  /** Opens the link, as mail scanners and previews do: changes nothing. */
  preview(): Promise<Reply<v.InferOutput<typeof Preview>>> {
    return this.http.call({ method: 'GET', path: this.#path() }, Preview);
  }

  /** The deliberate press: makes the device's key and claims the invitation with it. @returns the digits that both phones show */
  async press(): Promise<Reply<{ readonly check: string }>> {
    this.#key ??= await makeSignKey();
    const body = { proof: await proveGuest(this.#link.secret, this.#key.kid) };
    const reply = await this.http.call({ method: 'POST', path: this.#path('/claim'), body, proof: this.#key }, Claimed);
    return reply.ok ? { ...reply, value: { check: deviceCheck(this.#key.kid) } } : reply;
  }

  /** Where this guest may come in, and when next. @returns INVITATION_PENDING until the owner has accepted */
  doors(): Promise<Reply<GuestView>> {
    return this.http.call({ method: 'GET', path: this.#path('/doors'), proof: this.key }, GuestView);
  }

  /** "I would like to come in now." */
  ask(rule: string): Promise<Reply<Asked>> {
    const body = { rule, ...(this.#after === undefined ? {} : { after: this.#after }) };
    return this.http.call({ method: 'POST', path: this.#path('/visits'), body, proof: this.key }, Asked);
  }

  /** Fetches the grant; asks again while the owner has not said yes. @param withinMs  TASK_NOT_READY after that */
  takeGrant(withinMs = 30_000): Promise<Timed<TaskGrant>> {
    return timed(this.http.clock, async () => {
      const until = this.http.clock.monotonic() + withinMs;
      for (let waitMs = 100; ; waitMs = Math.min(waitMs * 1.6, 2_000)) {
        const call = { method: 'GET', path: this.#path('/grant'), proof: this.key } as const;
        const reply: Reply<TaskGrant> = await this.http.call(call, TaskGrant);
        const over = this.http.clock.monotonic() + waitMs > until;
        if (reply.ok || reply.code !== 'TASK_NOT_READY' || over) return reply;
        await pause(this.http.clock, waitMs);
      }
    });
  }

  /** Shows the grant to the hub. @returns the visit, to go on with as any visitor does */
  async prepare({ hub, grant }: TaskGrant): Promise<Reply<CourierVisit>> {
    const call = { method: 'POST', path: this.#path('/prepare'), body: {}, proof: this.key } as const;
    const reply = await this.http.call(call, VisitView);
    if (!reply.ok) return reply;
    this.#after = reply.value.visit;
    return { ...reply, value: new CourierVisit(this.http, this.key, { hub, grantHash: hashOf(grant) }, reply.value) };
  }

  #path(rest = ''): string {
    return `/v1/guests/${this.#token}${rest}`;
  }
}
