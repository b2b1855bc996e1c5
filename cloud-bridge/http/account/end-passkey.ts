import * as v from 'valibot';
import { Passkey } from '../../../wire/passkey.ts';
import { removePasskey } from '../../account/manage.ts';
import { orProblem } from '../answer.ts';
import type { App } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type AccountHttpParts, deviceOf } from './device.ts';

/** POST /v1/account/passkey-ends: a passkey of a lost phone goes, and what has logged in with it is logged out. */
export function endPasskey(app: App, parts: AccountHttpParts): void {
  const schema = {
    summary: 'Remove a passkey; never the last one.',
    security: [{ dpop: [] }],
    body: v.strictObject({ passkey: Passkey.entries.id }),
    response: { 200: v.strictObject({ ended: v.number() }), default: Problem },
  };
  app.post('/v1/account/passkey-ends', { schema }, async (request) =>
    orProblem(await removePasskey(parts, deviceOf(request), request.body.passkey)),
  );
}
