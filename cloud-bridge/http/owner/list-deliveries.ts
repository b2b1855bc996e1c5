import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { ownerOf } from '../caller.ts';
import { OwnerDelivery, toOwnerDelivery } from '../delivery-view.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const maxListed = 200;

/** GET /v1/homes/:home/deliveries: newest first. */
export function listDeliveries(app: App, parts: HttpParts): void {
  const schema = {
    summary: `The newest ${maxListed} deliveries to this home.`,
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: { 200: v.strictObject({ deliveries: v.array(OwnerDelivery) }), default: Problem },
  };
  app.get('/v1/homes/:home/deliveries', { schema }, async (request) => {
    const rows = await parts.store.read.deliveries.ofHome(ownerOf(request).hub.home, maxListed);
    return { deliveries: rows.map(toOwnerDelivery) };
  });
}
