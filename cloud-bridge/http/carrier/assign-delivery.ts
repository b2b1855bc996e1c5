import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { Id, Jws } from '../../../wire/shapes.ts';
import { assign } from '../../delivery/assign.ts';
import { isSandbox } from '../../sandbox/announce.ts';
import { assignInSandbox } from '../../sandbox/assign.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

/** POST /v1/deliveries/:delivery/assignment: the carrier's signature for one courier's device, against a grant. */
export function assignDelivery(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'assignDelivery',
    tags: ['carrier'],
    summary: "Hand in the assignment for a courier's device.",
    security: [{ oauth2: ['deliveries:write'] }],
    params: v.strictObject({ delivery: Id }),
    body: v.strictObject({ assignment: v.pipe(Jws, v.maxLength(2048)) }),
    response: { 200: v.strictObject({ state: v.picklist(['granted', 'waiting-for-owner']) }), default: Problem },
  };
  app.post('/v1/deliveries/:delivery/assignment', { schema }, async (request, reply) => {
    const carrier = carrierOf(request);
    let hub: string | undefined;
    await answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const delivery = await ownDelivery(tables, carrier, request.params.delivery);
      if (!delivery.ok) return delivery;
      const take = isSandbox(carrier) ? assignInSandbox : assign;
      const assigned = await take(parts, tables, carrier, delivery.value, request.body.assignment);
      if (!assigned.ok) return assigned;
      hub = delivery.value.hub;
      return accept({ status: 200, body: assigned.value });
    });
    if (hub !== undefined) void parts.mailbox.bring(hub);
    return reply;
  });
}
