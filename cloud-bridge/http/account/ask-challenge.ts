import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { Hash, Id } from '../../../wire/shapes.ts';
import { makeChallenge, purposes } from '../../account/challenge.ts';
import { orProblem } from '../answer.ts';
import type { App } from '../parts.ts';
import { Problem } from '../problem.ts';
import { bucketsOf } from '../rate.ts';
import { type AccountHttpParts, deviceOf } from './device.ts';

/** Ceremonies that one address may begin: one in two seconds, sixty at once. Keys of devices cost nothing to make. */
const perSecond = 0.5;
const burst = 60;

const Asked = v.strictObject({
  challenge: Hash,
  rp: v.pipe(v.string(), v.description('RP ID: what the passkey is for.')),
  account: v.optional(v.pipe(Id, v.description('User handle to make the passkey with, base64url.'))),
});

/** POST /v1/account/challenges: what a passkey is to sign, for this device, within five minutes, once. */
export function askChallenge(app: App, parts: AccountHttpParts): void {
  const begun = bucketsOf(perSecond, burst, () => performance.now());
  const schema = {
    summary: 'Begin to make an account, to log in, or to add a passkey.',
    security: [{ dpop: [] }],
    body: v.strictObject({ for: v.picklist(purposes) }),
    response: { 200: Asked, default: Problem },
  };
  app.post('/v1/account/challenges', { schema }, async (request) => {
    if (!begun.take(request.ip)) throw new Fault('RATE_LIMITED');
    return orProblem(await makeChallenge(parts, deviceOf(request), request.body.for));
  });
}
