import * as v from 'valibot';
import { HandoverClaim } from '../../../wire/handover.ts';
import { Hash, HubId, Id, Jws, OkpJwk } from '../../../wire/shapes.ts';
import { handOver } from '../../home/handover.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const HandedOver = v.strictObject({ home: Id, hub: HubId, ownerList: Jws, proof: Hash, hubKey: OkpJwk });

/** POST /v1/handover: carries the phone's proof to the hub and the hub's back. */
export function claimHandover(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Pin the first owner device, in person at the hub.',
    body: HandoverClaim,
    response: { 200: HandedOver, default: Problem },
  };
  app.post('/v1/handover', { schema }, async (request) => {
    parts.charge(`handover:${request.body.hub}`);
    return orProblem(await handOver(parts, request.body));
  });
}
