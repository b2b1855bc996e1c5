import { hashOf } from '../../../wire/jws.ts';
import { bearerOf, carrierOf } from '../caller.ts';
import { EventStream, openStream, StreamQuery } from '../open-stream.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/carrier/events: what happens to this carrier's deliveries, as server-sent events. */
export function carrierEvents(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'streamEvents',
    tags: ['carrier'],
    summary: "Events of this carrier's deliveries (server-sent events).",
    security: [{ oauth2: ['deliveries:read'] }],
    querystring: StreamQuery,
    response: { 200: EventStream, default: Problem },
  };
  app.get('/v1/carrier/events', { schema }, (request, reply) => {
    const token = hashOf(bearerOf(request));
    // It ends with the token that opened it.
    const isGood = async () => (await parts.store.read.clients.holder(token, parts.now())) !== undefined;
    return openStream(parts, `carrier:${carrierOf(request).id}`, request, reply, request.query.after, isGood);
  });
}
