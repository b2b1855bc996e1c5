import * as v from 'valibot';
import { Id, Jws } from '../../../wire/shapes.ts';
import { assign } from '../../delivery/assign.ts';
import { isSandbox } from '../../sandbox/announce.ts';
import { assignInSandbox } from '../../sandbox/assign.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actOnDelivery } from './act-on-delivery.ts';

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
  app.post('/v1/deliveries/:delivery/assignment', { schema }, (request, reply) =>
    actOnDelivery(parts, request, reply, (tables, delivery, carrier) => {
      const take = isSandbox(carrier) ? assignInSandbox : assign;
      return take(parts, tables, carrier, delivery, request.body.assignment);
    }),
  );
}
