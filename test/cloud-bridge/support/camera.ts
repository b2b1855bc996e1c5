/** A hub's camera by script: sealed messages as wire/ has them, over the hub's own media connection, and what was acknowledged. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { newId, type SignKey, signDocument } from '../../../wire/jws.ts';
import {
  type Ack,
  chainStart,
  frameAad,
  frameHeader,
  frameNonce,
  joinMessage,
  readAck,
  writeDocumentMessage,
} from '../../../wire/media.ts';
import { sealFor } from '../../../wire/seal.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { mediaIdOf, topics } from '../../../wire/topics.ts';
import { type VideoKeyClaims, videoHeadForm, videoKeyForm } from '../../../wire/video.ts';
import type { ScriptedHub } from './hub.ts';

const sha256 = (...parts: readonly (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The hub's second connection. */
export class MediaLink {
  readonly hub: ScriptedHub;
  readonly acks: Ack[] = [];
  client: MqttClient | undefined;

  constructor(hub: ScriptedHub) {
    this.hub = hub;
  }

  async connect(): Promise<this> {
    const client = mqtt.connect(this.hub.enrolment.broker, {
      protocolVersion: 4,
      clientId: mediaIdOf(this.hub.id),
      clean: true,
      reconnectPeriod: 0,
      cert: this.hub.enrolment.mediaCertificate,
      key: this.hub.tlsKeyPem,
      ca: this.hub.enrolment.brokerCa,
    });
    this.client = client;
    client.on('error', () => undefined);
    client.on('message', (_topic, payload) => {
      const ack = readAck(payload);
      if (ack.ok) this.acks.push(ack.value);
    });
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
    });
    await client.subscribeAsync(topics.mediaFilters(this.hub.id), { qos: 0 });
    return this;
  }

  async send(...messages: readonly Uint8Array[]): Promise<void> {
    for (const message of messages) {
      await this.client!.publishAsync(topics.sealed(this.hub.id), Buffer.from(message), { qos: 0 });
    }
  }

  seen(stream: string): number[] {
    return this.acks.flatMap((ack) => (ack.kind === 'seen' && ack.stream === stream ? ack.seqs : []));
  }

  stored(stream: string): number[] {
    const ranges = this.acks.flatMap((ack) => (ack.kind === 'stored' && ack.stream === stream ? ack.ranges : []));
    const all = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
    return [...new Set(all)].sort((a, b) => a - b);
  }

  async leave(): Promise<void> {
    await this.client?.endAsync(true);
    this.client = undefined;
  }
}

export interface CameraWish {
  readonly owners: readonly EcJwk[];
  readonly visit?: string;
  readonly now?: () => number;
  readonly claims?: Partial<VideoKeyClaims>;
  readonly key?: SignKey;
  readonly stream?: string;
}

/** One stream. */
export class Camera {
  readonly hub: ScriptedHub;
  readonly stream: string;
  readonly secret = randomBytes(32);
  readonly now: () => number;
  keyText = '';
  keyMessage: Uint8Array = new Uint8Array();
  seq = 0;
  #link: Buffer = Buffer.alloc(0);

  private constructor(hub: ScriptedHub, wish: CameraWish) {
    this.hub = hub;
    this.stream = wish.stream ?? newId();
    this.now = wish.now ?? Date.now;
  }

  static async start(hub: ScriptedHub, wish: CameraWish): Promise<Camera> {
    const camera = new Camera(hub, wish);
    const claims: VideoKeyClaims = {
      iss: hub.id,
      stream: camera.stream,
      door: hub.door,
      ...(wish.visit === undefined ? {} : { visit: wish.visit }),
      iat: camera.now(),
      codec: 'jpeg',
      owners: 0,
      sealed: await sealFor(wish.owners, camera.secret),
      ...wish.claims,
    };
    camera.keyText = await signDocument(videoKeyForm, claims, wish.key ?? hub.sign);
    const head = { type: 'key', stream: camera.stream, seq: 0, capturedMs: claims.iat, codec: 'jpeg' } as const;
    camera.keyMessage = writeDocumentMessage(head, camera.keyText);
    camera.#link = sha256(chainStart, sha256(camera.keyText));
    return camera;
  }

  /** The next frame, sealed. */
  frame(picture: Uint8Array | string, options: { isKey?: boolean; ageMs?: number } = {}): Uint8Array {
    this.seq += 1;
    const capturedMs = this.now() - (options.ageMs ?? 0);
    const { stream, seq } = this;
    const header = frameHeader({ stream, seq, capturedMs, isKey: options.isKey ?? true, codec: 'jpeg' });
    const cipher = createCipheriv('aes-256-gcm', this.secret, frameNonce(seq));
    cipher.setAAD(frameAad(header, sha256(this.keyText)));
    const body = Buffer.concat([cipher.update(picture), cipher.final()]);
    const message = joinMessage(header, body, cipher.getAuthTag());
    this.#link = sha256(this.#link, sha256(message));
    return message;
  }

  frames(count: number, options: { isKey?: boolean; ageMs?: number } = {}): Uint8Array[] {
    return Array.from({ length: count }, () => this.frame(`picture ${this.seq + 1}`, options));
  }

  /** The hub's signature so far. */
  async checkpoint(end?: 'stopped' | 'lost', key: SignKey = this.hub.sign): Promise<Uint8Array> {
    const at = this.now();
    const { stream, seq } = this;
    const hash = this.#link.toString('base64url');
    const claims = { iss: this.hub.id, stream, seq, hash, at, ...(end === undefined ? {} : { end }) };
    const text = await signDocument(videoHeadForm, claims, key);
    return writeDocumentMessage({ type: 'checkpoint', stream, seq, capturedMs: at, codec: 'jpeg' }, text);
  }
}
