/** Sends the journal to the cloud: in order from where the cloud stands, again until it is acknowledged. */
import { accept, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import type { IssuerKeys } from '../../wire/issuer-set.ts';
import type { SignKey } from '../../wire/jws.ts';
import type { WitnessClaims } from '../../wire/witness.ts';
import type { Clock } from '../clock/clock.ts';
import { type AckKeeper, makeAckKeeper } from './ack-keeper.ts';
import { type Ack, type Acknowledged, readAck, verifyAck } from './acks.ts';
import { type Batch, makeBatch, type Signer } from './batch.ts';
import type { HubStore } from './journal.ts';
import type { WitnessFinding } from './witness.ts';

export interface UploadParts {
  readonly store: HubStore;
  /** The hub's Ed25519 key, for the head of each batch. */
  readonly signKey: SignKey;
  /** The issuer keys in force, undefined while there are none. */
  readonly issuers: () => IssuerKeys | undefined;
  readonly clock: Clock;
  /** Hands over one `journal` payload. False or a rejection: it did not leave; it is sent again after a wait. */
  readonly publish: (batch: Buffer) => boolean | Promise<boolean>;
  /** Called for each genuine witness. After `behind` or `forked` nothing more is sent. */
  readonly onWitness: (finding: WitnessFinding, witness: WitnessClaims) => void;
  /** Told of what was refused; JOURNAL_GAP when the cloud asks for entries that were pruned. */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Told of a journal that cannot be read; it is tried again after a wait. */
  readonly onFailed?: (error: unknown) => void;
  readonly timing?: Partial<UploadTiming>;
}

export interface UploadTiming {
  /** How long an entry waits for others to go with, ms. */
  readonly gatherMs: number;
  /** Silence after which a batch is sent again, ms; doubles with each time up to `longestWaitMs`. */
  readonly ackTimeoutMs: number;
  readonly longestWaitMs: number;
  /** How long an acknowledgement may wait to be written down, ms. */
  readonly keepAckMs: number;
}

const defaults: UploadTiming = { gatherMs: 10, ackTimeoutMs: 5_000, longestWaitMs: 60_000, keepAckMs: 1_000 };
/** Batches under way at once: one travels while the next is signed. */
const window = 2;

/**
 * Starts disconnected. The cloud's place is what it acknowledged last; whatever is sent twice is the same text twice.
 * Knows no broker: bytes go out through `publish` and come in through `onAck`.
 */
export class Upload {
  readonly #parts: UploadParts;
  readonly #timing: UploadTiming;
  readonly #signer: Signer;
  readonly #keeper: AckKeeper;
  readonly #unsubscribe: () => void;
  #isConnected = false;
  /** Behind its witness, forked or closed. */
  #isOver = false;
  /** A batch did not leave: nothing more until the timer. */
  #isWaiting = false;
  #isSending = false;
  /** The cloud holds everything up to here, as far as is known. -1 before the store was asked. */
  #cloudHas = -1;
  /** An acknowledgement below `#cloudHas`: an old one that came late, or a cloud that lost something. The timer decides. */
  #cloudSaidLess: number | undefined;
  /** First entry that is not under way yet. */
  #next = 0;
  /** Last entries of the batches under way. */
  #underWay: number[] = [];
  /** Counts up when what is under way is given up, so that what comes back of it is ignored. */
  #generation = 0;
  #timeouts = 0;
  #cancelTimer: (() => void) | undefined;
  #cancelGather: (() => void) | undefined;

  constructor(parts: UploadParts) {
    const { store, clock, signKey } = parts;
    this.#parts = parts;
    this.#timing = { ...defaults, ...parts.timing };
    this.#signer = { hubId: store.hubId, key: signKey, now: () => clock.now() };
    this.#keeper = makeAckKeeper(store.trust, clock, this.#timing.keepAckMs);
    this.#unsubscribe = store.journal.onAppended(() => {
      this.#cancelGather ??= clock.after(this.#timing.gatherMs, () => {
        this.#cancelGather = undefined;
        this.#send();
      });
    });
  }

  /** The link to the cloud is up: sends what is not acknowledged. */
  connected(): void {
    this.#isConnected = true;
    this.#timeouts = 0;
    this.#goBack();
    this.#send();
  }

  /** The link is down: nothing is sent until `connected`. */
  disconnected(): void {
    this.#isConnected = false;
    this.#goBack();
  }

  /** Takes one `ack` payload: any number of times, in any order. @returns how it was judged; never throws */
  async onAck(payload: Uint8Array): Promise<Verdict<Acknowledged>> {
    const read = readAck(payload);
    return read.ok ? this.#take(read.value, false) : this.#refused(read);
  }

  /** Takes the cloud's place from its answer to `hello`, and goes on from there, be it further back than it was. */
  async onHello(answer: { readonly acked: number; readonly witness: string }): Promise<Verdict<Acknowledged>> {
    return this.#take({ seq: answer.acked, witness: answer.witness }, true);
  }

  /** Ends it; what is acknowledged is written down. */
  close(): void {
    this.#isOver = true;
    this.#unsubscribe();
    this.#cancelGather?.();
    this.#goBack();
    this.#keeper.flush();
  }

  async #take(ack: Ack, isPlace: boolean): Promise<Verdict<Acknowledged>> {
    const { store, issuers, onWitness, onFailed } = this.#parts;
    let judged: Verdict<Acknowledged>;
    try {
      judged = await verifyAck(ack, issuers(), store);
      if (!judged.ok) return this.#refused(judged);
      if (judged.value.finding === 'fine') this.#keeper.take(judged.value);
    } catch (error) {
      onFailed?.(error);
      return refuse('JOURNAL_UNAVAILABLE');
    }
    if (judged.value.finding !== 'fine') {
      this.#isOver = true;
      this.#goBack();
    } else if (isPlace) this.#goOnFrom(ack.seq);
    else this.#advance(ack.seq);
    onWitness(judged.value.finding, judged.value.witness);
    return accept(judged.value);
  }

  #refused(refusal: Refusal): Refusal {
    this.#parts.onRefused?.(refusal);
    return refusal;
  }

  #goOnFrom(seq: number): void {
    if (seq >= this.#cloudHas) {
      this.#advance(seq);
      return;
    }
    this.#cloudHas = seq;
    this.#goBack();
    this.#send();
  }

  #advance(seq: number): void {
    if (seq < this.#cloudHas) this.#cloudSaidLess = seq;
    if (seq <= this.#cloudHas) return;
    this.#cloudHas = seq;
    this.#cloudSaidLess = undefined;
    this.#timeouts = 0;
    this.#isWaiting = false;
    this.#next = Math.max(this.#next, seq + 1);
    this.#underWay = this.#underWay.filter((to) => to > seq);
    this.#stopTimer();
    if (this.#underWay.length > 0) this.#startTimer();
    this.#send();
  }

  /** Gives up what is under way; the next batch starts where the cloud stands. */
  #goBack(): void {
    this.#generation += 1;
    this.#underWay = [];
    this.#isWaiting = false;
    this.#next = this.#cloudHas + 1;
    this.#stopTimer();
  }

  #startTimer(): void {
    const { ackTimeoutMs, longestWaitMs } = this.#timing;
    const waitMs = Math.min(longestWaitMs, ackTimeoutMs * 2 ** Math.min(this.#timeouts, 16));
    this.#cancelTimer ??= this.#parts.clock.after(waitMs, () => {
      this.#timeouts += 1;
      this.#cloudHas = this.#cloudSaidLess ?? this.#cloudHas;
      this.#cloudSaidLess = undefined;
      this.#goBack();
      this.#send();
    });
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Sends what may be sent. One run at a time: batches leave in order. */
  #send(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#sendAll().catch((error: unknown) => {
      if (!this.#isOver) this.#parts.onFailed?.(error);
      this.#wait();
    });
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#maySend()) await this.#sendOne();
    } finally {
      // Here and not in a callback: whoever calls `#send` between the last look and that callback would be forgotten.
      this.#isSending = false;
    }
  }

  async #sendOne(): Promise<void> {
    const { store } = this.#parts;
    const generation = this.#generation;
    const from = this.#next;
    const batch = await makeBatch(store.journal, from, this.#signer);
    if (generation !== this.#generation || from !== this.#next) return;
    if (batch === undefined) {
      this.#refused(refuse('JOURNAL_GAP', { from, to: store.rows.floor().seq }));
      return this.#wait();
    }
    this.#underWay.push(batch.to);
    this.#next = batch.to + 1;
    this.#startTimer();
    this.#publish(batch, generation);
  }

  #maySend(): boolean {
    if (!this.#isConnected || this.#isOver || this.#isWaiting || this.#underWay.length >= window) return false;
    if (this.#cloudHas === -1) {
      this.#cloudHas = this.#parts.store.trust.number('acked');
      this.#next = this.#cloudHas + 1;
    }
    return this.#next <= this.#parts.store.journal.head().seq;
  }

  /** Not awaited: a link that never answers must not hold up what comes after it. */
  #publish(batch: Batch, generation: number): void {
    const failed = (): void => {
      if (generation === this.#generation) this.#wait();
    };
    Promise.resolve()
      .then(() => this.#parts.publish(batch.payload))
      .then((left) => (left ? undefined : failed()), failed);
  }

  #wait(): void {
    if (!this.#isConnected || this.#isOver) return;
    this.#goBack();
    this.#isWaiting = true;
    this.#startTimer();
  }
}
