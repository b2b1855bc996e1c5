/** Takes an assignment for a virtual door: verified like a real one, and no grant is ever signed for it. */
import { verifyAssignment } from '../../wire/assignment.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { toVerifyKey } from '../../wire/jws.ts';
import type { SignJwk } from '../../wire/shapes.ts';
import type { Assigned } from '../delivery/assign.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver } from '../delivery/progress.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** @returns DELIVERY_ENDED, TASK_NOT_CLAIMED or ASSIGNMENT_… when it is refused */
export async function assignInSandbox(
  parts: { readonly now: () => number },
  tables: Tables,
  carrier: Row<'carrier'>,
  delivery: Row<'delivery'>,
  jws: string,
): Promise<Verdict<Assigned>> {
  if (isOver(delivery.state)) return refuse('DELIVERY_ENDED');
  const task = await tables.tasks.living(delivery.id);
  if (!task?.jkt) return refuse('TASK_NOT_CLAIMED');
  const verified = await verifyAssignment(jws, await toVerifyKey(JSON.parse(carrier.jwk) as SignJwk), {
    party: carrier.id,
    hubId: delivery.hub,
    door: delivery.door,
    delivery: delivery.id,
    jkt: task.jkt,
    nowS: Math.max(Math.floor(parts.now() / 1000), delivery.from_s),
  });
  if (!verified.ok) return verified;
  const state = delivery.consent === 'ask' ? 'waiting-for-owner' : 'granted';
  if (delivery.state === 'assigned') await changeDelivery(tables, delivery, { state }, parts.now());
  return accept({ state });
}
