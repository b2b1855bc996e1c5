/** Opens an event stream: from `Last-Event-ID`, else from `?after=`, else from now. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { MayListen } from '../events/streams.ts';
import type { HttpParts } from './parts.ts';

const number = v.pipe(v.string(), v.regex(/^\d{1,13}$/), v.transform(Number));
export const StreamQuery = v.strictObject({
  after: v.optional(v.pipe(number, v.description('Number of the last event that you have; 0 for all.'))),
});

/** How the OpenAPI document shows a stream. */
export const EventStream = {
  description: '`id:` number, `event:` type, `data:` JSON; a comment every 15 s',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
} as const;

const lastSeen = (request: FastifyRequest): number | undefined => {
  const parsed = v.safeParse(number, request.headers['last-event-id']);
  return parsed.success ? parsed.output : undefined;
};

/** @param party  `home:<id>` or `carrier:<id>`; `mayListen`: as `Streams.open` has it. @throws Fault RATE_LIMITED */
export async function openStream(
  parts: Pick<HttpParts, 'store' | 'streams'>,
  party: string,
  request: FastifyRequest,
  reply: FastifyReply,
  after: number | undefined,
  mayListen?: MayListen,
): Promise<void> {
  const from = lastSeen(request) ?? after ?? (await parts.store.read.events.last(party));
  parts.streams.open(party, from, reply.raw, mayListen);
  reply.hijack();
}
