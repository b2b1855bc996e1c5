/** How a VC0706 answers: its settings, the frame that it holds, command by command. No line, no clock. */
import { baudOf, type Command, codes, reply, type Shrink, type Status, shrinkOf, statuses } from './codec.ts';

/** A stretch of bytes on its way to the hub. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Silence before it, ms. */
  readonly afterMs: number;
  /** Part of a picture, not of a reply. */
  readonly isPicture?: boolean;
}

export interface Answer {
  readonly pieces: readonly Piece[];
  /** From the first piece on the line has this speed: after it has gone out. */
  readonly thenBaud?: number;
}

export interface HeadOptions {
  /** Speed after power-up, until another is stored. */
  readonly baudRate: number;
  /** Takes a picture, a JPEG. @param quality 1..100 */
  readonly shoot: (quality: number, shrink: Shrink) => Uint8Array;
}

const version = 'VC0703 1.00';
const bootLines = [version, 'Ctrl infr exist', 'User-defined sensor', '625', 'Init end'];
const bootLineMs = 80;
/** One frame of the sensor passes before a picture is held. */
const frameMs = 40;
/** Going live again takes its time. */
const resumeMs = 100;
/** The delay in a read command counts these. */
const delayUnitMs = 0.01;
const ratioAtFirst = 0x36;
/** A picture is padded with zeros to a multiple of this. */
const padTo = 4;

const text = (line: string): Uint8Array => new TextEncoder().encode(line);
/** Ratio 0..255 of the camera, higher is smaller, as a JPEG quality. */
const qualityOf = (ratio: number): number => Math.max(5, Math.round(95 - (ratio * 90) / 255));

export class Head {
  readonly #options: HeadOptions;
  /** Settings that outlive a reset: size, ratio, baud. */
  readonly #stored: { size: number; ratio: number; baudRate: number };
  #size = 0x00;
  #ratio = ratioAtFirst;
  #held: Uint8Array | undefined;
  #hangs = false;
  watchesMotion = false;

  constructor(options: HeadOptions) {
    this.#options = options;
    this.#stored = { size: 0x00, ratio: ratioAtFirst, baudRate: options.baudRate };
  }

  get baudRate(): number {
    return this.#stored.baudRate;
  }

  /** Back to what is stored, as after power-up. @returns what it says of itself, unframed */
  boot(): readonly Piece[] {
    this.#size = this.#stored.size;
    this.#ratio = this.#stored.ratio;
    this.#held = undefined;
    this.#hangs = false;
    this.watchesMotion = false;
    return bootLines.map((line) => ({ bytes: text(`${line}\r\n`), afterMs: bootLineMs }));
  }

