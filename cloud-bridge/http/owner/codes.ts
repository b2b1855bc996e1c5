import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { CodesView } from '../../../wire/holder.ts';
import { Id } from '../../../wire/shapes.ts';
import { readShownStop, toCodesView } from '../../code/show.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/homes/:home/deliveries/:delivery/codes: derived for this answer, and kept nowhere. */
export function showCodes(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'The hand-over codes of a delivery, and who is at the door now. Never tell a code by telephone.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id, delivery: Id }),
    response: { 200: CodesView, default: Problem },
  };
  app.get('/v1/homes/:home/deliveries/:delivery/codes', { schema }, async (request) => {
    const { read } = parts.store;
    const delivery = await read.deliveries.find(request.params.delivery);
    if (delivery?.home !== ownerOf(request).hub.home) throw new Fault('NOT_FOUND');
    const shown = await readShownStop(parts, read, delivery);
    if (shown === undefined) throw new Fault('NOT_FOUND');
    return toCodesView(parts, shown);
  });
}
