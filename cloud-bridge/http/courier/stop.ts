/** The stop of a task: how it stands, and what the courier's device does there. */
import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { Jws } from '../../../wire/shapes.ts';
import { StopView, stopActForm } from '../../../wire/stop.ts';
import { TaskToken } from '../../../wire/task.ts';
import { actAtStop } from '../../stop/act.ts';
import { expectAtDoor } from '../../stop/expect.ts';
import { findStopTask } from '../../stop/find-task.ts';
import { readStanding } from '../../stop/standing.ts';
import { verifyAct } from '../../stop/verify-act.ts';
import { toStopView } from '../../stop/view.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const path = '/v1/tasks/:token/stop';
const security = [{ dpop: [] }];
const params = v.strictObject({ token: TaskToken });

/** GET …/stop. Without acts: it goes as deliveries go that nobody has wished anything for. */
export function showStop(app: App, parts: HttpParts): void {
  const summary = 'How the stop of this task stands. Changes nothing.';
  const schema = { summary, security, params, response: { 200: StopView, default: Problem } };
  app.get(path, { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const { read } = parts.store;
    const { task, delivery } = orProblem(await findStopTask(read, request.params.token, jkt));
    const standing = await readStanding(parts, read, delivery);
    if (standing === undefined) throw new Fault('NOT_FOUND');
    return toStopView(parts, read, standing, task);
  });
}

const Act = v.strictObject({
  act: v.pipe(Jws, v.maxLength(stopActForm.maxBytes)),
  digits: v.optional(
    v.pipe(v.string(), v.regex(/^\d{4,10}$/), v.description('What was typed, for `hand-over`. Kept nowhere.')),
  ),
});

/** POST …/stop/acts: the same act again gets the same answer, so there is no Idempotency-Key here. */
export function actInStop(app: App, parts: HttpParts): void {
  const summary = 'Arrive, ring, name a recipient, hand over, put down or leave: one signed act.';
  const schema = { summary, security, params, body: Act, response: { 200: StopView, default: Problem } };
  app.post(`${path}/acts`, { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const { act: text, digits } = request.body;
    orProblem(await findStopTask(parts.store.read, request.params.token, jkt));
    const claims = orProblem(await verifyAct(text, jkt));
    const taken = await parts.store.write(async (tables) => {
      const found = orProblem(await findStopTask(tables, request.params.token, jkt));
      return { delivery: found.delivery, ...(await actAtStop(parts, tables, found, { claims, text, digits, jkt })) };
    });
    void expectAtDoor(parts, taken.delivery);
    if (taken.hasEnded) void parts.mailbox.bring(taken.delivery.hub);
    return orProblem(taken.verdict);
  });
}
