/**
 * A small cloud with a small hub in it, for testing the people against: the routes of the API that they use, each signature
 * verified with the shared functions, and lies that it can be told to tell.
 */
import { exportJWK, generateKeyPair } from 'jose';
import type * as v from 'valibot';
import { verifyApproval } from '../../../wire/approval.ts';
import { verifyAssignment } from '../../../wire/assignment.ts';
import { readDocumentType } from '../../../wire/document.ts';
import type { FaultCode, Verdict } from '../../../wire/faults.ts';
import { type GrantClaims, grantForm } from '../../../wire/grant.ts';
import { type HandoverClaim, type HandoverCode, proveHandover, verifyHandover } from '../../../wire/handover.ts';
import { type Entry, genesisOf, journalHeadForm, toEntryText } from '../../../wire/journal.ts';
import {
  hashOf,
  newId,
  type SignKey,
  signDocument,
  toSignKey,
  toVerifyKey,
  type VerifyKey,
} from '../../../wire/jws.ts';
import { type Act, matchKnock, verifyKnock } from '../../../wire/knock.ts';
import { ownerListForm, verifyClearance, verifyClockReset, verifyOwnerChange } from '../../../wire/owner.ts';
import type { OwnerDevice } from '../../../wire/owner-device.ts';
import { receiptForm } from '../../../wire/receipt.ts';
import { verifyRevocation } from '../../../wire/revocation.ts';
import { type RuleBookClaims, verifyRuleBook } from '../../../wire/rule-book.ts';
import type { OkpJwk, SignJwk } from '../../../wire/shapes.ts';
import { deviceCheck } from '../../../wire/task.ts';
import type { VisitState, VisitView } from '../../../wire/visit-view.ts';
import { witnessForm } from '../../../wire/witness.ts';
import { type Answered, type Asked, no, ok, serve, type TestServer, TestStream } from './http-server.ts';

export async function edKey(): Promise<SignKey & { okp: OkpJwk }> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x, d } = (await exportJWK(privateKey)) as { x: string; d: string };
  const okp: OkpJwk = { kty: 'OKP', crv: 'Ed25519', x };
  return { ...(await toSignKey({ ...okp, d })), okp };
}

const nowS = () => Math.floor(Date.now() / 1000);

/** How this cloud or its hub may lie. */
export interface Lies {
  hubKey?: OkpJwk;
  hubProof?: string;
  ownerListBy?: SignKey;
  claimedBy?: string;
}

/** What the cloud hands to its hub and does not read itself. */
export interface LockDesk {
  take(order: string): Promise<Verdict<{ answer: string }>>;
  sealKey(): Promise<string>;
}

/** What the next acts meet, one entry an act: a refusal, or an answer that is lost after the act was done. */
export type Weather = FaultCode | 'answer lost';

export class SmallCloud {
  readonly hub = `hub-${'a'.repeat(20)}`;
  readonly door = `door-${'b'.repeat(20)}`;
  readonly home = newId();
  readonly operatorToken = 'operator';
  readonly lies: Lies = {};
  readonly weather: Weather[] = [];
  readonly ownerEvents = new TestStream();
  readonly carrierEvents = new TestStream();
  readonly entries: string[] = [];
  readonly documents: string[] = [];
  readonly done: Act[] = [];
  readonly clockNonce = newId();
  locks: LockDesk | undefined;
  code: HandoverCode;
  server!: TestServer;
  owners: OwnerDevice[] = [];
  listVersion = 0;
  ruleBook: RuleBookClaims | undefined;
  approvals: string[] = [];
  assignment: string | undefined;
  grant: string | undefined;
  waiting: { grant: string; assignment: string; delivery: string }[] = [];
  carrierKey: VerifyKey | undefined;
  delivery: { delivery: string; from: number; until: number; cancelled?: true } | undefined;
  token: string | undefined;
  jkt: string | undefined;
  dead = false;
  at: VisitState = 'idle';
  readonly visit = newId();
  readonly #nonces = new Map<string, Act>();
  readonly hubKey: SignKey & { okp: OkpJwk };
  readonly issuer: SignKey;

  constructor(hubKey: SignKey & { okp: OkpJwk }, issuer: SignKey) {
    this.hubKey = hubKey;
    this.issuer = issuer;
    this.code = { hub: this.hub, key: hubKey.kid, secret: newId() };
  }

  get base(): string {
    return this.server.base;
  }

