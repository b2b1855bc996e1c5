import * as v from 'valibot';
import { TaskToken } from '../../../wire/task.ts';
import { findStopTask } from '../../stop/find-task.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import { EvidenceView, toEvidenceView } from '../evidence-view.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/tasks/:token/evidence: the receipt that the visitor keeps; it speaks for the courier as much as for the owner (S071). */
export function ownEvidence(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'What is proven of the attempts of this task, signed.',
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    response: { 200: EvidenceView, default: Problem },
  };
  app.get('/v1/tasks/:token/evidence', { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const { read } = parts.store;
    const { delivery } = orProblem(await findStopTask(read, request.params.token, jkt));
    return toEvidenceView(read, delivery);
  });
}
