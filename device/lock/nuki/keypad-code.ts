/**
 * Codes of the keypad (0041 to 0047). Digits go out, and are never kept when they come back.
 *
 * | message | bytes |
 * |---|---|
 * | Keypad Code (0045) | `id u16, code u32, name[20], enabled u8, created time7, last active time7, lock count u16`, limit: 44 or 63 |
 * | Add (0041) | `code u32, name[20]`, limit: 44 |
 * | Update (0046) | `id u16, code u32, name[20], enabled u8`, limit: 47 |
 * | Code ID (0042) | `id u16, created time7`: 9 |
 * @see Nuki Smart Lock API V2.3.0, "Keypad commands"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import type { AccessTimes, LockCode } from '../administration.ts';
import { FieldReader, flag, given, join, text, toEpochS, u16, u32 } from './fields.ts';
import { encodeLimit, readLimit } from './limit.ts';

/** Most bytes of a name. */
export const codeNameBytes = 20;
const headBytes = 43;

/** What a code is to be. */
export interface CodeAsked {
  /** As `isCode` demands. */
  readonly digits: string;
  readonly name: string;
  readonly times?: AccessTimes;
}

/** Whether a keypad takes these digits: six of 1 to 9, not beginning with 12. */
export const isCode = (digits: string): boolean => /^(?!12)[1-9]{6}$/.test(digits);

/** Reads 44 or 63 bytes, or more. Never throws, keeps no digits. @returns NUKI_FRAME_BAD when it is too short */
export function decodeKeypadCode(payload: Uint8Array): Verdict<LockCode> {
  const bad = refuse('NUKI_FRAME_BAD', { reason: 'keypad code' });
  const field = new FieldReader(payload);
  if (!field.has(headBytes)) return bad;
  const id = field.u16();
  field.bytes(4);
  const [name, enabled] = [field.text(codeNameBytes), field.flag()];
  const [createdS, lastUsedS] = [toEpochS(field.time()), toEpochS(field.time())];
  const uses = field.u16();
  const limit = readLimit(field);
  if (limit === undefined) return bad;
  return accept({
    id,
    name,
    enabled,
    ...given('createdS', createdS),
    ...given('lastUsedS', lastUsedS),
    uses,
    ...limit,
  });
}

/** @returns the body of Add Keypad Code, 44 bytes */
export const encodeAddCode = ({ digits, name, times }: CodeAsked): Uint8Array =>
  join(u32(Number(digits)), text(name, codeNameBytes), encodeLimit(times));

/** @returns the body of Update Keypad Code, 47 bytes */
export const encodeUpdateCode = (id: number, enabled: boolean, { digits, name, times }: CodeAsked): Uint8Array =>
  join(u16(id), u32(Number(digits)), text(name, codeNameBytes), flag(enabled), encodeLimit(times));

/** @returns the body of Remove Keypad Code, 2 bytes */
export const encodeRemoveCode = (id: number): Uint8Array => u16(id);

/** Never throws. @returns the id of the code that was added; NUKI_FRAME_BAD when it is too short */
export function decodeCodeId(payload: Uint8Array): Verdict<number> {
  const field = new FieldReader(payload);
  return field.has(2) ? accept(field.u16()) : refuse('NUKI_FRAME_BAD', { reason: 'keypad code id' });
}
