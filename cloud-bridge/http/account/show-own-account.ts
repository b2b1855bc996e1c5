import * as v from 'valibot';
import { Hash, Millis } from '../../../wire/shapes.ts';
import { showAccount } from '../../account/manage.ts';
import { orProblem } from '../answer.ts';
import type { App } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type AccountHttpParts, deviceOf } from './device.ts';

const AccountView = v.strictObject({
  passkeys: v.array(
    v.strictObject({
      id: v.string(),
      createdAt: Millis,
      usedAt: Millis,
      transports: v.array(v.string()),
      current: v.pipe(v.boolean(), v.description('This device has logged in with it.')),
    }),
  ),
  sessions: v.array(
    v.strictObject({
      device: v.pipe(Hash, v.description('Thumbprint of the key of the device, as in the owner list.')),
      createdAt: Millis,
      seenAt: v.pipe(Millis, v.description('Within ten minutes.')),
      passkey: v.string(),
      current: v.pipe(v.boolean(), v.description('This device.')),
    }),
  ),
});

/** GET /v1/account: passkeys, and devices that are logged in. */
export function showOwnAccount(app: App, parts: AccountHttpParts): void {
  const schema = {
    summary: 'Passkeys of the account, and devices that are logged in.',
    security: [{ dpop: [] }],
    response: { 200: AccountView, default: Problem },
  };
  app.get('/v1/account', { schema }, async (request) => orProblem(await showAccount(parts, deviceOf(request))));
}
