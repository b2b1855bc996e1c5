/** The hostile cloud: everything that the cloud's folder holds, on the broker as a cloud instance, saying what it likes to a hub. */

import { readFileSync } from 'node:fs';
import mqtt, { type MqttClient } from 'mqtt';
import type { Test } from 'tap';
import * as v from 'valibot';
import { issueCloud, openAuthority } from '../../../cloud-bridge/ca/issue.ts';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { type GrantBundle, type GrantClaims, grantForm } from '../../../wire/grant.ts';
import { hashOf, newId, type SignKey, signDocument, toSignKey } from '../../../wire/jws.ts';
import { type Act, knockForm } from '../../../wire/knock.ts';
import { Answer, type RequestBody, readMessage, writeMessage } from '../../../wire/messages.ts';
import { type DownKind, shardOf, topics } from '../../../wire/topics.ts';
import { VisitView } from '../../../wire/visit-view.ts';
import { newSignKey } from '../../support/keys.ts';
import type { Rig } from '../../support/rig.ts';

const instance = 'cloud-evil';

export class Villain {
  /** The cloud's own signing key, read from its disk. */
  readonly issuer: SignKey;
  /** An accomplice's phone, which no carrier ever signed for. */
  readonly accomplice: SignKey;
  readonly #rig: Rig;
  readonly #client: MqttClient;
  readonly #heard = new Map<string, (answer: Answer) => void>();

  private constructor(rig: Rig, client: MqttClient, issuer: SignKey, accomplice: SignKey) {
    this.#rig = rig;
    this.#client = client;
    this.issuer = issuer;
    this.accomplice = accomplice;
    client.on('message', (_topic, payload) => {
      const answer = readMessage('answer', Answer, payload);
      if (answer.ok) this.#heard.get(answer.value.id)?.(answer.value);
    });
  }

  /** Takes the keys from the cloud's folder, makes itself a certificate of the device CA, and connects. */
  static async open(t: Test, rig: Rig): Promise<Villain> {
    const at = layoutOf(rig.folders.cloud);
    const text = (path: string): string => readFileSync(path, 'utf8');
    const ca = text(at.caCertificate);
    const authority = await openAuthority({ certificate: ca, key: text(at.caKey) });
    const pair = await issueCloud(authority, instance, Date.now());
    const client = mqtt.connect(`mqtts://127.0.0.1:${rig.broker.port}`, {
      clientId: instance,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      ca,
      cert: pair.certificate,
      key: pair.key,
    });
    await new Promise<void>((resolve, reject) => client.once('connect', () => resolve()).once('error', reject));
    await client.subscribeAsync(topics.answerFilter(instance), { qos: 1 });
    t.teardown(() => client.endAsync(true));
    const issuer = await toSignKey(JSON.parse(text(at.issuerKey)));
    return new Villain(rig, client, issuer, await newSignKey('ES256'));
  }

  /** Says anything to the hub as the cloud would. @returns the hub's answer, or undefined when it says nothing for 2 s */
  async ask(
    body: RequestBody,
    change: { readonly id?: string; readonly exp?: number } = {},
  ): Promise<Answer | undefined> {
    const id = change.id ?? newId();
    const request = { v: 1, id, to: instance, exp: change.exp ?? this.#rig.time.now() + 8_000, body };
    const answer = new Promise<Answer | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), 2_000);
      this.#heard.set(id, (heard) => {
        clearTimeout(timer);
        resolve(heard);
      });
    });
    this.say('request', writeMessage(request));
    return answer;
  }

  /** @returns the code of the refusal; `accepted` or `silence` when there is none */
  async codeOf(body: RequestBody, change: { readonly exp?: number } = {}): Promise<string> {
    const answer = await this.ask(body, change);
    if (answer === undefined) return 'silence';
    return answer.ok ? 'accepted' : answer.code;
  }

  say(kind: DownKind, payload: Buffer): void {
    this.#client.publish(topics.down(this.#rig.hubId, kind), payload, { qos: 1 });
  }

  /** Answers what the hub asks from now on, in the cloud's place. */
  async answerAsks(reply: (id: string, body: { nonce: string }) => Promise<object | undefined>): Promise<void> {
    await this.#client.subscribeAsync(topics.shardFilter(shardOf(this.#rig.hubId)), { qos: 1 });
    this.#client.on('message', (topic, payload) => {
      if (!topic.endsWith('/ask')) return;
      const { id, body } = JSON.parse(payload.toString('utf8')) as { id: string; body: { nonce: string } };
      void reply(id, body).then((answer) => {
        if (answer !== undefined) this.say('answer', writeMessage({ v: 1, id, ok: true, body: answer }));
      });
    });
  }

  /** A grant that the cloud's own key signs, like a good one but for what is changed. */
  async grant(like: GrantClaims, change: Partial<GrantClaims> = {}): Promise<string> {
    return signDocument(grantForm, { ...like, jti: newId(), ...change }, this.issuer);
  }

  /** A knock over a nonce, signed with any key. */
  knock(view: VisitView, act: Act, grant: string, key: SignKey): Promise<string> {
    const nonce = view.nonces[act] ?? newId();
    const claims = { aud: this.#rig.hubId, jti: newId(), iat: 1, act, visit: view.visit, grant: hashOf(grant), nonce };
    return signDocument(knockForm, claims, key);
  }

  /** Prepares a visit that must be accepted. */
  async prepare(bundle: GrantBundle): Promise<VisitView> {
    const answer = await this.ask({ op: 'visit.prepare', bundle });
    return v.parse(VisitView, answer?.ok ? answer.body : answer);
  }
}
