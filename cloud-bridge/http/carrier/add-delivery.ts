import { accept } from '../../../wire/faults.ts';
import { announce, DeliveryWish } from '../../delivery/announce.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { CarrierDelivery, toCarrierDelivery } from '../delivery-view.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** POST /v1/deliveries: announces a delivery. DELIVERY_NOT_ALLOWED when the owner's wishes and rules leave no way for it. */
export function addDelivery(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Announce a delivery.',
    security: [{ oauth2: ['deliveries:write'] }],
    body: DeliveryWish,
    response: { 201: CarrierDelivery, default: Problem },
  };
  app.post('/v1/deliveries', { schema }, (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const announced = await announce(parts, tables, carrier, request.body);
      if (!announced.ok) return announced;
      const { delivery, attempt } = announced.value;
      return accept({ status: 201, body: toCarrierDelivery(delivery, attempt) });
    });
  });
}
