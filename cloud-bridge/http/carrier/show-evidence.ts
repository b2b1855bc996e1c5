import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { tablesFor } from '../../sandbox/world.ts';
import { orProblem } from '../answer.ts';
import { carrierOf } from '../caller.ts';
import { EvidenceView, toEvidenceView } from '../evidence-view.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

/** GET /v1/deliveries/:delivery/evidence: empty while nothing of it is over. No picture is in it, and no name. */
export function showEvidence(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'getEvidence',
    tags: ['carrier'],
    summary: 'What is proven of each attempt of a delivery, signed.',
    security: [{ oauth2: ['deliveries:read'] }],
    params: v.strictObject({ delivery: Id }),
    response: { 200: EvidenceView, default: Problem },
  };
  app.get('/v1/deliveries/:delivery/evidence', { schema }, async (request) => {
    const { read } = parts.store;
    const delivery = orProblem(await ownDelivery(read, carrierOf(request), request.params.delivery));
    return toEvidenceView(tablesFor(read, parts.sandboxKey, delivery.home), delivery);
  });
}