  /** Appends an entry to the hub's journal and tells the owner. */
  record(entry: Pick<Entry, 'kind' | 'body'> & Partial<Entry>): string {
    const last = this.entries.at(-1);
    const prev = last === undefined ? genesisOf(this.hub) : hashOf(last);
    const text = toEntryText({ seq: this.entries.length + 1, at: Date.now(), prev, ...entry });
    this.entries.push(text);
    this.ownerEvents.say('entry', { seq: this.entries.length, text, hash: hashOf(text) });
    return text;
  }

  head(by: SignKey = this.hubKey): Promise<string> {
    const claims = { iss: this.hub, seq: this.entries.length, hash: hashOf(this.entries.at(-1) ?? ''), at: Date.now() };
    return signDocument(journalHeadForm, claims, by);
  }

  async list(): Promise<string> {
    const claims = { iss: this.hub, version: this.listVersion, iat: nowS(), devices: this.owners };
    return signDocument(ownerListForm, claims, this.lies.ownerListBy ?? this.hubKey);
  }

  async route(asked: Asked): Promise<Answered> {
    const [, , area, id, rest] = asked.path.split('/');
    const at = `${asked.method} ${area}${rest === undefined ? '' : `/${rest}`}`;
    const bearer = asked.headers.authorization;
    if (asked.path === '/oauth/token') {
      const basic = Buffer.from(`carrier-hermes:dwc_${'k'.repeat(43)}`).toString('base64');
      const token = { access_token: `dwa_${'t'.repeat(43)}`, token_type: 'Bearer', expires_in: 3600 };
      return bearer === `Basic ${basic}` && asked.form?.get('grant_type') === 'client_credentials'
        ? ok(token)
        : no('UNAUTHENTICATED');
    }
    if (asked.method === 'POST' && !unkeyed.includes(at) && asked.headers['idempotency-key'] === undefined) {
      return no('IDEMPOTENCY_KEY_MISSING');
    }
    switch (at) {
      case 'POST homes':
        return bearer === 'Bearer operator' ? ok({ home: this.home }, 201) : no('NOT_FOUND');
      case 'POST homes/enrolment-tokens':
        return bearer === 'Bearer operator' && id === this.home
          ? ok({ token: newId(), expiresAt: Date.now() + 3_600_000 }, 201)
          : no('NOT_FOUND');
      case 'POST carriers':
        this.carrierKey = await toVerifyKey(asked.body.jwk as SignJwk);
        return ok({ carrier: 'carrier-hermes', clientSecret: `dwc_${'k'.repeat(43)}` }, 201);
      case 'GET hubs':
        return ok([{ hub: this.hub }]);
      case 'POST handover':
        return this.#handover(asked.body as unknown as HandoverClaim);
    }
    if (area === 'homes') return this.#ownerRoute(at, asked);
    if (area === 'tasks' && id === this.token) return this.#taskRoute(at, asked);
    if (area === 'visits' && id === this.visit) return this.#visitRoute(at, asked);
    return bearer === `Bearer dwa_${'t'.repeat(43)}` ? this.#carrierRoute(at, asked) : no('NOT_FOUND');
  }

