/** Makes an invitation: for one guest, one device, and as long as nobody has opened it. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { inviteGuestForS } from '../../wire/guest.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/**
 * @param token  derived from the link's secret by the owner's device; stored as a hash only
 * @returns the guest; BODY_MALFORMED for a token that was used before
 */
export async function inviteGuest(
  parts: Pick<Parts, 'now'>,
  tables: Tables,
  hub: Row<'hub'>,
  token: string,
): Promise<Verdict<Row<'guest'>>> {
  const hash = hashOf(token);
  if ((await tables.guests.byToken(hash)) !== undefined) return refuse('BODY_MALFORMED', { where: 'token' });
  const at = parts.now();
  const guest: Row<'guest'> = {
    id: `guest-${newId()}`,
    home: hub.home,
    hub: hub.id,
    token: hash,
    state: 'open',
    jkt: null,
    proof: null,
    expires_at: at + inviteGuestForS * 1000,
    created_at: at,
    ended_at: null,
  };
  await tables.guests.add(guest);
  return accept(guest);
}
