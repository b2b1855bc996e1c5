/** The camera of one door: films a visit or shows the owner the door, and tells the visit whether its picture is live (R5). */
import { accept, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import type { Ack } from '../../wire/media.ts';
import type { SightClaims } from '../../wire/video.ts';
import type { MediaLink } from '../bus/media.ts';
import type { Camera, CameraHealth } from '../camera/camera.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import type { StreamEnd, VideoStream } from './stream.ts';
import { Take } from './take.ts';
import type { WatchPolicy } from './watch.ts';

export interface DoorCameraParts {
  readonly door: string;
  readonly camera: Camera;
  readonly clock: Clock;
  readonly link: Pick<MediaLink, 'send'>;
  /** Begins a stream: a fresh key, sealed for the owner's devices. A stream without a visit is not recorded. */
  readonly openStream: (visit: string | undefined) => Promise<VideoStream>;
  /** Live pictures flow, and whether an owner's device watches them; told again whenever `watched` changes. */
  readonly onLive: (visit: string, watched: boolean) => void;
  /** They flow no more. For a visit that was ready it is over then; one that still waits to be watched goes on when they come back. */
  readonly onLost: (visit: string) => void;
  readonly onStarted: (visit: string, stream: VideoStream) => void;
  readonly onEnded: (visit: string | undefined, stream: VideoStream, end: StreamEnd) => void;
  /** Begins and ends the need of a connection to the relay. */
  readonly onBusy: (busy: boolean) => void;
  readonly policy?: WatchPolicy;
  readonly log: Pick<Log, 'camera' | 'unexpected'>;
}

/** How often the picture is judged, ms. */
const judgeEveryMs = 100;

export class DoorCamera {
  readonly #parts: DoorCameraParts;
  readonly #off: (() => void)[];
  #take: Take | undefined;
  /** A visit is filmed from its start to its stop, whatever the camera does meanwhile. */
  #visit: string | undefined;
  #lookUntilMs = Number.NEGATIVE_INFINITY;
  /** Who wants single pictures now. */
  #holds = 0;
  #told: 'nothing' | 'live' | 'watched' | 'lost' = 'nothing';
  #cancel: (() => void) | undefined;
  #ending: Promise<void> = Promise.resolve();

  constructor(parts: DoorCameraParts) {
    this.#parts = parts;
    const { camera } = parts;
    this.#off = [
      camera.onPicture((picture) => this.#take?.picture(picture)),
      camera.onRaw((raw) => this.#take?.raw(raw)),
    ];
  }

  /** A frozen or looped picture would be noticed: what a rule that demands a picture needs (R5). */
  get seesRepeats(): boolean {
    const { live, seesRepeats } = this.#parts.camera.capabilities;
    return live && seesRepeats;
  }

  health(): CameraHealth {
    return this.#parts.camera.health();
  }

  /** What runs now. */
  get stream(): VideoStream | undefined {
    return this.#take?.stream;
  }

  /** Films this visit until `cut`. A picture that the owner looked at before ends: a visit has a key of its own. */
  film(visit: string): void {
    if (this.#visit === visit) return;
    this.#visit = visit;
    this.#told = 'nothing';
    this.#begin();
  }

  cut(visit: string): void {
    if (this.#visit !== visit) return;
    this.#visit = undefined;
    this.#begin();
  }

  /** The owner looks until then, monotonic ms, outside a visit. During one the picture is the visit's. */
  look(untilMs: number): void {
    this.#lookUntilMs = Math.max(this.#lookUntilMs, untilMs);
    if (this.#take === undefined) this.#begin();
  }

  /** Keeps the camera running for single pictures, which are nobody's stream. @returns lets it go */
  hold(): () => void {
    this.#holds += 1;
    this.#parts.camera.start();
    return () => {
      this.#holds -= 1;
      if (this.#take === undefined) this.#rest();
    };
  }

  /** @throws Fault as `Camera.snapshot` */
  snapshot(): Promise<Uint8Array> {
    return this.#parts.camera.snapshot();
  }

  acknowledged(ack: Ack): void {
    const take = this.#take;
    if (ack.kind !== 'seen' || take?.stream?.id !== ack.stream) return;
    take.acknowledged(ack.seqs);
  }

  /** @returns SIGHT_OTHER_PICTURE when it is of no picture of the last seconds */
  sighted({ stream, seq, picture }: SightClaims): Verdict<Record<string, never>> {
    const take = this.#take;
    const isSeen = take?.stream?.id === stream && take.sighted(seq, picture);
    return isSeen ? accept({}) : refuse('SIGHT_OTHER_PICTURE');
  }

  /** Is the picture of this visit good enough to unlock at this very moment? */
  mayOpen(visit: string, watched: boolean): boolean {
    if (this.#visit !== visit || this.#take?.visit !== visit || this.#told === 'lost') return false;
    const judged = this.#take.judge();
    return judged.mayOpen && (judged.watched || !watched);
  }

  /** The connection to the relay is there again: it needs the key before it can use a frame. */
  reconnected(): void {
    this.#take?.sendKey();
  }

  async close(): Promise<void> {
    this.#visit = undefined;
    this.#lookUntilMs = Number.NEGATIVE_INFINITY;
    this.#begin();
    for (const off of this.#off) off();
    await this.#ending;
    await this.#parts.camera.stop();
  }

  /** Ends the take that runs and begins the one that is wanted now, if any. */
  #begin(): void {
    const { clock, camera, link, openStream, onBusy, onStarted, onEnded, policy, log, door } = this.#parts;
    this.#cancel?.();
    this.#cancel = undefined;
    const last = this.#take;
    if (last !== undefined) {
      this.#take = undefined;
      this.#ending = Promise.all([this.#ending, last.end()]).then(
        () => undefined,
        () => log.unexpected({ door, where: 'camera' }),
      );
    }
    const visit = this.#visit;
    if (visit === undefined && clock.monotonic() >= this.#lookUntilMs) {
      this.#rest();
      if (last !== undefined) onBusy(false);
      return;
    }
    if (last === undefined) onBusy(true);
    camera.start();
    this.#take = new Take({
      visit,
      clock,
      link,
      open: () => openStream(visit),
      ...(policy === undefined ? {} : { policy }),
      onStarted: (stream) => {
        if (visit !== undefined) onStarted(visit, stream);
      },
      onEnded: (stream, end) => onEnded(visit, stream, end),
      onFailed: (code: FaultCode) => log.camera({ door, code }),
    });
    this.#judge();
  }

  #rest(): void {
    const { camera, log, door } = this.#parts;
    if (this.#holds === 0) void camera.stop().catch(() => log.unexpected({ door, where: 'camera' }));
  }

  #judge(): void {
    const { clock, onLive, onLost } = this.#parts;
    this.#cancel = clock.after(judgeEveryMs, () => this.#judge());
    const take = this.#take;
    if (take === undefined) return;
    const visit = this.#visit;
    if (visit === undefined) {
      if (clock.monotonic() >= this.#lookUntilMs) this.#begin();
      return;
    }
    const { live, watched } = take.judge();
    if (live) {
      const now = watched ? 'watched' : 'live';
      if (this.#told === now) return;
      this.#told = now;
      onLive(visit, watched);
    } else if (!live && (this.#told === 'live' || this.#told === 'watched')) {
      this.#told = 'lost';
      onLost(visit);
    }
  }
}