  /** @returns undefined when it stays silent: another camera is meant, or it hangs */
  answer({ serial, code, data }: Command): Answer | undefined {
    if (serial !== 0) return undefined;
    if (this.#hangs && code !== codes.reset) return undefined;
    switch (code) {
      case codes.version:
        return say(code, statuses.ok, text(version));
      case codes.reset:
        return { pieces: [plain(code), ...this.boot()], thenBaud: this.#stored.baudRate };
      case codes.setBaud:
        return this.#setBaud(data);
      case codes.readData:
        return this.#readData(data);
      case codes.writeData:
        return this.#writeData(data);
      case codes.zoom:
        return this.#zoom(data);
      case codes.control:
        return this.#control(data);
      case codes.pictureLength:
        return this.#length(data);
      case codes.readPicture:
        return this.#read(data);
      case codes.setMotion:
        if (data.length !== 1) return say(code, statuses.wrongLength);
        this.watchesMotion = data[0] === 1;
        return say(code, statuses.ok);
      case codes.motionStatus:
        return say(code, statuses.ok, [this.watchesMotion ? 1 : 0]);
      case codes.powerSave:
        return say(code, data.length === 3 ? statuses.ok : statuses.wrongLength);
      case codes.tvOut:
        return say(code, data.length === 1 ? statuses.ok : statuses.wrongLength);
      default:
        return say(code, statuses.unknown);
    }
  }

  #setBaud(data: Uint8Array): Answer {
    if (data.length !== 3) return say(codes.setBaud, statuses.wrongLength);
    const baudRate = data[0] === 1 ? baudOf(data[1]!, data[2]!) : undefined;
    if (baudRate === undefined) return say(codes.setBaud, statuses.wrongForm);
    return { ...say(codes.setBaud, statuses.ok), thenBaud: baudRate };
  }

  /** `04 COUNT ADDRESS16`: of the stored settings; what else is stored there is nobody's business. */
  #readData(data: Uint8Array): Answer {
    if (data.length !== 4) return say(codes.readData, statuses.wrongLength);
    switch (key(data)) {
      case '04010019':
        return say(codes.readData, statuses.ok, [this.#stored.size]);
      case '0401001a':
        return say(codes.readData, statuses.ok, [this.#stored.ratio]);
      default:
        return say(codes.readData, statuses.wrongForm);
    }
  }

  #writeData(data: Uint8Array): Answer {
    const [, count, , , first, second] = data;
    if (count === undefined || data.length !== 4 + count) return say(codes.writeData, statuses.wrongLength);
    const status = this.#store(key(data.subarray(0, 4)), first!, second);
    return say(codes.writeData, status);
  }

  #store(where: string, first: number, second: number | undefined): Status {
    switch (where) {
      case '01011204':
        this.#ratio = first;
        return statuses.ok;
      case '0401001a':
        this.#stored.ratio = first;
        return statuses.ok;
      case '04010019':
        if (shrinkOf(first) === undefined) return statuses.wrongForm;
        this.#stored.size = first;
        return statuses.ok;
      case '04020008': {
        const baudRate = baudOf(first, second!);
        if (baudRate === undefined) return statuses.wrongForm;
        this.#stored.baudRate = baudRate;
        return statuses.ok;
      }
      default:
        return statuses.wrongForm;
    }
  }

  #zoom(data: Uint8Array): Answer {
    if (data.length !== 1) return say(codes.zoom, statuses.wrongLength);
    if (shrinkOf(data[0]!) === undefined) return say(codes.zoom, statuses.wrongForm);
    this.#size = data[0]!;
    return say(codes.zoom, statuses.ok);
  }

  /** A frame that is held stays, however often another is asked for, until it goes live or steps. */
  #control(data: Uint8Array): Answer {
    const code = codes.control;
    if (data.length !== 1) return say(code, statuses.wrongLength);
    switch (data[0]) {
      case 0:
      case 1:
        this.#held ??= this.#shoot();
        return say(code, statuses.ok, [], frameMs);
      case 2:
        if (!this.#held) return say(code, statuses.notNow);
        this.#held = this.#shoot();
        return say(code, statuses.ok, [], frameMs);
      case 3:
        this.#held = undefined;
        return say(code, statuses.ok, [], resumeMs);
      default:
        return say(code, statuses.wrongForm);
    }
  }

  #shoot(): Uint8Array {
    const jpeg = this.#options.shoot(qualityOf(this.#ratio), shrinkOf(this.#size)!);
    const padded = new Uint8Array(Math.ceil(jpeg.length / padTo) * padTo);
    padded.set(jpeg);
    return padded;
  }

  #length(data: Uint8Array): Answer {
    if (data.length !== 1) return say(codes.pictureLength, statuses.wrongLength);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, this.#held?.length ?? 0);
    return say(codes.pictureLength, statuses.ok, bytes);
  }

  /** `00 CM ADDRESS32 COUNT32 DELAY16`: three pieces, the middle one bare; its only end mark is the third. */
  #read(data: Uint8Array): Answer | undefined {
    const code = codes.readPicture;
    if (data.length !== 12) return say(code, statuses.wrongLength);
    const mode = data[1]!;
    if (mode & 1) {
      // Memory to port without its processor: cameras are said to hang, until they are reset.
      this.#hangs = true;
      return undefined;
    }
    if (data[0] !== 0 || mode !== 0x0a) return say(code, statuses.wrongForm);
    const view = new DataView(data.buffer, data.byteOffset);
    const from = view.getUint32(2);
    const count = view.getUint32(6);
    if (from % padTo !== 0 || count === 0) return say(code, statuses.wrongForm);
    if (!this.#held || from + count > this.#held.length) return say(code, statuses.notNow);
    const picture = this.#held.slice(from, from + count);
    const afterMs = view.getUint16(10) * delayUnitMs;
    return { pieces: [plain(code), { bytes: picture, afterMs, isPicture: true }, { ...plain(code), afterMs }] };
  }
}

const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const plain = (code: number): Piece => ({ bytes: reply(0, code, statuses.ok), afterMs: 0 });

const say = (code: number, status: Status, data: ArrayLike<number> = [], afterMs = 0): Answer => ({
  pieces: [{ bytes: reply(0, code, status, data), afterMs }],
});
