import * as v from 'valibot';
import { TaskToken } from '../../../wire/task.ts';
import { VisitView } from '../../../wire/visit-view.ts';
import { prepareVisit } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import type { LinkRoutes } from './link-routes.ts';
import { OfDoor } from './of-door.ts';

/** POST …/:token/prepare: shows the grant to the hub, which answers with the nonce to arrive with. */
export function prepare(app: App, parts: HttpParts, { path, own }: LinkRoutes): void {
  const schema = {
    summary: 'Begin a visit.',
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    body: OfDoor,
    response: { 200: VisitView, default: Problem },
  };
  app.post(`${path}/:token/prepare`, { schema }, async (request) =>
    orProblem(await prepareVisit(parts, { ...(await own(parts, request, request.params.token)), ...request.body })),
  );
}
