/** Owners, carriers and couriers with keys of their own, over HTTP. */
import { approvalForm } from '../../../wire/approval.ts';
import { assignmentForm } from '../../../wire/assignment.ts';
import { grantForm } from '../../../wire/grant.ts';
import { proveHandover } from '../../../wire/handover.ts';
import { hashOf, newId, peek, type SignKey, signDocument } from '../../../wire/jws.ts';
import { knockForm } from '../../../wire/knock.ts';
import type { OwnerDevice } from '../../../wire/owner-device.ts';
import type { Passkey } from '../../../wire/passkey.ts';
import { type Ends, revocationForm } from '../../../wire/revocation.ts';
import { type Rule, ruleBookForm } from '../../../wire/rule-book.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import type { ScriptedHub } from './hub.ts';
import { newEcJwk, newSignKey, prove } from './keys.ts';
import { type Answer, type Ask, ask, askForm, type World } from './world.ts';

const nowS = (): number => Math.floor(Date.now() / 1000);

export class Device {
  readonly key: SignKey;
  readonly world: World;
  constructor(world: World, key: SignKey) {
    this.world = world;
    this.key = key;
  }
  async ask(method: string, path: string, options: Ask = {}): Promise<Answer> {
    const proof = await prove(this.key, { method, path: path.split('?')[0]!, now: this.world.now() });
    return ask(this.world.cloud, method, path, { ...options, headers: { ...proof, ...options.headers } });
  }
}

export class Owner extends Device {
  readonly hub: ScriptedHub;
  readonly seal: EcJwk;
  /** Pinned with the device, if it is there when the owner claims. */
  passkey: Passkey | undefined;
  version = 0;
  constructor(world: World, key: SignKey, seal: EcJwk, hub: ScriptedHub) {
    super(world, key);
    this.seal = seal;
    this.hub = hub;
  }
  get device(): OwnerDevice {
    const keys = { sign: this.key.jwk as EcJwk, seal: this.seal };
    return this.passkey === undefined ? keys : { ...keys, passkey: this.passkey };
  }
  get home(): string {
    return `/v1/homes/${this.hub.home}`;
  }
  async claim(): Promise<Answer> {
    const proof = await proveHandover('phone', this.hub.code, this.device);
    const body = { hub: this.hub.id, device: this.device, proof };
    return ask(this.world.cloud, 'POST', '/v1/handover', { body, key: false });
  }
  put(document: string, options: Ask = {}): Promise<Answer> {
    return this.ask('POST', `${this.home}/documents`, { body: { document }, ...options });
  }
  signRuleBook(rules: readonly Rule[], claims: object = {}): Promise<string> {
    this.version += 1;
    const base = { aud: this.hub.id, version: this.version, iat: nowS(), exp: nowS() + 86_400, rules: [...rules] };
    return signDocument(ruleBookForm, { ...base, ...claims }, this.key);
  }
  signApproval(grant: string, claims: object = {}): Promise<string> {
    const base = {
      aud: this.hub.id,
      jti: newId(),
      iat: nowS(),
      exp: nowS() + 3600,
      door: this.hub.door,
      grant: hashOf(grant),
    };
    return signDocument(approvalForm, { ...base, ...claims }, this.key);
  }
  signRevocation(ends: Ends): Promise<string> {
    return signDocument(revocationForm, { aud: this.hub.id, jti: newId(), iat: nowS(), ends }, this.key);
  }
}

