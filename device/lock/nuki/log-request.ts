/**
 * Asking for the log of the lock (0031, 0033, 0034). Its entries are read in `log-entry.ts`.
 *
 * | message | bytes |
 * |---|---|
 * | Request Log Entries (0031) | `start u32, count u16, order u8 (0 ascending, 1 descending), total u8`: 8 |
 * | Log Entry Count (0033) | `logging u8, count u16, sensor u8, sensor logging u8`: 5, and 3 or 4 where there is no sensor to log |
 * | Enable Logging (0034) | `enabled u8`: 1 |
 * @see Nuki Smart Lock API V2.3.0, "Log commands"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { FieldReader, flag, given, join, u8, u16, u32 } from './fields.ts';

/** Which entries. */
export interface LogAsked {
  /** Those after it (`ascending`) or before it, without itself; 0: from the oldest, or from the newest. */
  readonly start: number;
  /** At most so many, 1..65535. */
  readonly count: number;
  readonly order: 'ascending' | 'descending';
}

/** @returns the body of Request Log Entries, 8 bytes; the count comes first in the answer */
export const encodeLogRequest = ({ start, count, order }: LogAsked): Uint8Array =>
  join(u32(start), u16(count), u8(order === 'ascending' ? 0 : 1), flag(true));

/** @returns the body of Enable Logging, 1 byte */
export const encodeEnableLog = (isOn: boolean): Uint8Array => flag(isOn);

export interface LogCount {
  readonly isLogging: boolean;
  /** Entries that the lock keeps. */
  readonly count: number;
  /** Undefined where the lock does not say. */
  readonly hasSensor?: boolean;
  readonly isLoggingSensor?: boolean;
}

/** Reads 3 to 5 bytes, or more. Never throws. @returns NUKI_FRAME_BAD when it is too short */
export function decodeLogCount(payload: Uint8Array): Verdict<LogCount> {
  const field = new FieldReader(payload);
  if (!field.has(3)) return refuse('NUKI_FRAME_BAD', { reason: 'log count' });
  const [isLogging, count] = [field.flag(), field.u16()];
  const is = (): boolean | undefined => (field.has(1) ? field.flag() : undefined);
  return accept({ isLogging, count, ...given('hasSensor', is()), ...given('isLoggingSensor', is()) });
}
