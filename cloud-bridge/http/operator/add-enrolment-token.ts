import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { accept, refuse } from '../../../wire/faults.ts';
import { hashOf } from '../../../wire/jws.ts';
import { Id, Millis } from '../../../wire/shapes.ts';
import { tokenForMs } from '../../enrol/enrol.ts';
import { operatorCaller } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST /v1/homes/:home/enrolment-tokens: a one-time token for the installer. A home with a hub gets none. */
export function addEnrolmentToken(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Make a one-time token that enrols a hub within the hour.',
    security: [{ bearer: [] }],
    params: v.strictObject({ home: Id }),
    body: Empty,
    response: { 201: v.strictObject({ token: Id, expiresAt: Millis }), default: Problem },
  };
  app.post('/v1/homes/:home/enrolment-tokens', { schema }, (request, reply) =>
    answerOnce(parts, operatorCaller, request, reply, async ({ homes, hubs }) => {
      const { home } = request.params;
      if ((await homes.find(home)) === undefined) return refuse('NOT_FOUND');
      if ((await hubs.ofHome(home)) !== undefined) return refuse('ENROLMENT_DONE');
      const token = randomBytes(32).toString('base64url');
      const expiresAt = parts.now() + tokenForMs;
      await homes.addToken({ token: hashOf(token), home, expires_at: expiresAt });
      return accept({ status: 201, body: { token, expiresAt } });
    }),
  );
}
