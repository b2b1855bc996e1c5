import * as v from 'valibot';
import { Hash } from '../../../wire/shapes.ts';
import { endWhich } from '../../account/manage.ts';
import { orProblem } from '../answer.ts';
import type { App } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type AccountHttpParts, deviceOf } from './device.ts';

const Ended = v.strictObject({ ended: v.number() });

/** POST /v1/account/session-ends: this device, the others, all, or one. They are out with their next request. */
export function endSession(app: App, parts: AccountHttpParts): void {
  const schema = {
    summary: 'Log devices out.',
    security: [{ dpop: [] }],
    body: v.strictObject({
      which: v.union([v.picklist(['this', 'others', 'all']), v.strictObject({ device: Hash })]),
    }),
    response: { 200: Ended, default: Problem },
  };
  app.post('/v1/account/session-ends', { schema }, async (request) =>
    orProblem(await endWhich(parts, deviceOf(request), request.body.which)),
  );
}
