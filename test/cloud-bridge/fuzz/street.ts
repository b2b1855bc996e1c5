/** One home for the fuzzer: a real cloud on a bus held by hand, and everybody's good keys. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, type JWK } from 'jose';
import type { Bus, BusListener } from '../../../cloud-bridge/bus/bus.ts';
import { install } from '../../../cloud-bridge/config/install.ts';
import { checkConfig } from '../../../cloud-bridge/config/load.ts';
import { proofForm } from '../../../cloud-bridge/http/dpop.ts';
import { openLog } from '../../../cloud-bridge/log.ts';
import { buildCloud, type Cloud } from '../../../cloud-bridge/main.ts';
import type { FaultCode, Verdict } from '../../../wire/faults.ts';
import { proveHandover } from '../../../wire/handover.ts';
import { genesisOf } from '../../../wire/journal.ts';
import { newId, type SignKey, signDocument } from '../../../wire/jws.ts';
import { type Request, type RequestBody, writeMessage } from '../../../wire/messages.ts';
import { ownerListForm } from '../../../wire/owner.ts';
import { ruleBookForm } from '../../../wire/rule-book.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import type { UpKind } from '../../../wire/topics.ts';
import { newDoorId } from '../../support/keys.ts';
import { newTlsKeys, ScriptedHub, toCsr } from '../support/hub.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly from?: string;
}

export interface HttpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a fuzzer looks into answers of every shape
  readonly body: any;
}

/** Signs any payload under any header: what no honest program would sign. */
export const signAnything = (
  key: SignKey,
  typ: string,
  payload: unknown,
  header: 'kid' | 'jwk' = 'kid',
): Promise<string> =>
  new CompactSign(Buffer.from(typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? '')))
    .setProtectedHeader({ alg: key.alg, typ, ...(header === 'kid' ? { kid: key.kid } : { jwk: key.jwk as JWK }) })
    .sign(key.privateKey);

export const nowS = (): number => Math.floor(Date.now() / 1000);

export class Street {
  cloud!: Cloud;
  readonly hub: ScriptedHub;
  readonly door = newDoorId();
  owner!: SignKey;
  ownerSeal!: EcJwk;
  stranger!: SignKey;
  carrierKey!: SignKey;
  courier!: SignKey;
  operatorToken = '';
  carrierToken = '';
  carrier = '';
  /** Refusals that show in the log alone. */
  readonly logged: string[] = [];
  /** What the hub answers; set by a move. */
  answer: ((body: RequestBody) => Promise<Verdict<Record<string, unknown>>>) | undefined;
  readonly #listeners: BusListener[] = [];
  #dataDir = '';
  ruleBookVersion = 1;

  constructor(hub: ScriptedHub) {
    this.hub = hub;
  }

  static async open(): Promise<Street> {
    const street = new Street(new ScriptedHub(await newSignKey('Ed25519'), await newEcJwk()));
    await street.#build();
    await street.#settle();
    return street;
  }

