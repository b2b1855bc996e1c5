/** What the lock says of its own make: read seldom, and again when the lock says that it was changed. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import { command } from './command.ts';
import { type Config, decodeConfig, hasKeypad, identityOf } from './config.ts';
import type { Guarded } from './guarded.ts';
import type { States } from './states.ts';
import type { NukiTiming } from './timing.ts';

export interface ProfileOptions {
  readonly guarded: Guarded;
  readonly clock: Clock;
  readonly timing: NukiTiming;
}

export class Profile {
  readonly #options: ProfileOptions;
  #config: Config | undefined;
  #triedAtMs: number | undefined;
  /** `configCount` of the states that it belongs to. */
  #count: number | undefined;

  constructor(options: ProfileOptions) {
    this.#options = options;
  }

  /** Model, firmware, and what is paired with the lock; undefined before it was read. */
  identity(states: States | undefined): string | undefined {
    if (this.#config === undefined) return undefined;
    const keypad = hasKeypad(this.#config) ? ', with keypad' : '';
    const sensor = states?.sensor !== undefined && states.sensor !== 'none' ? ', with door sensor' : '';
    return `${identityOf(this.#config)}${keypad}${sensor}`;
  }

  /** Reads it when it was not read for an hour, or was changed meanwhile. Never throws: a later question tries again. */
  async refresh({ configCount }: States): Promise<void> {
    const { clock, timing } = this.#options;
    const sinceMs = this.#triedAtMs === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() - this.#triedAtMs;
    const isDue = sinceMs >= (this.#config === undefined ? timing.pollMs : timing.configMs);
    const isChanged = this.#count !== undefined && this.#count !== configCount;
    if (!isDue && !isChanged) return;
    this.#count = configCount;
    await this.#read().catch(() => undefined);
  }

  /** What is not known to be there is looked for once more. @throws Fault as `Guarded` */
  async hasKeypad(): Promise<boolean> {
    return (this.#config !== undefined && hasKeypad(this.#config)) || hasKeypad(await this.#read());
  }

  async #read(): Promise<Config> {
    const { guarded, clock } = this.#options;
    this.#triedAtMs = clock.monotonic();
    const order = { command: command.requestConfig, body: new Uint8Array(0), needs: 'challenge' } as const;
    const read = decodeConfig(await guarded.ask(order, command.config));
    if (!read.ok) throw new Fault('LOCK_REFUSED', { why: read.code });
    this.#config = read.value;
    return read.value;
  }
}
