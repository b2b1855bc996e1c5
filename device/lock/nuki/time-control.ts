/**
 * What the lock does by itself at set times (0039 to 003F).
 *
 * | message | bytes |
 * |---|---|
 * | Add (0039) | `weekdays u8, time hm, action u8`: 4 |
 * | Entry ID (003A), Remove (003B) | `id u8`: 1 |
 * | Entry Count (003D) | `count u8`: 1 |
 * | Entry (003E), Update (003F) | `id u8, enabled u8, weekdays u8, time hm, action u8`: 6 |
 * @see Nuki Smart Lock API V2.3.0, "Time control commands"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { FieldReader, flag, join, minute, u8 } from './fields.ts';
import { decodeDays, encodeDays } from './limit.ts';

/** What happens when. */
export interface TimeControl {
  /** 0 Monday to 6 Sunday; empty: every day. */
  readonly weekdays: readonly number[];
  /** Since midnight, 0..1439. */
  readonly atMinute: number;
  /** As `action` numbers it. */
  readonly action: number;
}

/** As the lock keeps it. */
export interface TimeControlEntry extends TimeControl {
  readonly id: number;
  readonly enabled: boolean;
}

/** Reads 6 bytes, or more. Never throws. @returns NUKI_FRAME_BAD when it is too short */
export function decodeTimeControl(payload: Uint8Array): Verdict<TimeControlEntry> {
  const field = new FieldReader(payload);
  if (!field.has(6)) return refuse('NUKI_FRAME_BAD', { reason: 'time control' });
  const [id, enabled, weekdays] = [field.u8(), field.flag(), decodeDays(field.u8())];
  return accept({ id, enabled, weekdays, atMinute: field.minute(), action: field.u8() });
}

/** @returns the body of Add Time Control Entry, 4 bytes */
export const encodeAddTimeControl = ({ weekdays, atMinute, action }: TimeControl): Uint8Array =>
  join(u8(encodeDays(weekdays)), minute(atMinute), u8(action));

/** @returns the body of Update Time Control Entry, 6 bytes */
export const encodeUpdateTimeControl = ({ id, enabled, ...rest }: TimeControlEntry): Uint8Array =>
  join(u8(id), flag(enabled), encodeAddTimeControl(rest));

/** @returns the body of Remove Time Control Entry, 1 byte */
export const encodeRemoveTimeControl = (id: number): Uint8Array => u8(id);

/** Reads a Time Control Entry ID, or an Entry Count. Never throws. @returns NUKI_FRAME_BAD for nothing */
export function decodeTimeControlNumber(payload: Uint8Array): Verdict<number> {
  const [number] = payload;
  return number === undefined ? refuse('NUKI_FRAME_BAD', { reason: 'time control' }) : accept(number);
}
