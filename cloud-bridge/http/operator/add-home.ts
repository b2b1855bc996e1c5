import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { newId } from '../../../wire/jws.ts';
import { Id } from '../../../wire/shapes.ts';
import { operatorCaller } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST /v1/homes: makes a home. It has no name and no address here. */
export function addHome(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Make a home.',
    security: [{ bearer: [] }],
    body: Empty,
    response: { 201: v.strictObject({ home: Id }), default: Problem },
  };
  app.post('/v1/homes', { schema }, (request, reply) =>
    answerOnce(parts, operatorCaller, request, reply, async ({ homes }) => {
      const home = newId();
      await homes.add({ id: home, created_at: parts.now() });
      return accept({ status: 201, body: { home } });
    }),
  );
}
