/**
 * Battery Report (0011), 17 bytes: `drain u16 (mWs), voltage u16 (mV), critical state u8, action u8, start voltage u16,
 * lowest voltage u16, distance u16 (degrees), start temperature i8 (°C), most current u16 (mA), resistance u16 (mΩ)`.
 * @see Nuki Smart Lock API V2.3.0, "Battery Report (0x0011)"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { FieldReader } from './fields.ts';
import { type Battery, toBattery } from './states.ts';

/** What the last action took out of the battery. */
export interface BatteryReport {
  readonly drainMws: number;
  readonly voltageMv: number;
  readonly battery: Battery;
  /** As `action` numbers it. */
  readonly action: number;
  readonly startVoltageMv: number;
  readonly lowestVoltageMv: number;
  readonly distanceDegrees: number;
  readonly startTemperatureC: number;
  readonly mostCurrentMa: number;
  readonly resistanceMohm: number;
}

/** Never throws. @returns NUKI_FRAME_BAD below 17 bytes */
export function decodeBatteryReport(payload: Uint8Array): Verdict<BatteryReport> {
  const field = new FieldReader(payload);
  if (!field.has(17)) return refuse('NUKI_FRAME_BAD', { reason: 'battery report' });
  return accept({
    drainMws: field.u16(),
    voltageMv: field.u16(),
    battery: toBattery(field.u8()),
    action: field.u8(),
    startVoltageMv: field.u16(),
    lowestVoltageMv: field.u16(),
    distanceDegrees: field.u16(),
    startTemperatureC: field.i8(),
    mostCurrentMa: field.u16(),
    resistanceMohm: field.u16(),
  });
}
