/** What an owner orders: each order is a document signed on the owner's own device. */
import * as v from 'valibot';
import { approvalForm } from '../../wire/approval.ts';
import { verifyAssignment } from '../../wire/assignment.ts';
import { grantForm } from '../../wire/grant.ts';
import { hashOf, newId, peek, signDocument, toVerifyKey } from '../../wire/jws.ts';
import { clearanceForm, clockResetForm, ownerChangeForm } from '../../wire/owner.ts';
import type { OwnerDevice } from '../../wire/owner-device.ts';
import { type RecoveryMark, recoveryCodeForm } from '../../wire/recovery.ts';
import { type Ends, revocationForm } from '../../wire/revocation.ts';
import { maxLeaseSeconds, type Rule, ruleBookForm } from '../../wire/rule-book.ts';
import type { SeenHead } from '../../wire/shapes.ts';
import { retentionForm } from '../../wire/video.ts';
import { type HttpClient, type Reply, refusedHere } from './http.ts';
import type { KeptKey } from './keys.ts';
import type { OwnerState, Pinned } from './owner-state.ts';

/** How the cloud took a document. `pending`: the hub is not connected and gets it with its next hello. */
export const Taken = v.object({
  accepted: v.string(),
  pending: v.optional(v.boolean(), false),
  /** Of a pending revocation: the last moment at which what it ends could still open a door, seconds. */
  certainBy: v.optional(v.number()),
});
export type Taken = v.InferOutput<typeof Taken>;

/** A grant that waits for the owner's yes. */
export interface WaitingGrant {
  readonly grant: string;
  readonly assignment?: string | undefined;
}

/** The phone as its orders see it. */
export interface Phone {
  readonly http: HttpClient;
  readonly key: KeptKey;
  readonly state: OwnerState;
  pinned(): Pinned;
  seen(): SeenHead | undefined;
}

export class OwnerOrders {
  readonly #phone: Phone;

  constructor(phone: Phone) {
    this.#phone = phone;
  }

