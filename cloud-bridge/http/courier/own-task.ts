/** Finds the task of the device that calls. */
import type { FastifyRequest } from 'fastify';
import { findOwnTask } from '../../task/find.ts';
import type { OwnLink } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import type { HttpParts } from '../parts.ts';

/** @throws Fault UNAUTHENTICATED, PROOF_REPLAYED, NOT_FOUND, DELIVERY_ENDED, TASK_LINK_DEAD, TASK_NOT_CLAIMED, TASK_OTHER_DEVICE */
export async function ownTask(parts: HttpParts, request: FastifyRequest, token: string): Promise<OwnLink> {
  const jkt = await proveDevice(parts, request);
  parts.charge(`device:${jkt}`);
  const { task, delivery } = orProblem(await findOwnTask(parts.store.read, token, jkt));
  return { link: task.token, home: delivery.home, without: 'TASK_NOT_READY' };
}
