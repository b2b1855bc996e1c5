import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const HubStatus = v.pipe(
  v.record(v.string(), v.unknown()),
  v.description('As the hub says it now: its doors, its clock, and the nonce that a clock reset has to answer.'),
);

/** GET /v1/homes/:home/hub: asks the hub how it stands. */
export function showHub(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Ask the hub how it stands.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: { 200: HubStatus, default: Problem },
  };
  app.get('/v1/homes/:home/hub', { schema }, async (request) =>
    orProblem(await parts.line.ask(ownerOf(request).hub.id, { op: 'hub.status' })),
  );
}
