import * as v from 'valibot';
import { DisputeText } from '../../../wire/dispute.ts';
import { accept } from '../../../wire/faults.ts';
import { Id, Millis } from '../../../wire/shapes.ts';
import { answerDispute } from '../../dispute/answer.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

/** POST /v1/deliveries/:delivery/dispute-answer: what the owner reads beside what they said. */
export function answerOfDispute(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'answerDispute',
    tags: ['carrier'],
    summary: 'Answer the open dispute of a delivery. Answered again, the new answer takes the place of the old one.',
    security: [{ oauth2: ['deliveries:write'] }],
    params: v.strictObject({ delivery: Id }),
    body: v.strictObject({ text: DisputeText }),
    response: { 200: v.strictObject({ dispute: Id, answeredAt: Millis }), default: Problem },
  };
  app.post('/v1/deliveries/:delivery/dispute-answer', { schema }, async (request, reply) => {
    const carrier = carrierOf(request);
    return answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const delivery = await ownDelivery(tables, carrier, request.params.delivery);
      if (!delivery.ok) return delivery;
      const answered = await answerDispute(tables, delivery.value, request.body.text, parts.now());
      return answered.ok ? accept({ status: 200, body: answered.value }) : answered;
    });
  });
}
