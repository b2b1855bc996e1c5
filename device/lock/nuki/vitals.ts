/** How the lock itself is: its batteries, its door sensor, and what has become worse since the report before. */
import type { FaultCode } from '../../../wire/faults.ts';
import type { LockHealth } from '../lock.ts';
import { given } from './fields.ts';
import type { States } from './states.ts';

export type VitalEvent =
  | { readonly on: 'tamper'; readonly tampered: boolean }
  /** Once each time that it becomes so. */
  | { readonly on: 'battery.low'; readonly of: 'lock' | 'keypad' | 'door-sensor'; readonly percent?: number }
  /** The configuration names a door sensor that the lock does not have; or now it has. */
  | { readonly on: 'sensor.missing'; readonly code: FaultCode }
  | { readonly on: 'sensor.found' };

/** What two reports in a row tell. @param expectsSensor  a door sensor is configured */
export function eventsBetween(before: States | undefined, now: States, expectsSensor: boolean): readonly VitalEvent[] {
  const events: VitalEvent[] = [];
  const isTampered = now.sensor === 'tampered';
  if (isTampered !== (before?.sensor === 'tampered')) events.push({ on: 'tamper', tampered: isTampered });
  const lows = { lock: isLow, keypad: isKeypadLow, 'door-sensor': isSensorLow } as const;
  for (const of of ['lock', 'keypad', 'door-sensor'] as const) {
    const isNew = lows[of](now) && !(before !== undefined && lows[of](before));
    if (isNew) events.push({ on: 'battery.low', of, ...(of === 'lock' ? given('percent', percentOf(now)) : {}) });
  }
  const lacks = (states: States): boolean => expectsSensor && states.sensor === 'none';
  const lacked = before !== undefined && lacks(before);
  if (lacks(now) && !lacked) events.push({ on: 'sensor.missing', code: 'LOCK_CAPABILITY_MISSING' });
  if (!lacks(now) && lacked) events.push({ on: 'sensor.found' });
  return events;
}

const isLow = ({ battery }: States): boolean => battery.critical;
const isKeypadLow = ({ keypadBatteryCritical }: States): boolean => keypadBatteryCritical === true;
const isSensorLow = ({ sensorBatteryCritical }: States): boolean => sensorBatteryCritical === true;

/** Old firmware says 0 for what it does not measure, and means it only when it calls the battery critical. */
const percentOf = ({ battery }: States): number | undefined =>
  battery.percent === 0 && !battery.critical ? undefined : battery.percent;

/** The part of a lock's health that its states tell. */
export function vitalsOf(states: States): Partial<LockHealth> {
  const { battery, sensor, keypadBatteryCritical, sensorBatteryCritical } = states;
  return {
    ...given('batteryPercent', percentOf(states)),
    batteryCritical: battery.critical,
    charging: battery.charging,
    ...given('keypadBatteryCritical', keypadBatteryCritical),
    ...given('sensorBatteryCritical', sensorBatteryCritical),
    ...given('tampered', sensor === undefined ? undefined : sensor === 'tampered'),
  };
}

/** What an entry of the log would be about is another than it was. */
export const isNews = (before: States | undefined, now: States): boolean =>
  before === undefined ||
  before.motor !== now.motor ||
  before.sensor !== now.sensor ||
  before.lastAction !== now.lastAction ||
  before.lastTrigger !== now.lastTrigger ||
  before.lastCompletion !== now.lastCompletion ||
  before.configCount !== now.configCount;
