import * as v from 'valibot';
import { DoorId, HubId, Jws, MaybeAsserted } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { readyGrant } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownTask } from './own-task.ts';

const GrantView = v.strictObject({
  grant: Jws,
  assignment: Jws,
  approval: v.optional(MaybeAsserted),
  hub: HubId,
  door: DoorId,
});

/** GET /v1/tasks/:token/grant: the grant with what it rests on, once all have signed. */
export function showGrant(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'The grant of this task.',
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    response: { 200: GrantView, default: Problem },
  };
  app.get('/v1/tasks/:token/grant', { schema }, async (request) => {
    const { task, delivery } = await ownTask(parts, request, request.params.token);
    const { text: grant, assignment, approval } = orProblem(await readyGrant(parts, task));
    const { hub, door } = delivery;
    return { grant, assignment, ...(approval === null ? {} : { approval }), hub, door };
  });
}
