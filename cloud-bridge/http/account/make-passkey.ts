import * as v from 'valibot';
import { Passkey } from '../../../wire/passkey.ts';
import { Made } from '../../account/credential.ts';
import { addPasskey, register } from '../../account/register.ts';
import { orProblem } from '../answer.ts';
import type { App } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type AccountHttpParts, deviceOf } from './device.ts';

/** POST /v1/account, POST /v1/account/passkeys: an account of its first passkey; a further one for the account of this device. */
export function makePasskey(app: App, parts: AccountHttpParts): void {
  const schema = (summary: string) => ({
    summary,
    security: [{ dpop: [] }],
    body: Made,
    response: { 201: v.strictObject({ passkey: Passkey }), default: Problem },
  });
  app.post('/v1/account', { schema: schema('Make an account and log this device in.') }, async (request, reply) =>
    reply.code(201).send({ passkey: orProblem(await register(parts, deviceOf(request), request.body)) }),
  );
  app.post('/v1/account/passkeys', { schema: schema('Add a passkey to the account.') }, async (request, reply) =>
    reply.code(201).send({ passkey: orProblem(await addPasskey(parts, deviceOf(request), request.body)) }),
  );
}
