import * as v from 'valibot';
import { Id, Jws, Slug } from '../../../wire/shapes.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** With the carrier's assignment, or for a guest, whose pinned key is all that it needs besides. */
const WaitingGrant = v.strictObject({
  grant: Jws,
  assignment: v.optional(Jws),
  delivery: v.optional(Id),
  guest: v.optional(Slug),
});

/** GET /v1/homes/:home/grants?waiting=true: what the owner is asked to approve. */
export function listGrants(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Grants that wait for the approval of an owner device.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    querystring: v.strictObject({ waiting: v.literal('true') }),
    response: { 200: v.strictObject({ grants: v.array(WaitingGrant) }), default: Problem },
  };
  app.get('/v1/homes/:home/grants', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const rows = await parts.store.read.grants.waiting(hub.id, Math.floor(parts.now() / 1000));
    return {
      grants: rows.map(({ text, assignment, delivery, guest }) => ({
        grant: text,
        ...(assignment === null ? {} : { assignment }),
        ...(delivery === null ? {} : { delivery }),
        ...(guest === null ? {} : { guest }),
      })),
    };
  });
}
