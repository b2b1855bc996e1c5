import * as v from 'valibot';
import { Count, Id, Jws, SeenHead } from '../../../wire/shapes.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const maxEntries = 500;
const number = (max: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,13}$/), v.transform(Number), v.number(), v.minValue(0), v.maxValue(max));

const JournalPage = v.strictObject({
  entries: v.array(v.string()),
  head: SeenHead,
  signed: v.pipe(v.nullable(Jws), v.description('The newest journal head that the hub has signed, of that place.')),
  after: Count,
});

/** GET /v1/homes/:home/journal: the cloud's copy, entry texts as they were hashed, private ones sealed. */
export function readJournal(app: App, parts: HttpParts): void {
  const schema = {
    summary: `The journal after an entry, at most ${maxEntries} entries at a time.`,
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    querystring: v.strictObject({
      after: v.optional(number(2 ** 40), '0'),
      limit: v.optional(number(maxEntries), '100'),
    }),
    response: { 200: JournalPage, default: Problem },
  };
  app.get('/v1/homes/:home/journal', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const { after, limit } = request.query;
    const rows = await parts.store.read.journals.after(hub.id, after, limit);
    const signed = (await parts.store.read.journals.signedHead(hub.id)) ?? null;
    return { entries: rows.map((row) => row.text), head: { seq: hub.acked_seq, hash: hub.acked_hash }, signed, after };
  });
}
