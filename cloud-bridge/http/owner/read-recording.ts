import { Readable } from 'node:stream';
import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { StreamId } from '../../../wire/video.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const Seq = v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number));
const binary = {
  description:
    '`u32 BE length` and a sealed message, again and again: the key message, then frames and checkpoints by seq',
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
} as const;

/** GET /v1/homes/:home/recordings/:stream: the sealed messages. Only the owner's devices can open them. */
export function readRecording(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'The sealed messages of one recording.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id, stream: StreamId }),
    querystring: v.strictObject({
      from: v.optional(v.pipe(Seq, v.description('Begin with the key frame at or before this one.'))),
    }),
    response: { 200: binary, default: Problem },
  };
  app.get('/v1/homes/:home/recordings/:stream', { schema }, async (request, reply) => {
    const { stream } = request.params;
    const bytes = orProblem(await parts.recordings.read(ownerOf(request).hub.home, stream, request.query.from));
    // As fast as the reader takes it: one piece of at most 256 kB and a message is in memory.
    return reply.type('application/octet-stream').send(Readable.from(bytes, { objectMode: false, highWaterMark: 1 }));
  });
}
