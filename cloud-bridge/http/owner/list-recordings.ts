import * as v from 'valibot';
import { Count, DoorId, Id, Millis } from '../../../wire/shapes.ts';
import { StreamId } from '../../../wire/video.ts';
import { isComplete } from '../../media/recordings.ts';
import type { Row } from '../../store/schema.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const maxListed = 100;

/** `startedAt.stream` of the last one of a page. */
const Place = v.pipe(
  v.string(),
  v.regex(/^\d{1,16}\.[\w-]{22}$/),
  v.transform((text) => {
    const [startedAt = '', stream = ''] = text.split('.');
    return { startedAt: Number(startedAt), stream };
  }),
);

const RecordingView = v.strictObject({
  stream: StreamId,
  door: DoorId,
  visit: v.nullable(Id),
  startedAt: Millis,
  endedAt: v.pipe(v.nullable(Millis), v.description('null until the hub has signed the end.')),
  frames: Count,
  late: v.pipe(Count, v.description('Frames that came too late to be shown live.')),
  complete: v.pipe(v.boolean(), v.description('Every frame is here that the hub signed for.')),
  bytes: Count,
});

const toView = (row: Row<'recording'>): v.InferOutput<typeof RecordingView> => ({
  stream: row.stream,
  door: row.door,
  visit: row.visit,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  frames: row.frames,
  late: row.late,
  complete: isComplete(row),
  bytes: row.bytes,
});

/** GET /v1/homes/:home/recordings: newest first. */
export function listRecordings(app: App, parts: HttpParts): void {
  const schema = {
    summary: `Recordings of this home, newest first, ${maxListed} at a time.`,
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    querystring: v.strictObject({
      door: v.optional(DoorId),
      visit: v.optional(Id),
      after: v.optional(v.pipe(Place, v.description('`next` of the page before.'))),
    }),
    response: {
      200: v.strictObject({ recordings: v.array(RecordingView), next: v.nullable(v.string()) }),
      default: Problem,
    },
  };
  app.get('/v1/homes/:home/recordings', { schema }, async (request) => {
    const filter = { ...request.query, limit: maxListed };
    const rows = await parts.store.read.recordings.ofHome(ownerOf(request).hub.home, filter);
    const last = rows.length === maxListed ? rows.at(-1) : undefined;
    return {
      recordings: rows.map(toView),
      next: last === undefined ? null : `${last.started_at}.${last.stream}`,
    };
  });
}
