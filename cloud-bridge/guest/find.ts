/** Finds a guest by the token of the link. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export const isExpired = ({ state, expires_at }: Row<'guest'>, nowMs: number): boolean =>
  state === 'open' && nowMs >= expires_at;

/** @returns NOT_FOUND for a token that never was; INVITATION_DEAD; GUEST_REVOKED when the owner has ended it */
export async function findGuest(tables: Tables, token: string, nowMs: number): Promise<Verdict<Row<'guest'>>> {
  const guest = await tables.guests.byToken(hashOf(token));
  if (guest === undefined) return refuse('NOT_FOUND');
  if (guest.state === 'ended') return refuse('GUEST_REVOKED');
  return guest.state === 'dead' || isExpired(guest, nowMs) ? refuse('INVITATION_DEAD') : accept(guest);
}

/** A guest's row with the key that it is bound to. */
export type BoundGuest = Row<'guest'> & { readonly jkt: string };

/** As `findGuest`, for the device that it is bound to. @returns also TASK_NOT_CLAIMED, TASK_OTHER_DEVICE */
export async function findOwnGuest(
  tables: Tables,
  token: string,
  jkt: string,
  nowMs: number,
): Promise<Verdict<BoundGuest>> {
  const found = await findGuest(tables, token, nowMs);
  if (!found.ok) return found;
  if (found.value.jkt === null) return refuse('TASK_NOT_CLAIMED');
  return found.value.jkt === jkt ? accept({ ...found.value, jkt }) : refuse('TASK_OTHER_DEVICE');
}
