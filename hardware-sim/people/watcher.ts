/** An owner's phone that watches a door: opens what is sealed for it, believes nothing that is not, and signs for what it sees. */
import { createDecipheriv, createHash } from 'node:crypto';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { type FaultCode, type Refusal, refuse } from '../../wire/faults.ts';
import { newId, signDocument, toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import {
  chainStart,
  documentIn,
  frameAad,
  frameNonce,
  type MediaMessage,
  readMedia,
  tagBytes,
} from '../../wire/media.ts';
import { openSealed } from '../../wire/seal.ts';
import { verifyVideoHead, verifyVideoKey } from '../../wire/verify-video.ts';
import { lookForm, maxLookSeconds, sightForm, type VideoKeyClaims } from '../../wire/video.ts';
import { mustHave, parseJson } from './http.ts';
import type { Owner } from './owner.ts';

const Ticket = v.object({ ticket: v.string(), url: v.string() });
const Relayed = v.object({ relay: v.string(), code: v.optional(v.string()) });

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** A picture that this phone opened. */
export interface Seen {
  readonly seq: number;
  readonly capturedMs: number;
  readonly visit: string | undefined;
  readonly codec: 'jpeg' | 'h264';
  readonly picture: Uint8Array;
  /** The message as it came: all that broker and cloud ever had of it. */
  readonly sealed: Uint8Array;
}

interface Stream {
  readonly claims: VideoKeyClaims;
  readonly key: Uint8Array;
  readonly keyHash: Buffer;
  /** The chain after each of the last frames: a checkpoint is signed while newer frames are on their way. */
  readonly chain: Map<number, Buffer>;
  /** What each of the last frames adds to it. */
  readonly links: Map<number, Buffer>;
  seq: number;
}

/** Frames whose chain is remembered: more than a checkpoint is ever behind. */
const remembered = 256;

export interface WatcherWish {
  readonly owner: Owner;
  readonly door: string;
  /** Signs once a second for the newest picture: what a `watched` rule asks for. */
  readonly sees?: boolean;
  readonly onPicture?: (seen: Seen) => void;
}

const signEveryMs = 1_000;

/** Carries the chain on by one frame, and forgets what no checkpoint will ask about. */
function follow({ chain, links }: Stream, seq: number): void {
  const before = chain.get(seq - 1);
  const link = links.get(seq);
  if (before !== undefined && link !== undefined) chain.set(seq, sha256(before, link));
  chain.delete(seq - remembered);
  links.delete(seq - remembered);
}

export class Watcher {
  /** Pictures opened, all genuine and in order. */
  pictures = 0;
  /** Checkpoints of the hub that fit what came. */
  checkpoints = 0;
  last: Seen | undefined;
  /** What was not as the hub signed it. Empty with an honest relay. */
  readonly broken: Refusal[] = [];
  /** What the relay said of itself. */
  readonly said: string[] = [];
  readonly refused: FaultCode[] = [];
  readonly #wish: WatcherWish;
  readonly #hub: VerifyKey;
  readonly #socket: WebSocket;
  readonly #timer: NodeJS.Timeout;
  #stream: Stream | undefined;
  #signed = 0;
  #tail: Promise<void> = Promise.resolve();

  private constructor(wish: WatcherWish, hub: VerifyKey, socket: WebSocket) {
    this.#wish = wish;
    this.#hub = hub;
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      this.#tail = this.#tail.then(() => (isBinary ? this.#take(bytes) : this.#hear(bytes.toString('utf8'))));
    });
    socket.on('error', () => undefined);
    this.#timer = setInterval(() => void this.#sign().catch(() => undefined), signEveryMs);
  }

  /** Shows its ticket and watches from then on. @throws Fault when the cloud refuses */
  static async open(wish: WatcherWish): Promise<Watcher> {
    const { http, keys, pinned } = wish.owner;
    const call = { method: 'POST', path: `/v1/homes/${pinned.home}/live-tickets`, body: {}, proof: keys.sign } as const;
    const { ticket, url } = mustHave(await http.call(call, Ticket));
    const hubKey = await toVerifyKey(pinned.hubKey);
    // Nothing is awaited from here on: what opens meanwhile would never be heard of.
    const socket = new WebSocket(url);
    const watcher = new Watcher(wish, hubKey, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    socket.send(JSON.stringify({ ticket, door: wish.door }));
    return watcher;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Asks for a picture outside a visit, for a minute. */
  async look(): Promise<void> {
    const { owner, door } = this.#wish;
    const iat = Math.floor(owner.http.clock.now() / 1000);
    const claims = { aud: owner.pinned.hub, jti: newId(), iat, exp: iat + maxLookSeconds, door };
    this.#socket.send(JSON.stringify({ look: await signDocument(lookForm, claims, owner.keys.sign) }));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.terminate();
  }

  #hear(text: string): void {
    const read = v.safeParse(Relayed, parseJson(text));
    if (!read.success) return;
    this.said.push(read.output.relay);
    if (read.output.relay === 'refused') this.refused.push(read.output.code as FaultCode);
  }

  async #take(bytes: Uint8Array): Promise<void> {
    const message = readMedia(bytes);
    if (!message.ok) return void this.broken.push(message);
    const { type } = message.value;
    if (type === 'key') await this.#takeKey(message.value);
    else if (type === 'frame') this.#takeFrame(message.value, bytes);
    else await this.#takeCheckpoint(message.value);
  }

  async #takeKey(message: MediaMessage): Promise<void> {
    const text = documentIn(message);
    const { owner, door } = this.#wish;
    const key = await verifyVideoKey(text, this.#hub, owner.pinned.hub);
    if (!key.ok) return void this.broken.push(key);
    const claims = key.value;
    if (claims.door !== door || claims.stream !== message.stream) {
      return void this.broken.push(refuse('VIDEO_KEY_NOT_GENUINE', { why: 'door' }));
    }
    // The hub says its key again until somebody has it.
    if (this.#stream?.claims.stream === claims.stream) return;
    const keyHash = sha256(Buffer.from(text));
    try {
      const opened = await openSealed(claims.sealed, owner.keys.seal.privateKey);
      this.#stream = {
        claims,
        key: opened,
        keyHash,
        chain: new Map([[0, sha256(chainStart, keyHash)]]),
        links: new Map(),
        seq: 0,
      };
    } catch {
      this.broken.push(refuse('VIDEO_KEY_NOT_FOR_YOU'));
    }
  }

  #takeFrame({ stream: id, seq, capturedMs, header, body, codec }: MediaMessage, bytes: Uint8Array): void {
    const stream = this.#stream;
    if (stream === undefined || id !== stream.claims.stream) return;
    if (seq <= stream.seq) return void this.broken.push(refuse('VIDEO_FRAME_REPLAYED', { seq }));
    if (seq !== stream.seq + 1 && stream.seq > 0)
      this.broken.push(refuse('VIDEO_FRAME_MISSING', { from: stream.seq, to: seq }));
    const decipher = createDecipheriv('aes-256-gcm', stream.key, frameNonce(seq));
    decipher.setAAD(frameAad(header, stream.keyHash));
    decipher.setAuthTag(body.subarray(body.length - tagBytes));
    let picture: Buffer;
    try {
      picture = Buffer.concat([decipher.update(body.subarray(0, body.length - tagBytes)), decipher.final()]);
    } catch {
      return void this.broken.push(refuse('VIDEO_FRAME_ALTERED', { seq }));
    }
    stream.seq = seq;
    stream.links.set(seq, sha256(bytes));
    follow(stream, seq);
    this.pictures += 1;
    this.last = { seq, capturedMs, visit: stream.claims.visit, codec, picture, sealed: bytes };
    this.#wish.onPicture?.(this.last);
  }

  async #takeCheckpoint(message: MediaMessage): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined || message.stream !== stream.claims.stream) return;
    const { hub } = this.#wish.owner.pinned;
    const head = await verifyVideoHead(documentIn(message), this.#hub, { hubId: hub, stream: message.stream });
    if (!head.ok) return void this.broken.push(head);
    const { seq, hash } = head.value;
    const chain = stream.chain.get(seq);
    if (chain === undefined) {
      // Who came in the middle knows the chain from here on.
      stream.chain.set(seq, Buffer.from(hash, 'base64url'));
      for (let next = seq + 1; next <= stream.seq; next += 1) follow(stream, next);
    } else if (chain.toString('base64url') === hash) this.checkpoints += 1;
    else this.broken.push(refuse('VIDEO_CHAIN_BROKEN', { seq }));
  }

  async #sign(): Promise<void> {
    const { owner, sees } = this.#wish;
    const seen = this.last;
    const stream = this.#stream?.claims.stream;
    if (sees !== true || seen === undefined || stream === undefined || seen.seq === this.#signed || !this.isOpen)
      return;
    this.#signed = seen.seq;
    const iat = Math.floor(owner.http.clock.now() / 1000);
    const picture = sha256(seen.picture).toString('base64url');
    const claims = { aud: owner.pinned.hub, jti: newId(), iat, stream, seq: seen.seq, picture };
    this.#socket.send(JSON.stringify({ sight: await signDocument(sightForm, claims, owner.keys.sign) }));
  }
}
