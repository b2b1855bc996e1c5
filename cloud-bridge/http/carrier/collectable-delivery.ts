import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { bringToPoint } from '../../delivery/bring-to-point.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { actOnDelivery } from './act-on-delivery.ts';

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
  app.post('/v1/deliveries/:delivery/collectable', { schema }, (request, reply) =>
    actOnDelivery(parts, request, reply, (tables, delivery) => bringToPoint(parts, tables, delivery)),
  );
}
