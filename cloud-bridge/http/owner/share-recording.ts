import * as v from 'valibot';
import { refuse } from '../../../wire/faults.ts';
import { Hash, Id, Jws } from '../../../wire/shapes.ts';
import { verifyVideoShare } from '../../../wire/verify-video.ts';
import { StreamId } from '../../../wire/video.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const params = v.strictObject({ home: Id, stream: StreamId });

/** PUT /v1/homes/:home/recordings/:stream/shares: the key of a recording, wrapped anew for a later device. */
export function shareRecording(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Share the key of a recording with another device of this home.',
    security: [{ dpop: [] }],
    params,
    body: v.strictObject({ share: v.pipe(Jws, v.maxLength(4_096)) }),
    response: { 200: v.strictObject({ shared: StreamId }), default: Problem },
  };
  app.put('/v1/homes/:home/recordings/:stream/shares', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const { stream } = request.params;
    const { share } = request.body;
    const claims = orProblem(await verifyVideoShare(share, (await parts.keys.owners(hub)).keys, hub.id));
    if (claims.stream !== stream) return orProblem(refuse('VIDEO_SHARE_MALFORMED', { why: 'stream' }));
    orProblem(await parts.recordings.addShare(hub.home, stream, share));
    return { shared: stream };
  });
}

/** GET /v1/homes/:home/recordings/:stream/shares */
export function listShares(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'What was shared of a recording: the newest for each device.',
    security: [{ dpop: [] }],
    params,
    querystring: v.strictObject({
      to: v.optional(v.pipe(Hash, v.description('Only for this device: thumbprint of its `seal` key.'))),
    }),
    response: { 200: v.strictObject({ shares: v.array(Jws) }), default: Problem },
  };
  app.get('/v1/homes/:home/recordings/:stream/shares', { schema }, async (request) => ({
    shares: orProblem(
      await parts.recordings.shares(ownerOf(request).hub.home, request.params.stream, request.query.to),
    ),
  }));
}
