/** A reader at the door: a light and a buzzer. What is shown ends by itself, whatever the hub does. */
import type { Clock } from '../clock.ts';
import type { Blink, BuzzerRecord, LedRecord } from './codec.ts';

const colours = ['black', 'red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white'] as const;
export type Colour = (typeof colours)[number];

/** What somebody before it sees and hears. */
export interface ReaderTruth {
  readonly light: Colour;
  /** On and off by turns. */
  readonly blinks: boolean;
  /** How often the buzzer has been started since the start. */
  readonly sounds: number;
  readonly sounding: boolean;
}

const tickMs = 100;
const dark: Blink = { on: 1, off: 0, onColour: 0, offColour: 0 };
const toneOff = 1;

export class Reader {
  readonly #clock: Clock;
  #permanent = dark;
  #temporary: Blink | undefined;
  #cancelLight: () => void = () => undefined;
  #cancelSound: () => void = () => undefined;
  #sounds = 0;
  #sounding = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  truth(): ReaderTruth {
    const { on, off, onColour, offColour } = this.#temporary ?? this.#permanent;
    const light = colours[on > 0 ? onColour : offColour] ?? 'black';
    return { light, blinks: on > 0 && off > 0, sounds: this.#sounds, sounding: this.#sounding };
  }

  /** Runs one record of LED. */
  light({ temporary, permanent }: LedRecord): void {
    if (permanent.is === 'set') this.#permanent = permanent;
    if (temporary.is !== 'nop') this.#cancelLight();
    if (temporary.is === 'cancel') this.#temporary = undefined;
    if (temporary.is === 'set') {
      this.#temporary = temporary;
      this.#cancelLight = this.#clock.after(temporary.timer * tickMs, () => {
        this.#temporary = undefined;
      });
    }
  }

  /** Runs one record of BUZ. */
  sound({ tone, on, off, count }: BuzzerRecord): void {
    this.#cancelSound();
    this.#sounding = tone > toneOff && on > 0;
    if (!this.#sounding) return;
    this.#sounds += 1;
    if (count === 0) return;
    this.#cancelSound = this.#clock.after(count * (on + off) * tickMs, () => {
      this.#sounding = false;
    });
  }

  losePower(): void {
    this.#cancelLight();
    this.#cancelSound();
    this.#temporary = undefined;
    this.#permanent = dark;
    this.#sounding = false;
  }
}
