/** A VC0706 or VC0703 on a serial port as a `Camera`: stills, one at a time. */
import { Fault, type FaultCode, type Verdict } from '../../../wire/faults.ts';
import { maxPictureBytes } from '../../../wire/media.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Link, OpenLink } from '../../link/link.ts';
import { Audience } from '../audience.ts';
import { backOff } from '../back-off.ts';
import type { Camera, CameraHealth, OnCameraEvent, Picture } from '../camera.ts';
import { Rate } from '../rate.ts';
import { commands, isSize, parseLength, parsePicture, type Size } from './codec.ts';
import { Session } from './session.ts';

export interface Vc0706Options {
  readonly openLink: OpenLink;
  readonly clock: Clock;
  readonly size: Size;
  /** 0..255, higher is smaller. */
  readonly compression: number;
  readonly random: () => number;
  readonly onEvent: OnCameraEvent;
}

/** Parts of a picture: large ones, because each costs an answer and a pause. A multiple of 4. */
const partBytes = 8192;
const shots = 2;

const orThrow = <T>(verdict: Verdict<T>): T => {
  if (!verdict.ok) throw new Fault(verdict.code, verdict.detail);
  return verdict.value;
};

class Vc0706Camera implements Camera {
  readonly capabilities = { live: false, seesRepeats: false, codec: 'jpeg' } as const;
  readonly #options: Vc0706Options;
  readonly #pictures = new Audience<Picture>();
  readonly #troubles = new Audience<FaultCode>();
  readonly #backOff: ReturnType<typeof backOff>;
  #rate = new Rate();
  #at: CameraHealth['at'] = 'off';
  #code: FaultCode | undefined;
  #restarts = 0;
  #turn = 0;
  #link: Link | undefined;
  /** The camera, once it is set up; rejects when it cannot be. */
  #ready: Promise<Session> = Promise.reject(new Fault('CAMERA_NOT_LIVE'));
  /** The last still, whatever became of it: they are taken one after another. */
  #last: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> = Promise.resolve();
  #cancelPause: () => void = () => undefined;

  constructor(options: Vc0706Options) {
    this.#options = options;
    this.#backOff = backOff(options.random);
    this.#ready.catch(() => undefined);
  }

  start(): void {
    if (this.#at !== 'off') return;
    this.#turn += 1;
    this.#restarts = 0;
    this.#rate = new Rate();
    this.#backOff.reset();
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#turn += 1;
    this.#at = 'off';
    this.#code = undefined;
    this.#cancelPause();
    this.#ready = Promise.reject(new Fault('CAMERA_NOT_LIVE'));
    this.#ready.catch(() => undefined);
    this.#hangUp();
    await this.#closed;
  }

  onPicture(listener: (picture: Picture) => void): () => void {
    return this.#pictures.join(listener);
  }

  /** It sees no repeats: nothing is ever told. */
  onRaw(): () => void {
    return () => undefined;
  }

  onTrouble(listener: (code: FaultCode) => void): () => void {
    return this.#troubles.join(listener);
  }

  snapshot(): Promise<Uint8Array> {
    const wanted = this.#last.then(() => this.#still());
    this.#last = wanted.catch(() => undefined);
    return wanted;
  }

  health(): CameraHealth {
    return {
      at: this.#at,
      ...(this.#code === undefined ? {} : { code: this.#code }),
      ...this.#rate.look(this.#options.clock.monotonic()),
      restarts: this.#restarts,
    };
  }

  #connect(): void {
    const turn = this.#turn;
    this.#at = 'starting';
    this.#ready = this.#closed.then(() => this.#setUp(turn));
    this.#ready.then(
      () => {
        if (turn !== this.#turn) return;
        this.#at = 'running';
        this.#code = undefined;
        this.#backOff.reset();
      },
      (cause: unknown) => this.#failed(turn, cause),
    );
  }

  async #setUp(turn: number): Promise<Session> {
    const { openLink, clock, size, compression } = this.#options;
    const link = await openLink();
    if (turn !== this.#turn) {
      await link.close();
      throw new Fault('CAMERA_NOT_LIVE');
    }
    this.#link = link;
    link.onClose(() => {
      if (this.#link === link) this.#failed(turn, new Fault('LINK_CLOSED'));
    });
    const session = new Session(link, clock);
    await session.reset();
    await session.ask(commands.version);
    // The size is stored without power and wears its memory out: written only when it differs.
    if (!isSize(await session.ask(commands.readSize), size)) {
      await session.ask(commands.storeSize(size));
      await session.reset();
    }
    await session.ask(commands.setCompression(compression));
    return session;
  }

  async #still(): Promise<Uint8Array> {
    const turn = this.#turn;
    const session = await this.#ready;
    const atMs = this.#options.clock.monotonic();
    try {
      const data = await this.#shoot(session);
      if (turn !== this.#turn) throw new Fault('CAMERA_NOT_LIVE');
      this.#rate.add(atMs, data.length);
      this.#pictures.tell({ codec: 'jpeg', key: true, atMs, data });
      return data;
    } catch (cause) {
      this.#failed(turn, cause);
      throw turn === this.#turn ? cause : new Fault('CAMERA_NOT_LIVE', {}, { cause });
    }
  }

  async #shoot(session: Session): Promise<Uint8Array> {
    for (let shot = 1; ; shot += 1) {
      // A frame that is still frozen from before would be given again.
      await session.ask(commands.resume);
      await session.ask(commands.freeze);
      const length = orThrow(parseLength(await session.ask(commands.length), maxPictureBytes));
      const parts: Uint8Array[] = [];
      for (let from = 0; from < length; from += partBytes) {
        parts.push(await session.read(from, Math.min(partBytes, length - from)));
      }
      await session.ask(commands.resume);
      const picture = parsePicture(Uint8Array.from(Buffer.concat(parts)));
      if (picture.ok || shot === shots) return orThrow(picture);
    }
  }

  /** Hang up, wait, begin again with a reset. */
  #failed(turn: number, cause: unknown): void {
    if (turn !== this.#turn || this.#at === 'failed') return;
    const { code, detail } = cause instanceof Fault ? cause : new Fault('INTERNAL', {}, { cause });
    this.#at = 'failed';
    this.#code = code;
    this.#ready = Promise.reject(new Fault(code, detail));
    this.#ready.catch(() => undefined);
    this.#hangUp();
    this.#cancelPause = this.#options.clock.after(this.#backOff.next(), () => {
      this.#restarts += 1;
      this.#connect();
    });
    this.#options.onEvent({ on: 'trouble', code, detail });
    this.#troubles.tell(code);
  }

  #hangUp(): void {
    const link = this.#link;
    this.#link = undefined;
    if (link !== undefined) this.#closed = link.close().catch(() => undefined);
  }
}

/**
 * A `Camera` for stills over a VC0706.
 *
 * - `snapshot` takes a new picture, 1 to 1.3 s for 320x240 at 115200 baud; those asked for meanwhile follow one after another. Each is
 *   told to `onPicture` too, with the time at which it was asked for.
 * - A part that came short is read again, up to 3 times; a picture that is no whole JPEG is taken once more; then CAMERA_UNREADABLE.
 * - An adapter that is pulled is noticed with the next still at the latest.
 * - After a failure the port is closed, and opened again after 250 ms to 10 s, with a reset.
 * - `start` writes the size into the camera's memory if another is stored there.
 */
export const vc0706Camera = (options: Vc0706Options): Camera => new Vc0706Camera(options);
