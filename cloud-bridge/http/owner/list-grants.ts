import * as v from 'valibot';
import { Id, Jws } from '../../../wire/shapes.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const WaitingGrant = v.strictObject({ grant: Jws, assignment: Jws, delivery: Id });

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
    return { grants: rows.map(({ text, assignment, delivery }) => ({ grant: text, assignment, delivery })) };
  });
}
