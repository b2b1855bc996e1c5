import * as v from 'valibot';
import { refuse } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const VisitRecord = v.strictObject({ visit: Id, delivery: v.nullable(Id), entries: v.array(v.string()) });

/** GET /v1/homes/:home/visits/:visit: what the journal says about one visit, in order. */
export function showHomeVisit(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'The journal of one visit.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id, visit: Id }),
    response: { 200: VisitRecord, default: Problem },
  };
  app.get('/v1/homes/:home/visits/:visit', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const visit = await parts.store.read.visits.find(request.params.visit);
    if (visit?.hub !== hub.id) return orProblem(refuse('NOT_FOUND'));
    const rows = await parts.store.read.journals.ofVisit(hub.id, visit.id);
    return { visit: visit.id, delivery: visit.delivery, entries: rows.map((row) => row.text) };
  });
}
