import * as v from 'valibot';
import { TaskToken } from '../../../wire/task.ts';
import { claimTask } from '../../task/claim.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST /v1/tasks/:token/claim: binds the link to the device that proves its key. Another device kills the link. */
export function claimLink(app: App, parts: HttpParts): void {
  const schema = {
    summary: "Bind a task link to this device. The digits are for the courier's dispatch.",
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    body: Empty,
    response: { 200: v.strictObject({ state: v.literal('claimed'), check: v.string() }), default: Problem },
  };
  app.post('/v1/tasks/:token/claim', { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const { token } = request.params;
    const { verdict, told } = await parts.store.write((tables) => claimTask(parts, tables, token, jkt));
    if (told !== undefined) void parts.mailbox.bring(told);
    return orProblem(verdict);
  });
}
