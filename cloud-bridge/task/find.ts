/** Finds a task by its token. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import { isOver } from '../delivery/progress.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export interface FoundTask {
  readonly task: Row<'task'>;
  readonly delivery: Row<'delivery'>;
}

/** @returns NOT_FOUND for a token that never was, DELIVERY_ENDED for one that died with its delivery, TASK_LINK_DEAD for one that did alone */
export async function findTask(tables: Tables, token: string): Promise<Verdict<FoundTask>> {
  const task = await tables.tasks.find(hashOf(token));
  const delivery = task && (await tables.deliveries.find(task.delivery));
  if (task === undefined || delivery === undefined) return refuse('NOT_FOUND');
  if (task.state !== 'dead') return accept({ task, delivery });
  return refuse(isOver(delivery.state) ? 'DELIVERY_ENDED' : 'TASK_LINK_DEAD');
}

/** As `findTask`, for the device that it is bound to. @returns also TASK_NOT_CLAIMED, TASK_OTHER_DEVICE */
export async function findOwnTask(tables: Tables, token: string, jkt: string): Promise<Verdict<FoundTask>> {
  const found = await findTask(tables, token);
  if (!found.ok) return found;
  if (found.value.task.jkt === null) return refuse('TASK_NOT_CLAIMED');
  return found.value.task.jkt === jkt ? found : refuse('TASK_OTHER_DEVICE');
}
