/** Binds a task link to the device that claims it. A second device kills the link: one of the two is not the courier's. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { deviceCheck } from '../../wire/task.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver } from '../delivery/progress.ts';
import { revokeGrantOf } from '../delivery/revoke.ts';
import { toCarrier } from '../events/tell.ts';
import type { Parts } from '../parts.ts';
import type { Tables } from '../store/store.ts';
import { type FoundTask, findTask } from './find.ts';

export interface Claimed {
  readonly state: 'claimed';
  readonly check: string;
}

/**
 * Call `mailbox.bring(hub)` after the commit when the link died.
 * @param jkt  thumbprint of the claiming device's key, which it has proven
 * @returns in `verdict`: NOT_FOUND, DELIVERY_ENDED, TASK_LINK_DEAD; `told` is the hub that has to learn that a grant is dead
 */
export async function claimTask(
  parts: Pick<Parts, 'signer' | 'now'>,
  tables: Tables,
  token: string,
  jkt: string,
): Promise<{ verdict: Verdict<Claimed>; told?: string }> {
  const found = await findTask(tables, token);
  return found.ok ? claimFound(parts, tables, found.value, jkt) : { verdict: found };
}

/** The same for a task that was found. */
export async function claimFound(
  parts: Pick<Parts, 'signer' | 'now'>,
  tables: Tables,
  { task, delivery }: FoundTask,
  jkt: string,
): Promise<{ verdict: Verdict<Claimed>; told?: string }> {
  if (isOver(delivery.state)) return { verdict: refuse('DELIVERY_ENDED') };
  const at = parts.now();
  const check = deviceCheck(jkt);
  if (task.jkt === jkt) return { verdict: accept({ state: 'claimed', check }) };
  if (task.jkt === null) {
    await tables.tasks.claim(task.token, jkt);
    await tables.events.add([toCarrier(delivery.carrier, 'task.claimed', { delivery: delivery.id, jkt, check }, at)]);
    await changeDelivery(tables, delivery, { state: 'assigned' }, at);
    return { verdict: accept({ state: 'claimed', check }) };
  }
  await revokeGrantOf(parts, tables, task.token);
  await tables.tasks.kill(task.token);
  await tables.events.add([toCarrier(delivery.carrier, 'task.dead', { delivery: delivery.id }, at)]);
  await changeDelivery(tables, delivery, { state: 'announced' }, at);
  return { verdict: refuse('TASK_LINK_DEAD'), told: delivery.hub };
}
