/** Keyturner States: how the lock describes itself, in the layouts of all its generations. */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import type { BoltState, ContactState } from '../lock.ts';
import { action, type Completion, type Trigger, toCompletion, toTrigger } from './command.ts';
import { FieldReader, given, type LockTime } from './fields.ts';

const modes: { readonly [code: number]: LockMode } = { 0: 'uninitialised', 1: 'pairing', 2: 'door', 4: 'maintenance' };
export type LockMode = 'uninitialised' | 'pairing' | 'door' | 'maintenance' | 'unknown';

const motors: { readonly [code: number]: MotorState } = {
  0: 'uncalibrated',
  1: 'locked',
  2: 'unlocking',
  3: 'unlocked',
  4: 'locking',
  5: 'unlatched',
  6: 'unlocked-lock-and-go',
  7: 'unlatching',
  252: 'calibrating',
  253: 'booting',
  254: 'blocked',
};
export type MotorState =
  | 'uncalibrated'
  | 'locked'
  | 'unlocking'
  | 'unlocked'
  | 'locking'
  | 'unlatched'
  | 'unlocked-lock-and-go'
  | 'unlatching'
  | 'calibrating'
  | 'booting'
  | 'blocked'
  | 'undefined';

export type DoorSensor = 'none' | 'closed' | 'open' | 'unknown' | 'tampered';
// Generations 1 and 2 number some of these on their own; no number means two things.
const sensors: { readonly [code: number]: DoorSensor } = {
  0: 'none',
  1: 'none',
  2: 'closed',
  3: 'open',
  240: 'tampered',
};

export interface Battery {
  readonly critical: boolean;
  readonly charging: boolean;
  /** 0..100; 0 as well where the firmware does not tell. */
  readonly percent: number;
}

export const toBattery = (packed: number): Battery => ({
  critical: (packed & 1) !== 0,
  charging: (packed & 2) !== 0,
  percent: Math.min(100, (packed >> 2) * 2),
});

/** What is undefined was not in the layout of this firmware. */
export interface States {
  readonly mode: LockMode;
  readonly motor: MotorState;
  readonly trigger: Trigger;
  readonly time: LockTime;
  /** Of the lock's time zone, minutes. */
  readonly zoneMinutes: number;
  readonly battery: Battery;
  /** Another number than last time: the configuration was changed. */
  readonly configCount: number;
  /** Until the lock locks by itself, s; 0 when it does not. */
  readonly lockAndGoS: number;
  readonly lastAction?: number;
  readonly lastTrigger?: Trigger;
  readonly lastCompletion?: Completion;
  readonly sensor?: DoorSensor;
  readonly nightMode?: boolean;
  /** Undefined where there is no such accessory. */
  readonly keypadBatteryCritical?: boolean;
  readonly sensorBatteryCritical?: boolean;
  readonly remoteAccess?: number;
  /** dBm; undefined where it is not measured. */
  readonly bleRssiDbm?: number;
  readonly wifiRssiDbm?: number;
  readonly wifi?: number;
  readonly mqtt?: number;
  readonly thread?: number;
}

const oldestBytes = 15;

/** Reads 15, 19, 21, 27 bytes, and every length between and beyond. Never throws. @returns NUKI_FRAME_BAD below 15 bytes */
export function decodeStates(payload: Uint8Array): Verdict<States> {
  if (payload.length < oldestBytes) return refuse('NUKI_FRAME_BAD', { reason: 'states' });
  const field = new FieldReader(payload);
  const first = {
    mode: modes[field.u8()] ?? 'unknown',
    motor: motors[field.u8()] ?? 'undefined',
    trigger: toTrigger(field.u8()),
    time: field.time(),
    zoneMinutes: field.i16(),
    battery: toBattery(field.u8()),
    configCount: field.u8(),
    lockAndGoS: field.u8(),
  };
  const u8 = (): number | undefined => (field.has(1) ? field.u8() : undefined);
  const [lastAction, lastTrigger, completion, sensor, night, accessory, remoteAccess] = [
    ...[u8(), u8(), u8(), u8(), u8(), u8(), u8()],
  ];
  const rssi = (): number | undefined => (field.has(1) ? field.i8() : undefined);
  const [ble, wifiRssi] = [rssi(), rssi()];
  const [wifi, mqtt, thread] = [u8(), u8(), u8()];
  return accept({
    ...first,
    ...given('lastAction', lastAction),
    ...given('lastTrigger', lastTrigger === undefined ? undefined : toTrigger(lastTrigger)),
    ...given('lastCompletion', completion === undefined ? undefined : toCompletion(completion)),
    ...given('sensor', sensor === undefined ? undefined : (sensors[sensor] ?? 'unknown')),
    ...given('nightMode', night === undefined ? undefined : night !== 0),
    ...given('keypadBatteryCritical', critical(accessory, 0)),
    ...given('sensorBatteryCritical', critical(accessory, 2)),
    ...given('remoteAccess', remoteAccess),
    ...given('bleRssiDbm', ble !== undefined && ble < 0 ? ble : undefined),
    ...given('wifiRssiDbm', wifiRssi !== undefined && wifiRssi < 0 ? wifiRssi : undefined),
    ...given('wifi', wifi),
    ...given('mqtt', mqtt),
    ...given('thread', thread),
  });
}

/** The bit after `bit` counts only when `bit` says that there is such a thing. */
const critical = (accessory: number | undefined, bit: number): boolean | undefined =>
  accessory === undefined || (accessory & (1 << bit)) === 0 ? undefined : (accessory & (2 << bit)) !== 0;

/** The motor is at work, or about to be: these states do not last. */
export const isMoving = ({ motor }: States): boolean =>
  motor === 'unlocking' || motor === 'locking' || motor === 'unlatching' || motor === 'unlatched';

const bolts: { readonly [M in MotorState]: BoltState } = {
  uncalibrated: 'unknown',
  locked: 'locked',
  unlocking: 'unknown',
  unlocked: 'unlocked',
  locking: 'unknown',
  unlatched: 'open',
  'unlocked-lock-and-go': 'unlocked',
  unlatching: 'open',
  calibrating: 'unknown',
  booting: 'unknown',
  blocked: 'jammed',
  undefined: 'unknown',
};

/**
 * What the report proves of the bolt. A bolt that travels is `unknown`; so is one that locked while the handle was not lifted, since
 * its points are not in the frame; so is everything a lock says that is not in normal operation.
 */
export function boltOf(states: States): BoltState {
  if (states.mode !== 'door' && states.mode !== 'pairing') return 'unknown';
  const { motor, lastAction, lastCompletion } = states;
  const lockedLast = lastAction === action.lock || lastAction === action.fullLock;
  if (motor === 'locked' && lockedLast && lastCompletion === 'handle-not-lifted') return 'unknown';
  return bolts[motor];
}

/** A sensor that was taken off or is not calibrated sees nothing: `unknown`, never `open`. */
export const contactOf = ({ sensor }: States): ContactState =>
  sensor === 'closed' || sensor === 'open' ? sensor : 'unknown';
