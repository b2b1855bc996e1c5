/** One run of a stream: pictures in; sealed, recorded and sent pictures out; judged all the time. */
import { Fault, type FaultCode } from '../../wire/faults.ts';
import type { MediaLink } from '../bus/media.ts';
import type { Picture, Raw } from '../camera/camera.ts';
import { SamenessJudge } from '../camera/sameness.ts';
import type { Clock } from '../clock/clock.ts';
import type { StreamEnd, VideoStream } from './stream.ts';
import { type Judgement, Watch, type WatchPolicy } from './watch.ts';

export interface TakeParts {
  readonly visit: string | undefined;
  readonly clock: Clock;
  readonly link: Pick<MediaLink, 'send'>;
  readonly open: () => Promise<VideoStream>;
  readonly policy?: WatchPolicy;
  readonly onStarted: (stream: VideoStream) => void;
  readonly onEnded: (stream: VideoStream, end: StreamEnd) => void;
  readonly onFailed: (code: FaultCode) => void;
}

const checkpointEveryMs = 1_000;

export class Take {
  readonly visit: string | undefined;
  readonly #parts: TakeParts;
  readonly #watch: Watch;
  readonly #sameness = new SamenessJudge();
  readonly #opened: Promise<void>;
  #stream: VideoStream | undefined;
  /** Wall clock and monotonic clock at the start: what dates pictures never goes back while the wall clock is set. */
  readonly #wallMs: number;
  readonly #startMs: number;
  #hasKey = false;
  /** When the relay last said that it has a frame, monotonic ms. */
  #heardMs = Number.NEGATIVE_INFINITY;
  #isOver = false;
  #cancelCheckpoint: (() => void) | undefined;

  constructor(parts: TakeParts) {
    const { visit, clock, policy } = parts;
    this.visit = visit;
    this.#parts = parts;
    this.#watch = new Watch(policy);
    this.#wallMs = clock.now();
    this.#startMs = clock.monotonic();
    this.#opened = this.#open();
  }

  get stream(): VideoStream | undefined {
    return this.#stream;
  }

  /** Seals, records and sends one picture. A stream starts with a picture that can be decoded alone. */
  picture({ key, data, atMs }: Picture): void {
    const stream = this.#stream;
    if (stream === undefined || this.#isOver || !(key || this.#hasKey)) return;
    try {
      const capturedMs = Math.trunc(this.#wallMs + (atMs - this.#startMs));
      const sealed = stream.add({ key, data }, capturedMs);
      this.#hasKey = true;
      this.#watch.sealed(sealed.seq, sealed.picture, atMs);
      this.#parts.link.send(sealed.message);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // What refers to a picture that is missing cannot be decoded either.
      this.#hasKey = false;
      this.#parts.onFailed(error.code);
    }
  }

  raw({ hash, atMs }: Raw): void {
    this.#watch.told(this.#sameness.take(hash, atMs));
  }

  acknowledged(seqs: readonly number[]): void {
    const now = this.#parts.clock.monotonic();
    this.#heardMs = now;
    for (const seq of seqs) this.#watch.acknowledged(seq, now);
  }

  sighted(seq: number, picture: string): boolean {
    return this.#watch.sighted(seq, picture, this.#parts.clock.monotonic());
  }

  judge(): Judgement {
    return this.#watch.judge(this.#parts.clock.monotonic());
  }

  /** To the relay; nothing happens while there is no way to it. */
  sendKey(): void {
    if (this.#stream !== undefined) this.#parts.link.send(this.#stream.keyMessage);
  }

  /** Signs the end under what was filmed. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#cancelCheckpoint?.();
    await this.#opened;
    const stream = this.#stream;
    if (stream === undefined) return;
    const end = await stream.end('stopped', this.#watch.late(this.#parts.clock.monotonic()));
    this.#parts.link.send(end.message);
    this.#parts.onEnded(stream, end);
  }

  async #open(): Promise<void> {
    try {
      this.#stream = await this.#parts.open();
    } catch (error) {
      this.#parts.onFailed(error instanceof Fault ? error.code : 'INTERNAL');
      return;
    }
    this.#parts.onStarted(this.#stream);
    this.sendKey();
    this.#checkpointLater();
  }

  #checkpointLater(): void {
    if (this.#isOver) return;
    this.#cancelCheckpoint = this.#parts.clock.after(checkpointEveryMs, () => {
      void this.#checkpoint().finally(() => this.#checkpointLater());
    });
  }

  async #checkpoint(): Promise<void> {
    // A message to a relay that is not there is lost, one that came back may have forgotten, and without the key it can use no frame.
    if (this.#parts.clock.monotonic() - this.#heardMs > checkpointEveryMs) this.sendKey();
    try {
      const message = await this.#stream?.checkpoint(this.#watch.late(this.#parts.clock.monotonic()));
      if (message !== undefined && !this.#isOver) this.#parts.link.send(message);
    } catch (error) {
      this.#parts.onFailed(error instanceof Fault ? error.code : 'INTERNAL');
    }
  }
}
