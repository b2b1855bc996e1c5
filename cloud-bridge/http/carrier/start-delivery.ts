import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { PlaceText } from '../../../wire/plan.ts';
import { Id, Millis, Seconds } from '../../../wire/shapes.ts';
import { setOnTheWay } from '../../delivery/on-the-way.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

const Expected = v.pipe(
  v.strictObject({
    from: v.optional(Seconds),
    until: v.optional(Seconds),
    /** The company or the vehicle, as the owner is to read it: never a person's name. */
    coming: v.optional(PlaceText),
  }),
  v.check(
    ({ from, until }) => (from === undefined) === (until === undefined) && (from ?? 0) <= (until ?? 0),
    'both or none, from before until',
  ),
);

/** POST /v1/deliveries/:delivery/on-the-way: the owner is told, once. */
export function startDelivery(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'sayOnTheWay',
    tags: ['carrier'],
    summary: 'Say that the courier is on the way, and when it is expected.',
    security: [{ oauth2: ['deliveries:write'] }],
    params: v.strictObject({ delivery: Id }),
    body: Expected,
    response: { 200: v.strictObject({ onTheWay: Millis }), default: Problem },
  };
  app.post('/v1/deliveries/:delivery/on-the-way', { schema }, async (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const delivery = await ownDelivery(tables, carrier, request.params.delivery);
      if (!delivery.ok) return delivery;
      const said = await setOnTheWay(tables, delivery.value, request.body, parts.now());
      return said.ok ? accept({ status: 200, body: said.value }) : said;
    });
  });
}
