import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { VisitView } from '../../../wire/visit-view.ts';
import { toVisitView } from '../../visit/prepare.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/visits/:visit: how the visit stands, with fresh nonces, as the hub says now. */
export function showVisit(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'How a visit stands, with fresh nonces.',
    security: [{ dpop: [] }],
    params: v.strictObject({ visit: Id }),
    response: { 200: VisitView, default: Problem },
  };
  app.get('/v1/visits/:visit', { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const visit = await parts.visits.find(request.params.visit);
    if (visit?.jkt !== jkt) throw new Fault('NOT_FOUND');
    const body = orProblem(await parts.line.ask(visit.hub, { op: 'visit.show', visit: visit.id }));
    return toVisitView(body, visit.id);
  });
}
