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
    const { home } = ownerOf(request).hub;
    const { deliveries, attempts, photos } = parts.store.read;
    const running = await attempts.runningOf(home, maxListed);
    const byDelivery = new Map(running.map((attempt) => [attempt.delivery, attempt]));
    const rows = await deliveries.ofHome(home, maxListed);
    const counts = await photos.countOf(rows.map(({ id }) => id));
    return { deliveries: rows.map((row) => toOwnerDelivery(row, byDelivery.get(row.id), counts.get(row.id))) };
  });
}