  /**
   * Signs the whole rule book, one version higher.
   * @param leaseS  seconds until it has to be renewed, at most 7 days
   */
  async setRules(rules: readonly Rule[], leaseS = maxLeaseSeconds): Promise<Reply<Taken>> {
    const { state } = this.#phone;
    const version = state.ruleBook.version + 1;
    const iat = this.#nowS();
    const claims = { aud: this.#hub, version, iat, exp: iat + leaseS, rules: [...rules], ...this.#seen() };
    // the version is used up even if the answer is lost: the hub may hold it
    state.ruleBook = { version, rules: [...rules] };
    return this.#put(await signDocument(ruleBookForm, claims, this.#phone.key));
  }

  /**
   * Approves one grant, after looking that it is for this home, inside a rule, and that the carrier's own key assigned it.
   * @returns GRANT_…, RULE_…, GUEST_… or ASSIGNMENT_… with status 0 when the phone itself refuses to sign
   */
  async approve({ grant, assignment }: WaitingGrant): Promise<Reply<Taken>> {
    const peeked = peek(grantForm, grant);
    if (!peeked.ok) return refusedHere(peeked.code, peeked.detail);
    const { aud, door, exp, rule: ruleId, cnf, delivery } = peeked.value.claims;
    if (aud !== this.#hub) return refusedHere('GRANT_WRONG_HUB');
    const rule = this.#phone.state.ruleBook.rules.find((one) => one.id === ruleId);
    if (rule === undefined) return refusedHere('RULE_MISSING');
    if (rule.door !== door) return refusedHere('RULE_WRONG_DOOR');
    const { party } = rule;
    if (party.kind === 'guest' && party.jkt !== cnf.jkt) return refusedHere('GUEST_OTHER_KEY');
    const nowS = this.#nowS();
    if (assignment !== undefined && rule.party.kind !== 'guest') {
      const policy = { party: rule.party.id, hubId: aud, door, delivery, jkt: cnf.jkt, nowS };
      const assigned = await verifyAssignment(assignment, await toVerifyKey(rule.party.jwk), policy);
      if (!assigned.ok) return refusedHere(assigned.code, assigned.detail);
    }
    const claims = { aud, jti: newId(), iat: nowS, exp, door, grant: hashOf(grant), ...this.#seen() };
    return this.#put(await signDocument(approvalForm, claims, this.#phone.key));
  }

  /** Ends a grant, a guest, a rule, a visit, a recovery or an epoch. */
  async revoke(ends: Ends): Promise<Reply<Taken>> {
    const claims = { aud: this.#hub, jti: newId(), iat: this.#nowS(), ends };
    return this.#put(await signDocument(revocationForm, claims, this.#phone.key));
  }

  /** Vetoes a recovery: its device is never added. */
  veto(recovery: string): Promise<Reply<Taken>> {
    return this.revoke({ kind: 'recovery', id: recovery });
  }

  /** Has the hub go by a new recovery code. @param version  above the pin of now */
  async setRecoveryCode(mark: RecoveryMark, version: number): Promise<Reply<Taken>> {
    const claims = { aud: this.#hub, jti: newId(), iat: this.#nowS(), version, mark };
    return this.#put(await signDocument(recoveryCodeForm, claims, this.#phone.key));
  }

  /** Stops one visit: nothing opens any more; what is open is locked as soon as it is closed. */
  stop(visit: string): Promise<Reply<Taken>> {
    return this.revoke({ kind: 'visit', id: visit });
  }

  /** "I have looked." @param alarm  sequence number of the entry that raised it */
  async clear(door: string, alarm: number): Promise<Reply<Taken>> {
    const claims = { aud: this.#hub, jti: newId(), iat: this.#nowS(), door, alarm };
    return this.#put(await signDocument(clearanceForm, claims, this.#phone.key));
  }

  /** Sets the hub's time mark. @param nonce  the hub's own, from its status; @param markS  seconds, now unless told */
  async resetClock(nonce: string, markS = this.#nowS()): Promise<Reply<Taken>> {
    const claims = { aud: this.#hub, iat: this.#nowS(), nonce, mark: markS };
    return this.#put(await signDocument(clockResetForm, claims, this.#phone.key));
  }

  /**
   * How long recordings are kept.
   * @param version     above the last one's
   * @param keep        visits whose recordings stay: a dispute
   * @param doorPhotos  the hub may photograph what couriers put down
   */
  async keepRecordings(
    version: number,
    keepHours: number,
    keep: readonly string[] = [],
    doorPhotos?: boolean,
  ): Promise<Reply<Taken>> {
    const said = doorPhotos === undefined ? {} : { doorPhotos };
    const claims = { aud: this.#hub, version, iat: this.#nowS(), keepHours, keep: [...keep], ...said };
    return this.#put(await signDocument(retentionForm, claims, this.#phone.key));
  }

  /** Pins another device, removes one (thumbprint of its `sign` key), or both at once. */
  async changeDevices(change: { readonly add?: OwnerDevice; readonly remove?: string }): Promise<Reply<Taken>> {
    const version = this.#phone.pinned().ownerList + 1;
    const claims = { aud: this.#hub, jti: newId(), iat: this.#nowS(), version, ...change };
    return this.#put(await signDocument(ownerChangeForm, claims, this.#phone.key));
  }

  get #hub(): string {
    return this.#phone.pinned().hub;
  }

  #nowS(): number {
    return Math.floor(this.#phone.http.clock.now() / 1000);
  }

  #seen(): { seen?: SeenHead } {
    const seen = this.#phone.seen();
    return seen === undefined ? {} : { seen };
  }

  #put(document: string): Promise<Reply<Taken>> {
    const { http, key } = this.#phone;
    const path = `/v1/homes/${this.#phone.pinned().home}/documents`;
    return http.call({ method: 'POST', path, body: { document }, proof: key, once: newId() }, Taken);
  }
}
