import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { grantForm } from '../../../wire/grant.ts';
import { peek } from '../../../wire/jws.ts';
import { DoorId, HubId, Jws, MaybeAsserted } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { readyGrant, toBundle } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import type { LinkRoutes } from './link-routes.ts';
import { OfDoor } from './of-door.ts';

/** A carrier's with the assignment that it rests on; with the owner's approval where the rule asks for one. */
const GrantView = v.strictObject({
  grant: Jws,
  assignment: v.optional(Jws),
  approval: v.optional(MaybeAsserted),
  hub: HubId,
  door: DoorId,
});

/** GET …/:token/grant: the grant with what it rests on, once all have signed. */
export function showGrant(app: App, parts: HttpParts, { path, own }: LinkRoutes): void {
  const schema = {
    summary: 'The grant of this link.',
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    querystring: OfDoor,
    response: { 200: GrantView, default: Problem },
  };
  app.get(`${path}/:token/grant`, { schema }, async (request) => {
    const grant = orProblem(
      await readyGrant(parts, { ...(await own(parts, request, request.params.token)), ...request.query }),
    );
    const read = peek(grantForm, grant.text);
    if (!read.ok) throw new Fault('INTERNAL', { why: 'grant' });
    return { ...toBundle(grant), hub: grant.hub, door: read.value.claims.door };
  });
}
