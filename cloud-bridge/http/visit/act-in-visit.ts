import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { EcJwk, Id, Jws } from '../../../wire/shapes.ts';
import { VisitView } from '../../../wire/visit-view.ts';
import { toVisitView } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** A knock dies so soon, ms (T43). */
export const actMs = 8_000;

const Header = v.object({ jwk: EcJwk });

/** Thumbprint (RFC 7638) of the key in a knock's header. The hub verifies the signature; here it only says whose it claims to be. */
function keyOf(knock: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(knock.slice(0, knock.indexOf('.')), 'base64url').toString('utf8'));
    const { crv, kty, x, y } = v.parse(Header, header).jwk;
    return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  } catch {
    return undefined;
  }
}

/**
 * POST /v1/visits/:visit/acts: carries one knock to the hub. Nothing is written before it is sent, nothing is sent twice; the hub
 * verifies, decides and takes each nonce once, so there is no Idempotency-Key here.
 */
export function actInVisit(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Arrive, unlock, open, finish or abort: carries one signed knock to the hub.',
    params: v.strictObject({ visit: Id }),
    body: v.strictObject({ knock: v.pipe(Jws, v.maxLength(2048)) }),
    response: { 200: VisitView, default: Problem },
  };
  app.post('/v1/visits/:visit/acts', { schema }, async (request) => {
    const { knock } = request.body;
    const visit = await parts.visits.find(request.params.visit);
    if (visit === undefined || keyOf(knock) !== visit.jkt) throw new Fault('NOT_FOUND');
    parts.charge(`device:${visit.jkt}`);
    const ask = { op: 'visit.act' as const, visit: visit.id, knock };
    return toVisitView(orProblem(await parts.line.ask(visit.hub, ask, actMs)), visit.id);
  });
}
