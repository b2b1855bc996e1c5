/** What a Nuki tells of itself, as it is now: adverts, states, battery. */
import { type AdvertMode, advertOf, type NukiAdvert } from './advert.ts';
import { nukiStates } from './codes.ts';
import type { NukiCore } from './core.ts';
import type { NukiOptions } from './options.ts';
import { batteryBytes, statesBytes } from './states.ts';

export class Telling {
  readonly #core: NukiCore;
  readonly #options: NukiOptions;
  readonly #flags: { isChanged(): boolean; configUpdates(): number };

  constructor(core: NukiCore, options: NukiOptions, flags: { isChanged(): boolean; configUpdates(): number }) {
    this.#core = core;
    this.#options = options;
    this.#flags = flags;
  }

  advert(): NukiAdvert {
    const { authorizations, faults, layout, nukiId } = this.#core;
    const isFresh = authorizations.all.length === 0;
    const mode: AdvertMode = this.#core.isPairing() ? 'pairing' : isFresh ? 'uninitialised' : 'door';
    const stuck = faults.get('flag-stuck');
    return advertOf(mode, nukiId, stuck ? stuck.at === 1 : this.#flags.isChanged(), layout);
  }

  /** Another one whenever whoever reads the states would learn something. */
  summary(): string {
    const { motor } = this.#core;
    return JSON.stringify([motor.state, motor.trigger, motor.last, this.doorSensor()]);
  }

  /** Payload of Keyturner States. */
  states(): Uint8Array {
    const { motor, faults, layout } = this.#core;
    const { last } = motor;
    return statesBytes(
      {
        nukiState: this.#core.isPairing() ? nukiStates.pairing : nukiStates.door,
        lockState: faults.get('state-stuck')?.at ?? motor.state,
        trigger: motor.trigger,
        nowMs: this.#core.now(),
        timezoneOffsetMin: this.#core.settings().timezoneOffsetMin,
        batteryPercent: this.#batteryPercent(),
        configUpdates: this.#flags.configUpdates(),
        lockNGoTimerS: motor.lockNGoTimerS,
        lastAction: last.action,
        lastTrigger: last.trigger,
        lastCompletion: last.completion,
        doorSensor: this.doorSensor(),
        hasKeypad: this.#options.hasKeypad,
        isCharging: faults.get('battery-low')?.charging ?? false,
        isKeypadLow: faults.get('keypad-battery-low') !== undefined,
      },
      layout,
    );
  }

  /** Payload of a Battery Report. */
  battery(): Uint8Array {
    return batteryBytes(this.#batteryPercent(), this.#core.motor.last.action);
  }

  /** doorSensorState: 0 without one, 2 closed, 3 opened, or that it cannot be read. */
  doorSensor(): number {
    const forced = this.#core.faults.get('door-sensor');
    if (forced) return forced.at;
    if (!this.#options.hasDoorSensor) return 0;
    const { contact } = this.#options.door.truth();
    return contact === 'wire-cut' ? this.#core.layout.sensorUnknown : contact === 'yes' ? 2 : 3;
  }

  #batteryPercent(): number {
    return this.#core.faults.get('battery-low')?.percent ?? this.#options.batteryPercent;
  }
}
