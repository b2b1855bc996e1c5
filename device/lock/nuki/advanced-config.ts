/**
 * Advanced Config (0037): how the lock turns, and when it does so by itself. Older firmware ends earlier: 29, 31, 33 bytes are known.
 *
 * | at | field |
 * |---|---|
 * | 0 | `total u16`, then offsets as i16: `unlocked, locked, single locked, unlocked to locked` (degrees) |
 * | 10 to 16 | `lock'n'go u8 (s), single button, double button, detached cylinder, battery type, battery detection, unlatch u8 (s)` |
 * | 17, 19 | `auto lock u16 (s)`, `auto unlock off` |
 * | 20 to 27 | `night mode, night from hm, night until hm, auto lock, auto unlock off, lock at its start` |
 * | 28 to 32 | `auto lock on, auto lock at once (FF: cannot), auto update, motor speed, slow at night` |
 * @see Nuki Smart Lock API V2.3.0, "Advanced Config (0x0037)"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { FieldReader, given } from './fields.ts';

/** What is undefined was not in the layout of this firmware. */
export interface AdvancedConfig {
  readonly totalDegrees: number;
  readonly unlockedOffset: number;
  readonly lockedOffset: number;
  readonly singleLockedOffset: number;
  readonly unlockedToLocked: number;
  readonly lockAndGoS: number;
  /** 0 nothing, 1 intelligent, 2 unlock, 3 lock, 4 unlatch, 5 lock'n'go, 6 show. */
  readonly singleButton: number;
  readonly doubleButton: number;
  readonly detachedCylinder: boolean;
  /** 0 alkaline, 1 accumulators, 2 lithium. */
  readonly batteryType: number;
  readonly detectsBattery: boolean;
  /** How long `open` holds the latch. */
  readonly unlatchS: number;
  readonly autoLockS?: number;
  readonly autoUnlockOff?: boolean;
  readonly night?: Night;
  readonly autoLocks?: boolean;
  /** Undefined as well where it cannot. */
  readonly autoLocksAtOnce?: boolean;
  readonly autoUpdates?: boolean;
  /** 0 standard, 1 fast, 2 gentle. */
  readonly motorSpeed?: number;
  readonly isSlowAtNight?: boolean;
}

export interface Night {
  readonly isOn: boolean;
  /** Minutes since midnight. */
  readonly fromMinute: number;
  readonly untilMinute: number;
  readonly autoLocks: boolean;
  readonly autoUnlockOff: boolean;
  /** Locks when the night begins. */
  readonly locksAtStart: boolean;
}

const oldestBytes = 17;
const cannot = 0xff;

/** Reads 17 bytes and every length beyond. Never throws. @returns NUKI_FRAME_BAD below 17 bytes */
export function decodeAdvancedConfig(payload: Uint8Array): Verdict<AdvancedConfig> {
  const field = new FieldReader(payload);
  if (!field.has(oldestBytes)) return refuse('NUKI_FRAME_BAD', { reason: 'advanced config' });
  const first = {
    totalDegrees: field.u16(),
    unlockedOffset: field.i16(),
    lockedOffset: field.i16(),
    singleLockedOffset: field.i16(),
    unlockedToLocked: field.i16(),
    lockAndGoS: field.u8(),
    singleButton: field.u8(),
    doubleButton: field.u8(),
    detachedCylinder: field.flag(),
    batteryType: field.u8(),
    detectsBattery: field.flag(),
    unlatchS: field.u8(),
  };
  const autoLockS = field.has(2) ? field.u16() : undefined;
  const autoUnlockOff = field.has(1) ? field.flag() : undefined;
  const night = field.has(8) ? readNight(field) : undefined;
  // What is left where the night is cut off is part of it.
  const u8 = (): number | undefined => (night !== undefined && field.has(1) ? field.u8() : undefined);
  const is = (): boolean | undefined => {
    const byte = u8();
    return byte === undefined ? undefined : byte !== 0;
  };
  const [autoLocks, atOnce, autoUpdates, motorSpeed, isSlowAtNight] = [is(), u8(), is(), u8(), is()];
  return accept({
    ...first,
    ...given('autoLockS', autoLockS),
    ...given('autoUnlockOff', autoUnlockOff),
    ...given('night', night),
    ...given('autoLocks', autoLocks),
    ...given('autoLocksAtOnce', atOnce === undefined || atOnce === cannot ? undefined : atOnce !== 0),
    ...given('autoUpdates', autoUpdates),
    ...given('motorSpeed', motorSpeed),
    ...given('isSlowAtNight', isSlowAtNight),
  });
}

const readNight = (field: FieldReader): Night => ({
  isOn: field.flag(),
  fromMinute: field.minute(),
  untilMinute: field.minute(),
  autoLocks: field.flag(),
  autoUnlockOff: field.flag(),
  locksAtStart: field.flag(),
});
