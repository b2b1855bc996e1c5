import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { type Announced, announce, DeliveryWish } from '../../delivery/announce.ts';
import { announceInSandbox, isSandbox } from '../../sandbox/announce.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { CarrierDelivery, toCarrierDelivery } from '../delivery-view.ts';
import { answerOnce, type Done } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const usualPaceMs = 1_000;
const Pace = v.strictObject({
  pace: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,5}$/),
      v.transform(Number),
      v.maxValue(60_000),
      v.description(`Sandbox only: ms from one step to the next, 0 to 60000; else ${usualPaceMs}.`),
    ),
  ),
});

const toAnswer = (announced: Verdict<Announced>): Verdict<Done> =>
  announced.ok
    ? accept({ status: 201, body: toCarrierDelivery(announced.value.delivery, announced.value.attempt) })
    : announced;

/** POST /v1/deliveries: announces a delivery, or the service visit of a company. DELIVERY_NOT_ALLOWED when the owner's wishes and rules leave no way for it. */
export function addDelivery(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'announceDelivery',
    tags: ['carrier'],
    summary: 'Announce a delivery; a service company announces a visit, without parcels.',
    security: [{ oauth2: ['deliveries:write'] }],
    querystring: Pace,
    body: DeliveryWish,
    response: { 201: CarrierDelivery, default: Problem },
  };
  app.post('/v1/deliveries', { schema }, (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const { pace } = request.query;
      if (isSandbox(carrier)) {
        return toAnswer(await announceInSandbox(parts, tables, carrier, request.body, pace ?? usualPaceMs));
      }
      if (pace !== undefined) return refuse('BODY_MALFORMED', { where: 'pace' });
      return toAnswer(await announce(parts, tables, carrier, request.body));
    });
  });
}
