/** A reader at the door: a light and a buzzer. What is shown ends by itself, whatever the hub does. */
import type { Clock } from '../clock.ts';
import { type Colour, colours, type Light, type Shown } from '../door/light.ts';
import type { Blink, BuzzerRecord, LedRecord } from './codec.ts';

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

export class Reader implements Light {
  readonly #clock: Clock;
  #permanent = dark;
  #temporary: Blink | undefined;
  #cancelLight: () => void = () => undefined;
  #cancelSound: () => void = () => undefined;
  #sounds = 0;
  #sounding = false;
  /** Since when it shows what it shows. */
  #sinceMs: number;
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonic();
  }

  truth(): ReaderTruth {
    const { on, off, onColour, offColour } = this.#temporary ?? this.#permanent;
    const light = colours[on > 0 ? onColour : offColour] ?? 'black';
    return { light, blinks: on > 0 && off > 0, sounds: this.#sounds, sounding: this.#sounding };
  }

  shown(): Shown {
    const { on, off, onColour, offColour } = this.#temporary ?? this.#permanent;
    const [lit, other] = [colours[onColour] ?? 'black', colours[offColour] ?? 'black'];
    if (on === 0 || off === 0) return { colour: on > 0 ? lit : other };
    const forMs = this.#clock.monotonic() - this.#sinceMs;
    return { colour: lit, blinks: { to: other, onMs: on * tickMs, offMs: off * tickMs, forMs } };
  }

  onLight(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
        this.#showsAnother();
      });
    }
    this.#showsAnother();
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
    this.#showsAnother();
  }

  #showsAnother(): void {
    this.#sinceMs = this.#clock.monotonic();
    for (const listener of this.#listeners) listener();
  }
}
