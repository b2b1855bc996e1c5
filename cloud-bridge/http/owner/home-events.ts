import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { admit } from '../../account/admit.ts';
import { ownerOf } from '../caller.ts';
import { EventStream, openStream, StreamQuery } from '../open-stream.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/homes/:home/events: what happens in this home, as server-sent events. */
export function homeEvents(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Events of this home (server-sent events).',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    querystring: StreamQuery,
    response: { 200: EventStream, default: Problem },
  };
  app.get('/v1/homes/:home/events', { schema }, (request, reply) => {
    const { hub, jkt } = ownerOf(request);
    // A device that was removed or logged out hears nothing more, however long its stream has been open.
    const mayListen = async (): Promise<boolean> => {
      const now = await parts.store.read.hubs.find(hub.id);
      return now !== undefined && (await admit(parts, now, jkt)).ok;
    };
    return openStream(parts, `home:${hub.home}`, request, reply, request.query.after, mayListen);
  });
}
