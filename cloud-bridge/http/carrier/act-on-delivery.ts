/** What a carrier does to a delivery of its own: once, and the hub learns what ended with it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accept, type Verdict } from '../../../wire/faults.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { HttpParts } from '../parts.ts';
import { ownDelivery } from './own-delivery.ts';

/** Answers 200 with what `act` makes. @throws Fault as `answerOnce`, NOT_FOUND for a delivery of another, or the refusal of `act` */
export async function actOnDelivery(
  parts: HttpParts,
  request: FastifyRequest<{ Params: { readonly delivery: string } }>,
  reply: FastifyReply,
  act: (tables: Tables, delivery: Row<'delivery'>, carrier: Row<'carrier'>) => Promise<Verdict<object>>,
): Promise<FastifyReply> {
  const carrier = carrierOf(request);
  let hub: string | undefined;
  await answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
    const delivery = await ownDelivery(tables, carrier, request.params.delivery);
    if (!delivery.ok) return delivery;
    const done = await act(tables, delivery.value, carrier);
    if (!done.ok) return done;
    hub = delivery.value.hub;
    return accept({ status: 200, body: done.value });
  });
  if (hub !== undefined) void parts.mailbox.bring(hub);
  return reply;
}
