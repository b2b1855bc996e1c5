/** Binds an invitation to the device that opens it. Until the owner accepts, a second device kills it: one of the two is not the guest's. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { deviceCheck } from '../../wire/task.ts';
import type { Parts } from '../parts.ts';
import type { Tables } from '../store/store.ts';
import { findGuest } from './find.ts';

export interface Claimed {
  readonly state: 'claimed';
  /** Digits that both phones show. */
  readonly check: string;
}

/**
 * @param device  the thumbprint of a key that is proven, and its proof of the link's secret, which only the owner's device can check
 * What it does is to be committed whatever it returns.
 * @returns NOT_FOUND, GUEST_REVOKED, INVITATION_DEAD; TASK_OTHER_DEVICE once another one is accepted
 */
export async function claimInvitation(
  parts: Pick<Parts, 'now'>,
  tables: Tables,
  token: string,
  { jkt, proof }: { readonly jkt: string; readonly proof: string },
): Promise<Verdict<Claimed>> {
  const at = parts.now();
  const found = await findGuest(tables, token, at);
  if (!found.ok) return found;
  const guest = found.value;
  const party = `home:${guest.home}` as const;
  const check = deviceCheck(jkt);
  if (guest.jkt === jkt) return accept({ state: 'claimed', check });
  if (guest.state === 'accepted') return refuse('TASK_OTHER_DEVICE');
  if (guest.jkt === null) {
    await tables.guests.claim(guest.id, { jkt, proof });
    await tables.events.add([{ party, type: 'guest.claimed', data: { guest: guest.id, jkt, check, proof }, at }]);
    return accept({ state: 'claimed', check });
  }
  await tables.guests.change(guest.id, 'dead');
  await tables.events.add([{ party, type: 'guest.dead', data: { guest: guest.id }, at }]);
  return refuse('INVITATION_DEAD');
}
