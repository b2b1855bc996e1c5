import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { cancel } from '../../delivery/cancel.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actOnDelivery } from './act-on-delivery.ts';

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
  app.post('/v1/deliveries/:delivery/cancel', { schema }, (request, reply) =>
    actOnDelivery(parts, request, reply, (tables, delivery) => cancel(parts, tables, delivery)),
  );
}
