/** A hub by script: real keys, real certificate, real MQTT, its own journal; it decides what a test tells it to. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { PemConverter, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import mqtt, { type MqttClient } from 'mqtt';
import { type EnrolmentAnswer, enrolmentForm } from '../../../wire/enrolment.ts';
import type { Verdict } from '../../../wire/faults.ts';
import { type HandoverCode, proveHandover, verifyHandover } from '../../../wire/handover.ts';
import { type Entry, type EntryKind, genesisOf, journalHeadForm, toEntryText } from '../../../wire/journal.ts';
import { hashOf, newId, peek, type SignKey, signDocument } from '../../../wire/jws.ts';
import type { HelloAnswer, JournalAck, Request, RequestBody } from '../../../wire/messages.ts';
import { writeMessage } from '../../../wire/messages.ts';
import { ownerListForm } from '../../../wire/owner.ts';
import type { OwnerDevice } from '../../../wire/owner-device.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { stopReceiptForm, stopSealForm } from '../../../wire/stop-receipt.ts';
import { type DownKind, parseTopic, topics } from '../../../wire/topics.ts';
import { newDoorId } from '../../support/keys.ts';
import { newEcJwk, newSignKey } from './keys.ts';
import { ask, until, type World } from './world.ts';

export const curve = { name: 'ECDSA', namedCurve: 'P-256' };
export const newTlsKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

export async function toCsr(keys: webcrypto.CryptoKeyPair, name = 'CN=somebody'): Promise<string> {
  const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
  return (await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm })).toString('pem');
}

export type Handler = (
  body: RequestBody,
) => Promise<Verdict<Record<string, unknown>>> | Verdict<Record<string, unknown>>;

export class ScriptedHub {
  readonly sign: SignKey;
  readonly seal: EcJwk;
  readonly door = newDoorId();
  /** Announced with the next hello. */
  readonly moreDoors: string[] = [];
  readonly requests: Request[] = [];
  readonly acks: JournalAck[] = [];
  readonly texts: string[] = [];
  readonly secret = newId();
  enrolment!: EnrolmentAnswer;
  client: MqttClient | undefined;
  boot = newId();
  epoch = 0;
  ownerList: string | undefined;
  ownerVersion = -1;
  ruleBookVersion = -1;
  /** Put in place of the usual answer. */
  handler: Handler | undefined;
  tlsKeyPem = '';
  #answers = new Map<string, (body: unknown) => void>();

  constructor(sign: SignKey, seal: EcJwk) {
    this.sign = sign;
    this.seal = seal;
  }

  get id(): string {
    return this.enrolment.hub;
  }
  get home(): string {
    return this.enrolment.home;
  }

  /** Gets a home, a token and a certificate over HTTP. */
  async enrol(world: World): Promise<void> {
    const operator = { authorization: `Bearer ${world.operatorToken}` };
    const home = await ask(world.cloud, 'POST', '/v1/homes', { headers: operator, body: {} });
    const path = `/v1/homes/${home.body.home}/enrolment-tokens`;
    const token = await ask(world.cloud, 'POST', path, { headers: operator, body: {} });
    const keys = await newTlsKeys();
    this.tlsKeyPem = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
    const body = await this.enrolmentRequest(token.body.token, await toCsr(keys));
    const answer = await ask(world.cloud, 'POST', '/v1/hubs/enrol', { body, key: false });
    if (answer.status !== 201) throw new TypeError(JSON.stringify(answer.body));
    this.enrolment = answer.body as EnrolmentAnswer;
  }

  async enrolmentRequest(token: string, csr: string): Promise<{ token: string; csr: string; proof: string }> {
    const claims = { iat: Math.floor(Date.now() / 1000), token: hashOf(token), csr: hashOf(csr), seal: this.seal };
    return { token, csr, proof: await signDocument(enrolmentForm, claims, this.sign) };
  }

  async connect(): Promise<void> {
    const client = mqtt.connect(this.enrolment.broker, {
      protocolVersion: 4,
      clientId: this.id,
      clean: true,
      reconnectPeriod: 0,
      keepalive: 20,
      cert: this.enrolment.certificate,
      key: this.tlsKeyPem,
      ca: this.enrolment.brokerCa,
      will: { topic: topics.up(this.id, 'presence'), payload: this.presence(false), qos: 1, retain: false },
    });
    this.client = client;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      const parsed = parseTopic(topic);
      if (parsed?.is === 'down') void this.#take(parsed.kind, payload);
    });
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
    });
    (client.stream as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
    await client.subscribeAsync(topics.hubFilters(this.id), { qos: 1 });
    await client.publishAsync(topics.up(this.id, 'presence'), this.presence(true), { qos: 1 });
  }

  presence(online: boolean, boot = this.boot): Buffer {
    return writeMessage({ v: 1, hub: this.id, online, boot });
  }

  /** Tears the connection so that the will is published. */
  async tear(): Promise<void> {
    this.client?.stream.destroy();
    await until('the hub is away', () => !this.client?.connected);
  }

  async leave(): Promise<void> {
    await this.client?.endAsync(true);
    this.client = undefined;
  }

  async hello(fields: object = {}): Promise<HelloAnswer> {
    const id = newId();
    const body = {
      op: 'hello',
      nonce: newId(),
      versions: {
        rootSet: 1,
        issuerSet: 1,
        ruleBook: this.ruleBookVersion,
        ownerList: this.ownerVersion,
        epoch: this.epoch,
      },
      head: { seq: this.texts.length, hash: this.headHash() },
      doors: [this.door, ...this.moreDoors].map((id) => ({
        ...{ id, kind: 'latch', seesBolt: true, seesDoor: true, camera: false },
      })),
      software: 'scripted 1',
      ...fields,
    };
    const answered = new Promise<unknown>((resolve) => this.#answers.set(id, resolve));
    await this.client!.publishAsync(topics.up(this.id, 'ask'), writeMessage({ v: 1, id, body }), { qos: 1 });
    return (await answered) as HelloAnswer;
  }

  headHash(at = this.texts.length): string {
    return at === 0 ? genesisOf(this.id) : hashOf(this.texts[at - 1]!);
  }

  /** Writes an entry into the hub's own journal. */
  append(kind: EntryKind, body: Entry['body'] = {}, visit?: string, door?: string): string {
    const seq = this.texts.length + 1;
    const at = 1_790_000_000_000 + seq;
    const entry = { seq, at, ...(door && { door }), ...(visit && { visit }), kind, body, prev: this.headHash() };
    const text = toEntryText(entry);
    this.texts.push(text);
    return text;
  }

  signHead(seq: number, hash: string, key = this.sign): Promise<string> {
    return signDocument(journalHeadForm, { iss: this.id, seq, hash, at: Date.now() }, key);
  }

  /** Sends entries `from` to `to` of its journal. */
  async sendJournal(from = 1, to = this.texts.length): Promise<void> {
    const head = await this.signHead(to, this.headHash(to));
    await this.sendBatch({ v: 1, from, entries: this.texts.slice(from - 1, to), head });
  }

  async sendBatch(batch: object): Promise<void> {
    await this.client!.publishAsync(topics.up(this.id, 'journal'), writeMessage(batch), { qos: 1 });
  }

  /** Sends everything and waits until the cloud has it. */
  async sync(): Promise<void> {
    await this.sendJournal();
    await until('the journal is acknowledged', () => this.acks.at(-1)?.seq === this.texts.length);
  }

  async signOwnerList(devices: readonly OwnerDevice[]): Promise<string> {
    this.ownerVersion += 1;
    const claims = {
      iss: this.id,
      version: this.ownerVersion,
      iat: Math.floor(Date.now() / 1000),
      devices: [...devices],
    };
    this.ownerList = await signDocument(ownerListForm, claims, this.sign);
    return this.ownerList;
  }

  get code(): HandoverCode {
    return { hub: this.id, key: this.sign.kid, secret: this.secret };
  }

  async #take(kind: DownKind, payload: Buffer): Promise<void> {
    const message = JSON.parse(payload.toString('utf8'));
    if (kind === 'ack') this.acks.push(message as JournalAck);
    if (kind === 'answer') this.#answers.get(message.id)?.(message.body);
    if (kind !== 'request') return;
    const request = message as Request;
    this.requests.push(request);
    const verdict = await (this.handler ?? ((body) => this.decide(body)))(request.body);
    const answer = verdict.ok
      ? { v: 1, id: request.id, ok: true, body: verdict.value }
      : { v: 1, id: request.id, ...verdict };
    // A hub that leaves meanwhile answers nobody.
    await this.client
      ?.publishAsync(topics.answer(request.to, this.id), writeMessage(answer), { qos: 1 })
      .catch(() => undefined);
  }

  /** What a willing hub answers. */
  async decide(body: RequestBody): Promise<Verdict<Record<string, unknown>>> {
    switch (body.op) {
      case 'visit.prepare':
        return { ok: true, value: { visit: newId(), at: 'idle', camera: 'off', nonces: { arrive: newId() } } };
      case 'visit.act':
      case 'visit.show':
        return { ok: true, value: { visit: body.visit, at: 'ready', camera: 'off', nonces: { unlock: newId() } } };
      case 'document.put':
      case 'camera.look':
      case 'camera.sight':
      case 'stop.expect':
      case 'stop.forget':
        return { ok: true, value: {} };
      case 'stop.photograph':
        return { ok: false, code: 'CAMERA_NOT_CONFIGURED' };
      case 'lock.order':
        return { ok: true, value: { answer: body.order } };
      case 'stop.seal': {
        const read = peek(stopReceiptForm, body.receipt);
        if (!read.ok) return read;
        const entry = { seq: 1, hash: hashOf('1') };
        const seal = { iss: this.id, receipt: hashOf(body.receipt), iat: read.value.claims.iat, entry };
        const saw = { presence: 'nothing' as const };
        return { ok: true, value: { seal: await signDocument(stopSealForm, { ...seal, saw }, this.sign) } };
      }
      case 'hub.status':
        return { ok: true, value: this.ownerList === undefined ? {} : { ownerList: this.ownerList } };
      case 'handover.claim': {
        const { device, proof } = body.claim;
        const verified = await verifyHandover('phone', this.code, device, proof);
        if (!verified.ok) return verified;
        const ownerList = await this.signOwnerList([device]);
        return { ok: true, value: { ownerList, proof: await proveHandover('hub', this.code, device) } };
      }
    }
  }
}

/** Enrolled, connected, and the cloud knows its door. */
export async function makeHub(world: World, options: { readonly connect?: boolean } = {}): Promise<ScriptedHub> {
  const hub = new ScriptedHub(await newSignKey('Ed25519'), await newEcJwk());
  await hub.enrol(world);
  if (options.connect === false) return hub;
  await hub.connect();
  await hub.hello();
  return hub;
}