  async close(): Promise<void> {
    await this.cloud.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  /** Hands a payload to the cloud as if the broker had brought it. */
  bring(kind: UpKind, payload: Buffer): void {
    for (const listener of this.#listeners) listener.message?.(this.hub.id, kind, payload);
  }

  async call({ method, path, headers = {}, body, from = newId() }: HttpCall): Promise<HttpAnswer> {
    const response = await this.cloud.app.inject({
      method,
      url: path,
      remoteAddress: from,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    let parsed: unknown = response.body;
    try {
      parsed = JSON.parse(response.body);
    } catch {
      // Not every answer is JSON.
    }
    return { status: response.statusCode, body: parsed };
  }

  async proof(key: SignKey, method: string, path: string): Promise<Record<string, string>> {
    const htu = `http://cloud.test${path.split('?')[0]}`;
    return { dpop: await signDocument(proofForm, { htm: method, htu, iat: nowS(), jti: newId() }, key) };
  }

  async as(key: SignKey, method: 'GET' | 'POST', path: string, body?: unknown): Promise<HttpAnswer> {
    const headers = { ...(await this.proof(key, method, path)), 'idempotency-key': newId() };
    return this.call({ method, path, headers, ...(body === undefined ? {} : { body }) });
  }

  bearer(token: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<HttpAnswer> {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': newId() };
    return this.call({ method, path, headers, ...(body === undefined ? {} : { body }) });
  }

  /** A delivery whose link this device has claimed. */
  async task(device: SignKey): Promise<{ delivery: string; token: string }> {
    const wish = { door: this.door, from: nowS() - 60, until: nowS() + 7200, parcels: 1, reference: 'r' };
    const { delivery } = (await this.bearer(this.carrierToken, 'POST', '/v1/deliveries', wish)).body;
    const link = await this.bearer(this.carrierToken, 'POST', `/v1/deliveries/${delivery}/task-link`, {});
    await this.as(device, 'POST', `/v1/tasks/${link.body.token}/claim`, {});
    return { delivery, token: link.body.token };
  }

  async #build(): Promise<void> {
    this.#dataDir = await mkdtemp(join(tmpdir(), 'doorward-fuzz-'));
    const installed = await install({
      dataDir: this.#dataDir,
      offlineDir: join(this.#dataDir, 'offline'),
      brokerNames: [],
      instance: 'cloud-fuzz',
      issuer: 'doorward',
      rootCount: 1,
      threshold: 1,
      nowMs: Date.now(),
    });
    this.operatorToken = installed.operatorToken!;
    const bus: Bus = {
      instanceId: 'cloud-fuzz',
      online: true,
      start: () => undefined,
      close: async () => undefined,
      publish: (_hubId, kind, payload) => {
        if (kind === 'request') void this.#reply(JSON.parse(payload.toString('utf8')) as Request);
        return true;
      },
      listen: (listener) => void this.#listeners.push(listener),
    };
    const log = openLog('warn', (line) => {
      const { msg, code } = JSON.parse(line) as { msg: string; code?: string };
      if (msg === 'requestFailed' || msg === 'unexpected' || msg === 'ingestFailed') this.logged.push('INTERNAL');
      else if (code !== undefined) this.logged.push(code);
    });
    const config = {
      dataDir: this.#dataDir,
      publicUrl: 'http://cloud.test',
      pagesOrigins: ['https://app.example'],
      requestsPerSecond: 100_000,
      refusalsPerSecond: 1,
      answerMs: 500,
    };
    this.cloud = await buildCloud(checkConfig(config), { log, bus });
  }

  async #reply(request: Request): Promise<void> {
    const verdict = await (this.answer ?? ((body) => this.hub.decide(body)))(request.body);
    const message = verdict.ok
      ? { v: 1, id: request.id, ok: true, body: verdict.value }
      : { v: 1, id: request.id, ...verdict };
    for (const listener of this.#listeners) listener.answer?.(this.hub.id, writeMessage(message));
  }

  /** Everything that a home needs, by the real routes. */
  async #settle(): Promise<void> {
    [this.owner, this.stranger, this.carrierKey, this.courier] = (await Promise.all(
      Array.from({ length: 4 }, () => newSignKey('ES256')),
    )) as [SignKey, SignKey, SignKey, SignKey];
    this.ownerSeal = await newEcJwk();
    const { home } = (await this.bearer(this.operatorToken, 'POST', '/v1/homes', {})).body;
    const path = `/v1/homes/${home}/enrolment-tokens`;
    const { token } = (await this.bearer(this.operatorToken, 'POST', path, {})).body;
    const request = await this.hub.enrolmentRequest(token, await toCsr(await newTlsKeys()));
    this.hub.enrolment = (await this.call({ method: 'POST', path: '/v1/hubs/enrol', body: request })).body;
    const device = { sign: this.owner.jwk as EcJwk, seal: this.ownerSeal };
    const proof = await proveHandover('phone', this.hub.code, device);
    await this.call({ method: 'POST', path: '/v1/handover', body: { hub: this.hub.id, device, proof } });
    const made = { name: 'Hermes', jwk: this.carrierKey.jwk };
    const { carrier, clientSecret } = (await this.bearer(this.operatorToken, 'POST', '/v1/carriers', made)).body;
    const basic = Buffer.from(`${carrier}:${clientSecret}`).toString('base64');
    const headers = {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const form = { method: 'POST', path: '/oauth/token', headers, body: 'grant_type=client_credentials' } as const;
    [this.carrier, this.carrierToken] = [carrier, (await this.call(form)).body.access_token];
    await this.hello();
    const rule = {
      id: 'rule-1',
      door: this.door,
      party: { kind: 'carrier' as const, id: carrier as string, jwk: this.carrierKey.jwk },
      from: nowS() - 3600,
      until: nowS() + 40_000,
      visits: 10,
      entries: 1,
      camera: 'off' as const,
      consent: 'ask' as const,
    };
    const book = { aud: this.hub.id, version: 1_000, iat: nowS(), exp: nowS() + 86_400, rules: [rule] };
    this.ruleBookVersion = 1_000;
    await this.put(await signDocument(ruleBookForm, book, this.owner));
  }

  get home(): string {
    return `/v1/homes/${this.hub.home}`;
  }

  put(document: unknown, key = this.owner): Promise<HttpAnswer> {
    return this.as(key, 'POST', `${this.home}/documents`, { document });
  }

  helloMessage(): object {
    const versions = { rootSet: 1, issuerSet: 1, ruleBook: 1_000, ownerList: 0, epoch: 0 };
    const doors = [{ id: this.door, kind: 'latch', seesBolt: true, seesDoor: true, camera: false }];
    const head = { seq: 0, hash: genesisOf(this.hub.id) };
    const body = { op: 'hello', nonce: newId(), versions, head, doors, software: 'fuzz' };
    return { v: 1, id: newId(), body };
  }

  async hello(): Promise<void> {
    this.bring('ask', writeMessage(this.helloMessage()));
    for (let tries = 0; tries < 500; tries++) {
      const answer = await this.as(this.owner, 'GET', this.home);
      if (answer.body.doors?.length > 0) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new TypeError('the hello was not taken');
  }

  ownerList(version: number, key = this.hub.sign): Promise<string> {
    const device = { sign: this.owner.jwk as EcJwk, seal: this.ownerSeal };
    return signDocument(ownerListForm, { iss: this.hub.id, version, iat: nowS(), devices: [device] }, key);
  }

  /** Takes the refusals that showed in the log since the last call. */
  takeLogged(): string[] {
    return this.logged.splice(0);
  }
}

export type Refused = (code: FaultCode | string) => void;
