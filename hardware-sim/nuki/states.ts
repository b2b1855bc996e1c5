/** Keyturner States and Battery Report, as long as the model tells them (reference 8, 9). */
import { Fields } from './bytes.ts';
import type { Layout } from './model.ts';

export interface States {
  readonly nukiState: number;
  readonly lockState: number;
  readonly trigger: number;
  readonly nowMs: number;
  readonly timezoneOffsetMin: number;
  readonly batteryPercent: number;
  readonly configUpdates: number;
  readonly lockNGoTimerS: number;
  readonly lastAction: number;
  readonly lastTrigger: number;
  readonly lastCompletion: number;
  readonly doorSensor: number;
  readonly hasKeypad: boolean;
  readonly isCharging: boolean;
  readonly isKeypadLow: boolean;
}

/** Below this the battery is critical. */
const criticalPercent = 20;

/** bit 0 critical, bit 1 charging, bits 2 to 7 half the percentage. */
export const batteryByte = (percent: number, isCharging = false): number =>
  (Math.floor(percent / 2) << 2) | (isCharging ? 2 : 0) | (percent < criticalPercent ? 1 : 0);

export function statesBytes(states: States, layout: Layout): Uint8Array {
  const signalUnsupported = 1;
  const keypad = states.hasKeypad ? 0b0001 | (states.isKeypadLow ? 0b0010 : 0) : 0;
  return new Fields()
    .u8(states.nukiState, states.lockState, states.trigger)
    .time(states.nowMs)
    .u16(states.timezoneOffsetMin)
    .u8(batteryByte(states.batteryPercent, states.isCharging), states.configUpdates, states.lockNGoTimerS)
    .u8(states.lastAction, states.lastTrigger, states.lastCompletion, states.doorSensor)
    .u8(0, keypad | (states.doorSensor === 0 ? 0 : 0b0100))
    .u8(0, signalUnsupported, signalUnsupported, 0, 0, 0)
    .bytes()
    .slice(0, layout.statesBytes);
}

/** Payload of a Battery Report, 17 bytes; a 4-cell pack of about 4.4 to 6.2 V. */
export function batteryBytes(percent: number, lastAction: number): Uint8Array {
  const voltageMv = 4_400 + 18 * percent;
  return new Fields()
    .u16(1_120, voltageMv)
    .u8(batteryByte(percent), lastAction)
    .u16(voltageMv, voltageMv - 420, 360)
    .u8(21)
    .u16(910, 310)
    .bytes();
}
