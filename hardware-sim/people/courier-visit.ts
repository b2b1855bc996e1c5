/** One visit as the courier's phone goes through it: every act is signed over the hub's nonce for exactly that act. */
import { type FaultCode, faults } from '../../wire/faults.ts';
import { newId, signDocument } from '../../wire/jws.ts';
import { type Act, knockForm } from '../../wire/knock.ts';
import { VisitView } from '../../wire/visit-view.ts';
import { type HttpClient, type HttpRefusal, type Reply, refusedHere } from './http.ts';
import type { KeptKey } from './keys.ts';
import { pause, type Timed, timed } from './patience.ts';

/** What a knock names besides its visit. */
export interface KnockTarget {
  readonly hub: string;
  readonly grantHash: string;
}

/** Attempts with a fresh nonce before the phone gives up. */
const maxAttempts = 3;
/** Refusals after which nobody knows whether the act was done. */
const unheard: readonly FaultCode[] = ['CLOUD_UNREACHABLE', 'CLOUD_SILENT', 'HUB_SILENT'];

export class CourierVisit {
  readonly http: HttpClient;
  readonly key: KeptKey;
  readonly target: KnockTarget;
  /** Every knock that this phone sent, in order: what somebody on the line could have copied. */
  readonly sent: string[] = [];
  #view: VisitView;

  constructor(http: HttpClient, key: KeptKey, target: KnockTarget, view: VisitView) {
    this.http = http;
    this.key = key;
    this.target = target;
    this.#view = view;
  }

  /** How the visit stood at the last answer. */
  get view(): VisitView {
    return this.#view;
  }

  /**
   * Does one act. A nonce that is too old, or a request that came too late, is tried again with a fresh one; when no answer
   * came, the phone looks first, and does it again only if the hub still offers it.
   * @returns how the visit stands then; a refusal after the last attempt, VISIT_WRONG_STATE when the hub does not offer the act
   */
  act(act: Act): Promise<Timed<VisitView>> {
    return timed(this.http.clock, () => this.#persist(act));
  }

  /** "I am here." */
  arrive(): Promise<Timed<VisitView>> {
    return this.act('arrive');
  }

  /** "Let me in": pulls the latch, or draws the bolt where that is what the door offers. */
  open(): Promise<Timed<VisitView>> {
    return this.act(this.#view.nonces.open === undefined && this.#view.nonces.unlock !== undefined ? 'unlock' : 'open');
  }

  /** "Done, door closed." */
  finish(): Promise<Timed<VisitView>> {
    return this.act('finish');
  }

  /** "I am not coming in." */
  abort(): Promise<Timed<VisitView>> {
    return this.act('abort');
  }

  /** Asks how the visit stands; brings fresh nonces. */
  look(): Promise<Timed<VisitView>> {
    return timed(this.http.clock, () => this.#look());
  }

  /**
   * Asks until the visit is at one of these states, or has ended, or the time is over. `['ready']` before the door opens,
   * `['ended']` after.
   * @returns the last view, whatever it is at; a refusal when looking fails for good
   */
  until(states: readonly VisitView['at'][], withinMs = 30_000): Promise<Timed<VisitView>> {
    return timed(this.http.clock, async () => {
      const { clock } = this.http;
      const end = clock.monotonic() + withinMs;
      for (let waitMs = 50; ; waitMs = Math.min(waitMs * 1.5, 1_000)) {
        const reply = await this.#look();
        if (!reply.ok && faults[reply.code].retry === 'never') return reply;
        const over = clock.monotonic() + waitMs > end;
        if (over || (reply.ok && (reply.value.at === 'ended' || states.includes(reply.value.at)))) return reply;
        await pause(clock, waitMs);
      }
    });
  }

  async #persist(act: Act): Promise<Reply<VisitView>> {
    if (this.#view.nonces[act] === undefined) await this.#look();
    for (let attempt = 1; ; attempt += 1) {
      const nonce = this.#view.nonces[act];
      if (nonce === undefined) return notOffered(this.#view);
      const reply = await this.#knock(act, nonce);
      if (reply.ok || attempt === maxAttempts) return reply;
      const lost = unheard.includes(reply.code);
      if (!lost && faults[reply.code].retry !== 'fresh') return reply;
      const seen = await this.#look();
      if (!seen.ok) return reply;
      // the act is offered no more: after silence it may well have been done, and the view says so
      if (seen.value.nonces[act] === undefined) return lost ? seen : reply;
    }
  }

  async #knock(act: Act, nonce: string): Promise<Reply<VisitView>> {
    const claims = {
      aud: this.target.hub,
      jti: newId(),
      iat: Math.floor(this.http.clock.now() / 1000),
      act,
      visit: this.#view.visit,
      grant: this.target.grantHash,
      nonce,
    };
    const knock = await signDocument(knockForm, claims, this.key);
    this.sent.push(knock);
    const path = `/v1/visits/${this.#view.visit}/acts`;
    return this.#keep(await this.http.call({ method: 'POST', path, body: { knock } }, VisitView));
  }

  async #look(): Promise<Reply<VisitView>> {
    const path = `/v1/visits/${this.#view.visit}`;
    return this.#keep(await this.http.call({ method: 'GET', path, proof: this.key }, VisitView));
  }

  #keep(reply: Reply<VisitView>): Reply<VisitView> {
    if (reply.ok) this.#view = reply.value;
    return reply;
  }
}

const notOffered = (view: VisitView): HttpRefusal =>
  view.at === 'ended'
    ? refusedHere('VISIT_ENDED', { outcome: view.outcome ?? '' })
    : refusedHere('VISIT_WRONG_STATE', { at: view.at });
