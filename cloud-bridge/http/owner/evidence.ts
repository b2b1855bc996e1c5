import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { ownerOf } from '../caller.ts';
import { EvidenceView, toEvidenceView } from '../evidence-view.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/homes/:home/deliveries/:delivery/evidence: empty while nothing of it is over. */
export function deliveryEvidence(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'What is proven of each attempt of a delivery, signed, to be kept and shown to anybody.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id, delivery: Id }),
    response: { 200: EvidenceView, default: Problem },
  };
  app.get('/v1/homes/:home/deliveries/:delivery/evidence', { schema }, async (request) => {
    const { read } = parts.store;
    const delivery = await read.deliveries.find(request.params.delivery);
    if (delivery?.home !== ownerOf(request).hub.home) throw new Fault('NOT_FOUND');
    return toEvidenceView(read, delivery);
  });
}
