import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { ticketForMs } from '../../media/tickets.ts';
import { ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const LiveTicket = v.strictObject({
  ticket: v.pipe(Id, v.description('The first message over the socket says it. It is good once.')),
  url: v.pipe(v.string(), v.description('Where the WebSocket is.')),
  expiresInS: v.number(),
});

/** POST /v1/homes/:home/live-tickets: lets this device open one live view. */
export function addLiveTicket(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'A ticket for the live view: for this device, once, for 30 seconds.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    body: Empty,
    response: { 201: LiveTicket, default: Problem },
  };
  app.post('/v1/homes/:home/live-tickets', { schema }, async (request, reply) => {
    const { hub, jkt } = ownerOf(request);
    const ticket = parts.tickets.issue({ home: hub.home, hub: hub.id, jkt });
    const url = `${parts.publicUrl().replace(/^http/, 'ws')}/v1/live`;
    return reply.code(201).send({ ticket, url, expiresInS: ticketForMs / 1000 });
  });
}
