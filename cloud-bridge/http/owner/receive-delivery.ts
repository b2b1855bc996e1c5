import * as v from 'valibot';
import { Fault } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { decide } from '../../stop/end.ts';
import { expectAtDoor } from '../../stop/expect.ts';
import { ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST …/deliveries/:delivery/received: the recipient says so on their own phone, where no code is asked (S075). Said twice it is the same. */
export function receiveDelivery(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Say that you were handed this delivery. Where a code is asked, the code alone says so.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id, delivery: Id }),
    body: Empty,
    response: { 200: Empty, default: Problem },
  };
  app.post('/v1/homes/:home/deliveries/:delivery/received', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const { delivery, refusal } = await parts.store.write(async (tables) => {
      const delivery = await tables.deliveries.find(request.params.delivery);
      if (delivery?.home !== hub.home) throw new Fault('NOT_FOUND');
      const isSaid = delivery.outcome === 'handed-over';
      return { delivery, refusal: isSaid ? undefined : await decide(parts, tables, delivery, { on: 'received' }) };
    });
    void expectAtDoor(parts, delivery);
    if (refusal !== undefined) throw new Fault(refusal.code, refusal.detail);
    return {};
  });
}
