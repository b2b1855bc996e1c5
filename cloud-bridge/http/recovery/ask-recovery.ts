import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { recoveryForm } from '../../../wire/recovery.ts';
import { Jws } from '../../../wire/shapes.ts';
import { askRecovery, readRecovery } from '../../recovery/ask.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { bucketsOf } from '../rate.ts';
import { RecoveryAnswer } from './view.ts';

/** Of one hub, by those who have its code: one a minute, twelve at once. Those who have none count against their address. */
const perSecond = 1 / 60;
const burst = 12;

/** POST /v1/recoveries: a device that belongs to nobody yet, with what a printed code has signed. Whoever has no code hears 404. */
export function askForRecovery(app: App, parts: HttpParts): void {
  const asked = bucketsOf(perSecond, burst, () => performance.now());
  const schema = {
    summary: 'Ask for a new owner device with a recovery code. It is added after 24 hours, unless an owner vetoes.',
    body: v.strictObject({ recovery: v.pipe(Jws, v.maxLength(recoveryForm.maxBytes)) }),
    response: { 202: RecoveryAnswer, default: Problem },
  };
  app.post('/v1/recoveries', { schema }, async (request, reply) => {
    const read = orProblem(await readRecovery(parts, request.body.recovery));
    if (!asked.take(read.hub.id)) throw new Fault('RATE_LIMITED');
    return reply.code(202).send(orProblem(await askRecovery(parts, read, request.body.recovery)));
  });
}
