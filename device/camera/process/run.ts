/** One run of a camera's program, watched: its pictures, and when it is of no use any more. */
import { type FaultCode, type FaultDetail, unreachable } from '../../../wire/faults.ts';
import { maxPictureBytes } from '../../../wire/media.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Picture, Raw } from '../camera.ts';
import { Child, type ChildEnd } from './child.ts';
import { pictureReader } from './pictures.ts';
import { RawFrames } from './raw-frames.ts';
import { howToInstall } from './tools.ts';

export interface RunOptions {
  /** Program and arguments; no shell. */
  readonly command: readonly [string, ...string[]];
  readonly codec: Picture['codec'];
  /** It writes gray frames of this size to descriptor 3. */
  readonly raw?: { readonly width: number; readonly height: number };
  /** How long it may take to its first picture. */
  readonly startMs: number;
  readonly clock: Clock;
}

/** None of them is called after `stop`, nor after `over`. */
export interface RunListeners {
  readonly picture: (picture: Picture) => void;
  readonly raw: (raw: Raw) => void;
  /** Something is wrong and it goes on; once for each code. */
  readonly trouble: (code: FaultCode, detail: FaultDetail) => void;
  /** Once: it has ended, or has to be ended with `stop`. */
  readonly over: (code: FaultCode, detail: FaultDetail) => void;
}

/** Without a picture for so long, a program that ran is silent. */
export const silentMs = 5000;
/** So long with pictures and without raw frames, and the raw output is silent. */
const rawSilentMs = 3000;

export class Run {
  readonly #options: RunOptions;
  readonly #listeners: RunListeners;
  readonly #child: Child;
  readonly #startedAtMs: number;
  readonly #told = new Set<FaultCode>();
  #firstAtMs: number | undefined;
  #lastAtMs: number | undefined;
  #hasBytes = false;
  #hasRaw = false;
  /** Since the last picture. */
  #hasDropped = false;
  #isOver = false;
  #cancelWatch: () => void = () => undefined;

  constructor(options: RunOptions, listeners: RunListeners) {
    const { command, clock, codec, raw, startMs } = options;
    this.#options = options;
    this.#listeners = listeners;
    this.#startedAtMs = clock.monotonic();
    const read = pictureReader(codec, maxPictureBytes);
    const frames = raw === undefined ? undefined : new RawFrames(raw);
    this.#child = new Child({
      command,
      hasRaw: raw !== undefined,
      clock,
      onOut: (chunk) => {
        this.#hasBytes = true;
        for (const event of read(chunk, clock.monotonic())) {
          if (event.is === 'too-big') this.#drop();
          else this.#take(event.picture, frames === undefined ? event.raw : undefined);
        }
      },
      onRaw: (chunk) => {
        this.#hasRaw = true;
        for (const frame of frames?.push(chunk, clock.monotonic()) ?? []) if (!this.#isOver) listeners.raw(frame);
      },
      onEnd: (end) => this.#over(...this.#whyEnded(end)),
    });
    this.#watch(startMs);
  }

  /** How long it has been giving pictures. */
  get ranMs(): number {
    return this.#firstAtMs === undefined ? 0 : this.#options.clock.monotonic() - this.#firstAtMs;
  }

  /** Ends the program. @see Child.stop */
  stop(): Promise<void> {
    this.#isOver = true;
    this.#cancelWatch();
    return this.#child.stop();
  }

  #take(picture: Picture, raw: Raw | undefined): void {
    // A listener may have stopped it.
    if (this.#isOver) return;
    this.#firstAtMs ??= picture.atMs;
    this.#lastAtMs = picture.atMs;
    this.#hasDropped = false;
    const isRawMissing = this.#options.raw !== undefined && !this.#hasRaw;
    if (isRawMissing && picture.atMs - this.#firstAtMs > rawSilentMs) this.#tell('CAMERA_RAW_SILENT');
    if (raw !== undefined) this.#listeners.raw(raw);
    this.#listeners.picture(picture);
  }

  #drop(): void {
    this.#hasDropped = true;
    this.#tell('MEDIA_TOO_BIG');
  }

  /** Looks again when it will have been silent for too long. */
  #watch(afterMs: number): void {
    const { clock, startMs } = this.#options;
    this.#cancelWatch = clock.after(afterMs, () => {
      const [sinceMs, limitMs] =
        this.#lastAtMs === undefined ? [this.#startedAtMs, startMs] : [this.#lastAtMs, silentMs];
      const leftMs = sinceMs + limitMs - clock.monotonic();
      if (leftMs > 0) this.#watch(leftMs);
      else this.#over(this.#whySilent());
    });
  }

  #whySilent(): FaultCode {
    if (this.#hasDropped) return 'MEDIA_TOO_BIG';
    return this.#hasBytes && this.#lastAtMs === undefined ? 'CAMERA_UNREADABLE' : 'CAMERA_SILENT';
  }

  #whyEnded(end: ChildEnd): [FaultCode, FaultDetail] {
    const [program] = this.#options.command;
    const ranMs = Math.round(this.#options.clock.monotonic() - this.#startedAtMs);
    switch (end.how) {
      case 'unstarted':
        return ['CAMERA_UNAVAILABLE', { program, reason: end.reason, do: howToInstall(program, end.reason) }];
      case 'ended':
        return ['CAMERA_GONE', { exit: end.exit, signal: end.signal, ranMs }];
      default:
        return unreachable(end);
    }
  }

  #over(code: FaultCode, facts: FaultDetail = {}): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelWatch();
    this.#listeners.over(code, this.#withWords(facts));
  }

  #tell(code: FaultCode): void {
    if (this.#isOver || this.#told.has(code)) return;
    this.#told.add(code);
    this.#listeners.trouble(code, this.#withWords({}));
  }

  #withWords(facts: FaultDetail): FaultDetail {
    const said = this.#child.lastWords;
    return said === '' ? facts : { ...facts, said };
  }
}
