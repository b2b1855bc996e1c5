import * as v from 'valibot';
import { Passkey } from '../../../wire/passkey.ts';
import { Answered } from '../../account/credential.ts';
import { logIn } from '../../account/log-in.ts';
import { orProblem } from '../answer.ts';
import type { App } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type AccountHttpParts, deviceOf } from './device.ts';

/** POST /v1/account/log-ins: the challenge, signed by a passkey of the account, opens a session of this device. */
export function logInDevice(app: App, parts: AccountHttpParts): void {
  const schema = {
    summary: 'Log this device in.',
    security: [{ dpop: [] }],
    body: Answered,
    response: { 201: v.strictObject({ passkey: Passkey }), default: Problem },
  };
  app.post('/v1/account/log-ins', { schema }, async (request, reply) =>
    reply.code(201).send({ passkey: orProblem(await logIn(parts, deviceOf(request), request.body)) }),
  );
}
