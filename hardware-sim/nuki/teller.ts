/** How a Nuki describes itself at this moment, as far as its faults let it. */
import { nukiStates } from './codes.ts';
import type { NukiCore } from './core.ts';
import type { NukiOptions } from './options.ts';
import { batteryBytes, statesBytes } from './states.ts';

export interface TellerOptions extends Pick<NukiOptions, 'door' | 'batteryPercent' | 'hasDoorSensor' | 'hasKeypad'> {
  readonly core: NukiCore;
  /** How often its settings were changed, 0..255. */
  readonly configUpdates: () => number;
}

export class Teller {
  readonly #options: TellerOptions;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** Payload of Keyturner States. */
  states(): Uint8Array {
    const { core, hasKeypad, configUpdates } = this.#options;
    const { motor, faults } = core;
    const { last } = motor;
    return statesBytes(
      {
        nukiState: core.isPairing() ? nukiStates.pairing : nukiStates.door,
        lockState: faults.get('state-stuck')?.at ?? motor.state,
        trigger: motor.trigger,
        nowMs: core.now(),
        timezoneOffsetMin: core.settings().timezoneOffsetMin,
        batteryPercent: this.#batteryPercent(),
        configUpdates: configUpdates(),
        lockNGoTimerS: motor.lockNGoTimerS,
        lastAction: last.action,
        lastTrigger: last.trigger,
        lastCompletion: last.completion,
        doorSensor: this.doorSensor(),
        hasKeypad,
      },
      core.layout,
    );
  }

  /** Payload of a Battery Report. */
  battery(): Uint8Array {
    return batteryBytes(this.#batteryPercent(), this.#options.core.motor.last.action);
  }

  /** doorSensorState: 0 without one, 2 closed, 3 opened, or that it cannot be read. */
  doorSensor(): number {
    const { core, door, hasDoorSensor } = this.#options;
    const forced = core.faults.get('door-sensor');
    if (forced) return forced.at;
    if (!hasDoorSensor) return 0;
    const { contact } = door.truth();
    return contact === 'wire-cut' ? core.layout.sensorUnknown : contact === 'yes' ? 2 : 3;
  }

  /** Another text than before: its states are news. */
  telling(): string {
    const { motor } = this.#options.core;
    return JSON.stringify([motor.state, motor.trigger, motor.last, this.doorSensor()]);
  }

  #batteryPercent(): number {
    const { core, batteryPercent } = this.#options;
    return core.faults.get('battery-low')?.percent ?? batteryPercent;
  }
}
