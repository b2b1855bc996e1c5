import * as v from 'valibot';
import { Hash, Id } from '../../../wire/shapes.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { orProblem } from '../answer.ts';
import { carrierOf } from '../caller.ts';
import { CarrierDelivery, toCarrierDelivery } from '../delivery-view.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

const Shown = v.strictObject({
  ...CarrierDelivery.entries,
  /** The device that has claimed the task link: sign an assignment for it only when the courier tells you these digits. */
  device: v.nullable(v.strictObject({ jkt: Hash, check: v.string() })),
});

/** GET /v1/deliveries/:delivery */
export function showDelivery(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'getDelivery',
    tags: ['carrier'],
    summary: 'How a delivery stands.',
    security: [{ oauth2: ['deliveries:read'] }],
    params: v.strictObject({ delivery: Id }),
    response: { 200: Shown, default: Problem },
  };
  app.get('/v1/deliveries/:delivery', { schema }, async (request) => {
    const { read } = parts.store;
    const delivery = orProblem(await ownDelivery(read, carrierOf(request), request.params.delivery));
    const attempt = await read.attempts.find(delivery.id, delivery.attempt);
    const jkt = (await read.tasks.living(delivery.id))?.jkt ?? null;
    return { ...toCarrierDelivery(delivery, attempt), device: jkt === null ? null : { jkt, check: deviceCheck(jkt) } };
  });
}
