/** Makes a task link for a courier. A delivery has one that lives: a new one kills the old one and ends its grant. */
import { randomBytes } from 'node:crypto';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver } from '../delivery/progress.ts';
import { revokeGrantOf } from '../delivery/revoke.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/**
 * Call `mailbox.bring(delivery.hub)` after the commit.
 * @param courier  as the carrier names them: kept as a hash, to count wrong codes over all their devices
 * @returns the token, which is stored as a hash only; DELIVERY_ENDED when the delivery is over
 */
export async function makeTaskLink(
  parts: Pick<Parts, 'signer' | 'now'>,
  tables: Tables,
  delivery: Row<'delivery'>,
  courier?: string,
): Promise<Verdict<{ token: string }>> {
  if (isOver(delivery.state)) return refuse('DELIVERY_ENDED');
  const older = await tables.tasks.living(delivery.id);
  if (older !== undefined) {
    await revokeGrantOf(parts, tables, older.token);
    await tables.tasks.kill(older.token);
    if (delivery.state !== 'announced') await changeDelivery(tables, delivery, { state: 'announced' }, parts.now());
  }
  const token = randomBytes(32).toString('base64url');
  await tables.tasks.add({
    token: hashOf(token),
    delivery: delivery.id,
    state: 'open',
    jkt: null,
    created_at: parts.now(),
    courier: courier === undefined ? null : hashOf(['courier', delivery.carrier, courier].join('\n')),
  });
  return accept({ token });
}
