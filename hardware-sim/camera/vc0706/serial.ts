/** A VC0706 on a pseudo terminal, as fast as its line: hears commands, lets the head answer, sends piece by piece. */
import type { Clock } from '../../clock.ts';
import type { CameraFault } from '../../faults.ts';
import { byteMsAt, lineNowMs, Pace } from '../../line/pace.ts';
import { openPty, type Port } from '../../line/pty.ts';
import type { SimCamera } from '../camera.ts';
import { Damage } from '../damage.ts';
import { Exposures, standing } from '../exposures.ts';
import { makeScene } from '../scene.ts';
import { viewOf } from '../view.ts';
import { CommandReader, codes, reply, type Shrink, statuses } from './codec.ts';
import { type Answer, Head, type Piece } from './head.ts';

export interface SerialOptions {
  readonly camera: SimCamera;
  /** Where the hub finds the port. */
  readonly path: string;
  readonly baudRate: number;
  readonly paced: boolean;
  readonly clock: Clock;
}

/** Faults of the sensor; the others are of the line, or of a stream that a camera of stills does not have. */
const ofTheSensor = new Set<CameraFault['fault']>(['freeze', 'blackout']);

export class SerialCamera {
  readonly #options: SerialOptions;
  readonly #reader = new CommandReader();
  readonly #head: Head;
  readonly #damage: Damage;
  readonly #stopListening: () => void;
  #seen = '';
  #port: Port | undefined;
  #fromHub!: Pace;
  #toHub: Pace | undefined;
  /** Pieces of the answer under way; a command that comes meanwhile is lost. */
  #waiting: Piece[] = [];
  #cancel: (() => void) | undefined;

  /** @throws Fault LINK_OPEN_FAILED, TOOL_MISSING */
  constructor(options: SerialOptions) {
    this.#options = options;
    const { seed } = options.camera.told();
    const scene = makeScene(seed);
    const exposures = new Exposures();
    this.#damage = new Damage(seed);
    this.#head = new Head({
      baudRate: options.baudRate,
      shoot: (quality: number, shrink: Shrink) => {
        const { camera, clock } = options;
        const told = camera.told();
        const faults = told.faults.filter(({ fault }) => ofTheSensor.has(fault));
        const tick = { of: viewOf(told, 0), faults, nowMs: clock.monotonic(), timeMs: clock.now() };
        scene.draw(exposures.tick(tick)!);
        return scene.jpeg(quality, shrink);
      },
    });
    this.#setBaud(options.baudRate);
    this.#plugIn();
    this.#seen = this.#look();
    this.#stopListening = options.camera.onChange(() => this.#changed());
  }

  close(): void {
    this.#stopListening();
    this.#unplug();
  }

  #faults(): readonly CameraFault[] {
    return this.#options.camera.told().faults;
  }

  #look(): string {
    const { leaf, led, courier, parcel } = this.#options.camera.told();
    return [leaf.at, led, courier.at, parcel.at].join();
  }

  #changed(): void {
    const isOut = standing(this.#faults(), 'unplug') !== undefined;
    if (isOut && this.#port) this.#unplug();
    if (!isOut && !this.#port) {
      this.#setBaud(this.#head.baudRate);
      this.#plugIn();
      this.#queue(this.#head.boot());
    }
    const seen = this.#look();
    if (seen === this.#seen) return;
    this.#seen = seen;
    if (this.#head.watchesMotion && this.#port) this.#send({ bytes: reply(0, codes.motionSeen, statuses.ok) });
  }

  #plugIn(): void {
    this.#port = openPty(this.#options.path);
    this.#port.onData((chunk) => this.#fromHub.push(chunk));
  }

  #unplug(): void {
    this.#cancel?.();
    this.#waiting = [];
    this.#reader.reset();
    this.#fromHub.stop();
    this.#toHub?.stop();
    this.#port?.close();
    this.#port = undefined;
  }

  /** From now on; what is on its way goes out at the old speed first. */
  #setBaud(baudRate: number): void {
    const byteMs = this.#options.paced ? byteMsAt(baudRate) : 0;
    const before = this.#toHub;
    const free = (): number => (byteMs === 0 ? 0 : (before?.freeAtMs ?? 0));
    const pace = new Pace({ byteMs, mode: 'bytewise', deliver: (bytes) => this.#port?.write(bytes) });
    if (before && free() > lineNowMs()) pace.push(new Uint8Array(), free());
    this.#toHub = pace;
    this.#fromHub = new Pace({ byteMs, mode: 'whole', deliver: (bytes) => this.#hear(bytes) });
  }

  #hear(bytes: Uint8Array): void {
    if (standing(this.#faults(), 'silent')) return;
    for (const command of this.#reader.push(bytes)) {
      if (this.#waiting.length > 0) continue;
      const answer = this.#head.answer(command);
      if (answer) this.#reply(answer);
    }
  }

  #reply({ pieces, thenBaud }: Answer): void {
    const lateMs = standing(this.#faults(), 'slow')?.lateMs ?? 0;
    const [first, ...rest] = pieces;
    this.#queue([{ ...first!, afterMs: first!.afterMs + lateMs }, ...rest], thenBaud);
  }

  /** Sends piece after piece. @param thenBaud  speed of what comes after the first */
  #queue(pieces: readonly Piece[], thenBaud?: number): void {
    this.#waiting = [...pieces];
    const next = (): void => {
      const [piece] = this.#waiting;
      if (!piece) return;
      const send = (): void => {
        this.#send(piece);
        if (thenBaud !== undefined) this.#setBaud(thenBaud);
        thenBaud = undefined;
        this.#waiting.shift();
        next();
      };
      if (piece.afterMs < 1) send();
      else this.#cancel = this.#options.clock.after(piece.afterMs, send);
    };
    next();
  }

  #send({ bytes, isPicture }: Pick<Piece, 'bytes' | 'isPicture'>): void {
    const faults = this.#faults().filter(({ fault }) => isPicture || fault !== 'corrupt');
    const passed = this.#damage.pass(bytes, faults);
    if (passed.length > 0) this.#toHub?.push(passed);
  }
}
