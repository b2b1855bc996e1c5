import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { toRecoveryView } from '../../recovery/ask.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { RecoveryAnswer } from './view.ts';

/** GET /v1/recoveries/:recovery: how it stands, for the device that asked; its id is 128 random bits that only it and the owners know. */
export function showRecovery(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'How a recovery stands.',
    params: v.strictObject({ recovery: Id }),
    response: { 200: RecoveryAnswer, default: Problem },
  };
  app.get('/v1/recoveries/:recovery', { schema }, async (request) => {
    const row = await parts.store.read.recoveries.find(request.params.recovery);
    if (row === undefined) throw new Fault('NOT_FOUND');
    return toRecoveryView(row);
  });
}
