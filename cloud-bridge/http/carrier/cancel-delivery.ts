import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { cancel } from '../../delivery/cancel.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

/** POST /v1/deliveries/:delivery/cancel: its link dies, its grant is ended at the hub. */
export function cancelDelivery(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'cancelDelivery',
    tags: ['carrier'],
    summary: 'Cancel a delivery.',
    security: [{ oauth2: ['deliveries:write'] }],
    params: v.strictObject({ delivery: Id }),
    body: Empty,
    response: { 200: v.strictObject({ state: v.literal('cancelled') }), default: Problem },
  };
  app.post('/v1/deliveries/:delivery/cancel', { schema }, async (request, reply) => {
    const carrier = carrierOf(request);
    let hub: string | undefined;
    await answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const delivery = await ownDelivery(tables, carrier, request.params.delivery);
      if (!delivery.ok) return delivery;
      const cancelled = await cancel(parts, tables, delivery.value);
      if (!cancelled.ok) return cancelled;
      hub = delivery.value.hub;
      return accept({ status: 200, body: cancelled.value });
    });
    if (hub !== undefined) void parts.mailbox.bring(hub);
    return reply;
  });
}
