/** Finds the stop of a task's device: of a link that died with its attempt too, so that its courier sees how it ended. */
import { accept, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { findOwnTask } from '../task/find.ts';

export interface StopTask {
  readonly task: Row<'task'>;
  /** With the attempt that is meant: of a dead link its last one. */
  readonly delivery: Row<'delivery'>;
  readonly isDead: boolean;
}

/** @returns NOT_FOUND, TASK_NOT_CLAIMED, TASK_OTHER_DEVICE; TASK_LINK_DEAD or DELIVERY_ENDED for one that died otherwise */
export async function findStopTask(tables: Tables, token: string, jkt: string): Promise<Verdict<StopTask>> {
  const found = await findOwnTask(tables, token, jkt);
  if (found.ok) return accept({ ...found.value, isDead: false });
  if (found.code !== 'TASK_LINK_DEAD' && found.code !== 'DELIVERY_ENDED') return found;
  const task = await tables.tasks.find(hashOf(token));
  const delivery = task?.jkt === jkt ? await tables.deliveries.find(task.delivery) : undefined;
  if (task === undefined || delivery === undefined) return found;
  const attempts = await tables.attempts.ofDelivery(delivery.id);
  const own = attempts.findLast((one) => one.jkt === jkt && one.state === 'closed');
  if (own === undefined) return found;
  return accept({ task, delivery: { ...delivery, attempt: own.number }, isDead: true });
}
