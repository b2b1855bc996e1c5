/**
 * Who may talk to the lock (0008 to 000B, 001F, 0025, 0027).
 *
 * | message | bytes |
 * |---|---|
 * | Authorization Entry (000A) | `id u32, type u8, name[32], enabled u8, remote u8, created time7, last active time7, lock count u16`, limit: 56 or 75 |
 * | Authorization Data, Invite (000B) | `name[32], type u8, key[32], remote u8`, limit: 86 |
 * | Update (0025) | `id u32, name[32], enabled u8, remote u8`, limit: 58 |
 * | Authorization-ID, Invite (001F) | `id u32, created time7`: 11 |
 * | Remove (0008) | `id u32`: 4 |
 * @see Nuki Smart Lock API V2.3.0, "Authorization commands"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import type { AccessTimes, LockUser } from '../administration.ts';
import { FieldReader, flag, given, join, text, toEpochS, u8, u32 } from './fields.ts';
import { encodeLimit, readLimit } from './limit.ts';

/** Most bytes of a name. */
export const userNameBytes = 32;
const headBytes = 55;

const kinds = ['app', 'bridge', 'fob', 'keypad'] as const;

/** An entry, whoever's it is. */
export type Authorization = Omit<LockUser, 'isHub'>;

/** Reads 56 or 75 bytes, or more. Never throws. @returns NUKI_FRAME_BAD when it is too short */
export function decodeAuthorization(payload: Uint8Array): Verdict<Authorization> {
  const bad = refuse('NUKI_FRAME_BAD', { reason: 'authorization' });
  const field = new FieldReader(payload);
  if (!field.has(headBytes)) return bad;
  const id = field.u32();
  const kind = kinds[field.u8()] ?? 'other';
  const [name, enabled, mayActFromAfar] = [field.text(userNameBytes), field.flag(), field.flag()];
  const [createdS, lastUsedS] = [toEpochS(field.time()), toEpochS(field.time())];
  const uses = field.u16();
  const limit = readLimit(field);
  if (limit === undefined) return bad;
  const dates = { ...given('createdS', createdS), ...given('lastUsedS', lastUsedS) };
  return accept({ id, kind, name, enabled, mayActFromAfar, ...dates, uses, ...limit });
}

/** What an invited phone or fob is to be. */
export interface UserAsked {
  readonly name: string;
  readonly kind: 'app' | 'fob';
  readonly mayActFromAfar: boolean;
  readonly times?: AccessTimes;
}

/** @param key  32 random bytes, which the invited one seals with @returns the body of an invitation, 86 bytes */
export const encodeInvite = ({ name, kind, mayActFromAfar, times }: UserAsked, key: Uint8Array): Uint8Array =>
  join(text(name, userNameBytes), u8(kinds.indexOf(kind)), key, flag(mayActFromAfar), encodeLimit(times));

/** @returns the body of Update Authorization Entry, 58 bytes */
export const encodeUpdateUser = (id: number, enabled: boolean, asked: Omit<UserAsked, 'kind'>): Uint8Array =>
  join(u32(id), text(asked.name, userNameBytes), flag(enabled), flag(asked.mayActFromAfar), encodeLimit(asked.times));

/** @returns the body of Remove Authorization Entry, 4 bytes */
export const encodeRemoveUser = (id: number): Uint8Array => u32(id);

/** Never throws. @returns the id of the entry that was made; NUKI_FRAME_BAD when it is too short */
export function decodeInvited(payload: Uint8Array): Verdict<number> {
  const field = new FieldReader(payload);
  return field.has(4) ? accept(field.u32()) : refuse('NUKI_FRAME_BAD', { reason: 'invited authorization' });
}
