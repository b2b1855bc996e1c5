import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { bringToPoint } from '../../delivery/bring-to-point.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

const Brought = v.strictObject({ state: v.literal('failed'), outcome: v.literal('picked-up-later') });

/** POST /v1/deliveries/:delivery/collectable: the recipient fetches it at the pick-up point; told as the carrier's word, never as delivered. */
export function collectableDelivery(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'sayCollectable',
    tags: ['carrier'],
    summary: 'Say that it lies at the pick-up point of its plan. That ends the delivery.',
    security: [{ oauth2: ['deliveries:write'] }],
    params: v.strictObject({ delivery: Id }),
    body: Empty,
    response: { 200: Brought, default: Problem },
  };
  app.post('/v1/deliveries/:delivery/collectable', { schema }, async (request, reply) => {
    const carrier = carrierOf(request);
    let hub: string | undefined;
    await answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const delivery = await ownDelivery(tables, carrier, request.params.delivery);
      if (!delivery.ok) return delivery;
      const brought = await bringToPoint(parts, tables, delivery.value);
      if (!brought.ok) return brought;
      hub = delivery.value.hub;
      return accept({ status: 200, body: brought.value });
    });
    if (hub !== undefined) void parts.mailbox.bring(hub);
    return reply;
  });
}
