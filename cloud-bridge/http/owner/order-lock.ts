import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { lockAnswerForm, lockOrderForm } from '../../../wire/lock-order.ts';
import { maxAssertionChars, splitAsserted } from '../../../wire/passkey.ts';
import { Id, Jws, MaybeAsserted } from '../../../wire/shapes.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** How long the hub may take, ms: a lock that is asked over the air, page by page. Below what a hub takes as an expiry. */
const withinMs = 60_000;

const Order = v.strictObject({
  order: v.pipe(
    MaybeAsserted,
    v.maxLength(lockOrderForm.maxBytes + 1 + maxAssertionChars),
    v.check((text) => splitAsserted(text).jws.length <= lockOrderForm.maxBytes, 'size'),
    v.description(
      `A ${lockOrderForm.typ} that an owner device has signed: door, act and expiry; digits and names sealed for the hub.`,
    ),
  ),
});
const Answered = v.strictObject({
  answer: v.pipe(
    Jws,
    v.maxLength(lockAnswerForm.maxBytes),
    v.description(`A ${lockAnswerForm.typ} of the hub, sealed for the device that signed the order.`),
  ),
});

/** POST /v1/homes/:home/locks/orders: carried to the hub and back, and nothing of it kept. The same order again gets the hub's same answer. */
export function orderLock(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Order something at a lock that keeps codes and users of its own: list, add or remove them.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    body: Order,
    response: { 200: Answered, default: Problem },
  };
  app.post('/v1/homes/:home/locks/orders', { schema }, async (request) => {
    const { order } = request.body;
    const asked = await parts.line.ask(ownerOf(request).hub.id, { op: 'lock.order', order }, withinMs);
    const answered = v.safeParse(Answered, orProblem(asked));
    if (!answered.success) throw new Fault('HUB_SILENT', { why: 'the answer does not fit' });
    return answered.output;
  });
}