  async #handover(claim: HandoverClaim): Promise<Answered> {
    const verified = await verifyHandover('phone', this.code, claim.device, claim.proof);
    if (!verified.ok) return no(verified.code);
    this.owners = [claim.device];
    this.listVersion += 1;
    const proof = this.lies.hubProof ?? (await proveHandover('hub', this.code, claim.device));
    const hubKey = this.lies.hubKey ?? this.hubKey.okp;
    return ok({ home: this.home, hub: this.hub, ownerList: await this.list(), proof, hubKey });
  }

  async #ownerRoute(at: string, asked: Asked): Promise<Answered> {
    const owners = await Promise.all(this.owners.map(({ sign }) => toVerifyKey(sign)));
    if (!owners.some(({ kid }) => kid === asked.jkt)) return no('NOT_FOUND');
    if (at === 'GET homes/events') return this.ownerEvents.serve(asked);
    if (at === 'GET homes/grants') return ok({ grants: this.waiting });
    if (at === 'GET homes/journal') {
      const after = Number(asked.query.get('after'));
      return ok({ entries: this.entries.slice(after, after + 2), head: await this.head() });
    }
    if (at === 'GET homes') {
      const claims = { aud: this.hub, iat: nowS(), seq: this.entries.length, hash: hashOf(this.entries.at(-1) ?? '') };
      const witness = await signDocument(witnessForm, claims, this.issuer);
      const { home, hub } = this;
      return ok({ home, hub, online: true, doors: [], witness, ownerList: await this.list(), hubKey: this.hubKey.okp });
    }
    if (at === 'GET homes/hub') return ok({ sealKey: await this.locks?.sealKey() });
    if (at === 'POST homes/locks' && this.locks !== undefined) {
      const taken = await this.locks.take(asked.body.order as string);
      return taken.ok ? ok(taken.value) : no(taken.code);
    }
    if (at !== 'POST homes/documents') return no('NOT_FOUND');
    const document = asked.body.document as string;
    const verified = await this.#verify(document, owners);
    if (!verified.ok) return no(verified.code);
    this.documents.push(document);
    return ok({ accepted: 'document', pending: false });
  }

  async #verify(document: string, owners: readonly VerifyKey[]): Promise<Verdict<unknown>> {
    const { version: above = 0, rules: inForce = [] } = this.ruleBook ?? {};
    const policy = { hubId: this.hub, nowS: nowS(), epoch: 0, above, inForce };
    const type = readDocumentType(document);
    switch (type.ok ? type.value : '') {
      case 'rulebook+jwt': {
        const book = await verifyRuleBook(document, owners, policy);
        if (book.ok) this.ruleBook = book.value;
        return book;
      }
      case 'approval+jwt': {
        const grantHash = hashOf(this.waiting[0]?.grant ?? '');
        const approval = await verifyApproval(document, owners, { ...policy, door: this.door, grantHash });
        if (approval.ok) this.approvals.push(document);
        return approval;
      }
      case 'revocation+jwt':
        return verifyRevocation(document, { owners, issuers: undefined }, policy);
      case 'clearance+jwt':
        return verifyClearance(document, owners, policy);
      case 'clockreset+jwt':
        return verifyClockReset(document, owners, { ...policy, nonce: this.clockNonce });
      case 'ownerchange+jwt': {
        const change = await verifyOwnerChange(document, owners, { hubId: this.hub, version: this.listVersion });
        if (!change.ok) return change;
        this.listVersion += 1;
        if (change.value.add !== undefined) this.owners.push(change.value.add);
        return change;
      }
      default:
        return { ok: false, code: 'DOCUMENT_TYPE_UNKNOWN' };
    }
  }

  async #carrierRoute(at: string, asked: Asked): Promise<Answered> {
    const rule = this.ruleBook?.rules.find(({ door }) => door === asked.body.door);
    const { door, hub } = this;
    switch (at) {
      case 'GET carrier':
        return this.carrierEvents.serve(asked);
      case 'POST deliveries': {
        if (rule === undefined) return no('DELIVERY_NOT_ALLOWED');
        const { from, until } = asked.body as { from: number; until: number };
        this.delivery = { delivery: newId(), from, until };
        return ok({ ...this.delivery, door, hub, state: 'announced', consent: rule.consent }, 201);
      }
      case 'GET deliveries':
        return ok({ ...this.delivery, state: 'announced' });
      case 'POST deliveries/task-link':
        this.token = `${newId()}${newId()}`.slice(0, 43);
        this.jkt = undefined;
        return ok({ url: `${this.base}/t/${this.token}`, token: this.token }, 201);
      case 'POST deliveries/assignment':
        return this.#assign(asked.body.assignment as string);
      case 'POST deliveries/cancel':
        this.delivery = { ...this.delivery!, cancelled: true };
        return ok({ state: 'cancelled' });
      default:
        return no('NOT_FOUND');
    }
  }

  async #assign(assignment: string): Promise<Answered> {
    const { hub, door, jkt, carrierKey, delivery } = this;
    const rule = this.ruleBook?.rules[0];
    if (jkt === undefined || carrierKey === undefined || delivery === undefined || !rule) return no('TASK_NOT_CLAIMED');
    const policy = { party: 'carrier-hermes', hubId: hub, door, delivery: delivery.delivery, jkt, nowS: nowS() };
    const verified = await verifyAssignment(assignment, carrierKey, policy);
    if (!verified.ok) return no(verified.code);
    this.assignment = assignment;
    const claims: v.InferOutput<typeof GrantClaims> = {
      iss: 'cloud',
      aud: hub,
      jti: newId(),
      sub: 'courier-1',
      door,
      purpose: 'delivery',
      rule: rule.id,
      iat: nowS(),
      nbf: nowS(),
      exp: nowS() + 3600,
      entries: 1,
      epoch: 0,
      cnf: { jkt },
      delivery: delivery.delivery,
    };
    this.grant = await signDocument(grantForm, claims, this.issuer);
    if (rule.consent === 'auto') return ok({ state: 'granted' });
    this.waiting = [{ grant: this.grant, assignment, delivery: delivery.delivery }];
    this.ownerEvents.say('approval.wanted', { delivery: delivery.delivery, grant: this.grant });
    return ok({ state: 'waiting-for-owner' });
  }

  #taskRoute(at: string, asked: Asked): Answered {
    if (at === 'GET tasks') {
      return ok({ state: 'open', carrier: 'Hermes', parcels: 1, from: 1, until: 2, camera: 'off' });
    }
    if (asked.jkt === undefined) return no('UNAUTHENTICATED');
    if (at === 'POST tasks/claim') {
      if (this.jkt !== undefined && this.jkt !== asked.jkt) this.dead = true;
      if (this.dead) return no('TASK_LINK_DEAD');
      this.jkt = asked.jkt;
      const jkt = this.lies.claimedBy ?? this.jkt;
      this.carrierEvents.say('task.claimed', { delivery: this.delivery?.delivery, jkt, check: deviceCheck(asked.jkt) });
      return ok({ state: 'claimed', check: deviceCheck(this.jkt) });
    }
    if (this.dead) return no('TASK_LINK_DEAD');
    if (asked.jkt !== this.jkt) return no('TASK_OTHER_DEVICE');
    const asks = this.ruleBook?.rules[0]?.consent === 'ask';
    if (this.grant === undefined || (asks && this.approvals.length === 0)) return no('TASK_NOT_READY');
    if (at === 'POST tasks/prepare') return ok(this.#view());
    const { grant, assignment, hub, door } = this;
    return ok({ grant, assignment, hub, door, ...(asks ? { approval: this.approvals[0] } : {}) });
  }

  async #visitRoute(at: string, asked: Asked): Promise<Answered> {
    if (at === 'GET visits') return asked.jkt === this.jkt ? ok(this.#view()) : no('NOT_FOUND');
    const weather = this.weather.shift();
    if (weather !== undefined && weather !== 'answer lost') return no(weather);
    const knock = await verifyKnock(asked.body.knock as string, this.jkt ?? '');
    if (!knock.ok) return no(knock.code);
    const expected = { hubId: this.hub, visit: this.visit, grantHash: hashOf(this.grant ?? '') };
    const matched = matchKnock(knock.value, expected);
    if (!matched.ok) return no(matched.code);
    const { act, nonce } = knock.value;
    const given = this.#nonces.get(nonce);
    this.#nonces.delete(nonce);
    if (given === undefined) return no('KNOCK_NONCE_UNKNOWN');
    if (given !== act) return no('KNOCK_WRONG_ACT');
    this.done.push(act);
    this.at = after[act];
    if (weather === 'answer lost') {
      asked.response.destroy();
      return 'written';
    }
    return ok(this.#view());
  }

  #view(): VisitView {
    const nonces: Partial<Record<Act, string>> = {};
    for (const act of offered[this.at] ?? []) {
      nonces[act] = newId();
      this.#nonces.set(nonces[act]!, act);
    }
    return { visit: this.visit, at: this.at, camera: 'off', nonces };
  }

  /** Every nonce that is out becomes too old. */
  forgetNonces(): void {
    this.#nonces.clear();
  }

  receipt(over: { readonly jkt?: string; readonly by?: SignKey } = {}): Promise<string> {
    const { hub, visit, door } = this;
    const claims = {
      iss: hub,
      visit,
      door,
      delivery: this.delivery!.delivery,
      jkt: over.jkt ?? this.jkt!,
      arrivedAt: 1,
      endedAt: 2,
      outcome: 'completed',
      proof: 'secured',
      entry: { seq: 1, hash: hashOf('x') },
    } as const;
    return signDocument(receiptForm, claims, over.by ?? this.hubKey);
  }
}

const unkeyed = ['POST handover', 'POST tasks/claim', 'POST tasks/prepare', 'POST visits/acts'];
const after: Record<Act, VisitState> = {
  arrive: 'preparing',
  open: 'open',
  unlock: 'open',
  finish: 'locking',
  abort: 'locking',
};
const offered: Partial<Record<VisitState, readonly Act[]>> = {
  idle: ['arrive'],
  preparing: ['abort'],
  ready: ['open', 'abort'],
  open: ['finish'],
};

/** Starts one on a free port. */
export async function startSmallCloud(): Promise<SmallCloud> {
  const cloud = new SmallCloud(await edKey(), await edKey());
  cloud.server = await serve((asked) => cloud.route(asked));
  return cloud;
}