export class Carrier {
  readonly world: World;
  readonly key: SignKey;
  readonly id: string;
  readonly clientSecret: string;
  #token: { readonly text: string; readonly untilMs: number } | undefined;
  constructor(world: World, key: SignKey, id: string, clientSecret: string) {
    this.world = world;
    this.key = key;
    this.id = id;
    this.clientSecret = clientSecret;
  }
  /** As a client, with id and secret. */
  get basic(): { authorization: string } {
    return { authorization: `Basic ${Buffer.from(`${this.id}:${this.clientSecret}`).toString('base64')}` };
  }
  /** Asks for an access token. */
  askToken(form: Record<string, string> = {}): Promise<Answer> {
    return askForm(this.world.cloud, '/oauth/token', { grant_type: 'client_credentials', ...form }, this.basic);
  }
  /** One that is good. */
  async token(): Promise<string> {
    if (this.#token === undefined || this.#token.untilMs < this.world.now() + 60_000) {
      const { access_token, expires_in } = (await this.askToken()).body;
      this.#token = { text: access_token, untilMs: this.world.now() + expires_in * 1000 };
    }
    return this.#token.text;
  }
  async ask(method: string, path: string, options: Ask = {}): Promise<Answer> {
    const headers = { authorization: `Bearer ${await this.token()}`, ...options.headers };
    return ask(this.world.cloud, method, path, { ...options, headers });
  }
  rule(hub: ScriptedHub, fields: Partial<Rule> = {}): Rule {
    return {
      id: `rule-${newId()}`,
      door: hub.door,
      party: { kind: 'carrier', id: this.id, jwk: this.key.jwk },
      from: nowS() - 3600,
      until: nowS() + 40_000,
      visits: 10,
      entries: 1,
      camera: 'off',
      consent: 'auto',
      ...fields,
    };
  }
  announce(hub: ScriptedHub, fields: object = {}): Promise<Answer> {
    const body = {
      door: hub.door,
      from: nowS() - 60,
      until: nowS() + 7200,
      parcels: 1,
      reference: 'order 7',
      ...fields,
    };
    return this.ask('POST', '/v1/deliveries', { body });
  }
  signAssignment(hub: ScriptedHub, delivery: string, jkt: string, claims: object = {}): Promise<string> {
    const base = {
      iss: this.id,
      aud: hub.id,
      jti: newId(),
      iat: nowS(),
      nbf: nowS() - 60,
      exp: nowS() + 7200,
      delivery,
      door: hub.door,
      cnf: { jkt },
    };
    return signDocument(assignmentForm, { ...base, ...claims }, this.key);
  }
}

export class Courier extends Device {
  knock(view: { visit: string }, grant: string, nonce: string, act: 'arrive' | 'unlock' = 'arrive'): Promise<string> {
    const read = peek(grantForm, grant);
    const aud = read.ok ? read.value.claims.aud : '';
    const claims = { aud, jti: newId(), iat: nowS(), act, visit: view.visit, grant: hashOf(grant), nonce };
    return signDocument(knockForm, claims, this.key);
  }
  act(visit: string, knock: string): Promise<Answer> {
    return ask(this.world.cloud, 'POST', `/v1/visits/${visit}/acts`, { body: { knock }, key: false });
  }
}

export const makeOwner = async (world: World, hub: ScriptedHub, passkey?: Passkey): Promise<Owner> => {
  const owner = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
  owner.passkey = passkey;
  const answer = await owner.claim();
  if (answer.status !== 200) throw new TypeError(JSON.stringify(answer.body));
  return owner;
};

export async function makeCarrier(world: World, name = 'Hermes', more: object = {}): Promise<Carrier> {
  const key = await newSignKey('ES256');
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const answer = await ask(world.cloud, 'POST', '/v1/carriers', { headers, body: { name, jwk: key.jwk, ...more } });
  return new Carrier(world, key, answer.body.carrier, answer.body.clientSecret);
}

export const makeCourier = async (world: World): Promise<Courier> => new Courier(world, await newSignKey('ES256'));

/** A delivery with a claimed link: everything but the assignment. */
export async function makeTask(
  hub: ScriptedHub,
  carrier: Carrier,
  courier: Courier,
): Promise<{ delivery: string; token: string; task: string }> {
  const announced = await carrier.announce(hub);
  const { delivery } = announced.body;
  const link = await carrier.ask('POST', `/v1/deliveries/${delivery}/task-link`, { body: {} });
  const { token } = link.body;
  await courier.ask('POST', `/v1/tasks/${token}/claim`, { body: {}, key: false });
  return { delivery, token, task: `/v1/tasks/${token}` };
}
