/** Bytes of a VC0706: commands found in what the hub sends, replies. Its own; nothing is shared with the hub. */

/** `56 SN CODE LEN DATA[LEN]` */
export interface Command {
  /** The camera that is meant. */
  readonly serial: number;
  readonly code: number;
  /** 0..16 bytes. */
  readonly data: Uint8Array;
}

export const codes = {
  version: 0x11,
  setBaud: 0x24,
  reset: 0x26,
  readData: 0x30,
  writeData: 0x31,
  readPicture: 0x32,
  pictureLength: 0x34,
  control: 0x36,
  setMotion: 0x37,
  motionStatus: 0x38,
  motionSeen: 0x39,
  powerSave: 0x3e,
  tvOut: 0x44,
  zoom: 0x54,
} as const;

export const statuses = { ok: 0, unknown: 1, wrongLength: 2, wrongForm: 3, notNow: 4 } as const;
export type Status = (typeof statuses)[keyof typeof statuses];

const commandMark = 0x56;
const replyMark = 0x76;
const headBytes = 4;
const maxData = 16;

/** `76 SN CODE STATUS LEN DATA[LEN]` */
export const reply = (serial: number, code: number, status: Status, data: ArrayLike<number> = []): Uint8Array =>
  Uint8Array.of(replyMark, serial, code, status, data.length, ...Array.from(data));

/** Finds commands; whatever stands before a mark, and a mark with an impossible length, is skipped. */
export class CommandReader {
  #held: number[] = [];

  push(chunk: Uint8Array): Command[] {
    this.#held.push(...chunk);
    const found: Command[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) found.push(next);
    return found;
  }

  reset(): void {
    this.#held = [];
  }

  #next(): Command | undefined {
    for (;;) {
      const at = this.#held.indexOf(commandMark);
      this.#held.splice(0, at < 0 ? this.#held.length : at);
      const [, serial, code, length] = this.#held;
      if (serial === undefined || code === undefined || length === undefined) return undefined;
      if (length > maxData) {
        this.#held.shift();
        continue;
      }
      if (this.#held.length < headBytes + length) return undefined;
      const data = Uint8Array.from(this.#held.splice(0, headBytes + length).slice(headBytes));
      return { serial, code, data };
    }
  }
}

/** Divisors as they go over the wire, and the speeds that they mean. 57600 has two: manuals print it wrong. */
const bauds: Readonly<Record<number, number>> = {
  44744: 9_600,
  22244: 19_200,
  10994: 38_400,
  7196: 57_600,
  7244: 57_600,
  3494: 115_200,
};

/** @returns undefined for a divisor that no camera knows */
export const baudOf = (high: number, low: number): number | undefined => bauds[high * 256 + low];

/** What a picture's sides are divided by. */
export type Shrink = 1 | 2 | 4;
const shrinks: Readonly<Record<number, Shrink>> = { 0: 1, 17: 2, 34: 4 };
export const shrinkOf = (code: number): Shrink | undefined => shrinks[code];
