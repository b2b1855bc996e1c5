import { carrierOf } from '../caller.ts';
import { EventStream, openStream, StreamQuery } from '../open-stream.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/carrier/events: what happens to this carrier's deliveries, as server-sent events. */
export function carrierEvents(app: App, parts: HttpParts): void {
  const schema = {
    summary: "Events of this carrier's deliveries (server-sent events).",
    security: [{ bearer: [] }],
    querystring: StreamQuery,
    response: { 200: EventStream, default: Problem },
  };
  app.get('/v1/carrier/events', { schema }, (request, reply) =>
    openStream(parts, `carrier:${carrierOf(request).id}`, request, reply, request.query.after),
  );
}
