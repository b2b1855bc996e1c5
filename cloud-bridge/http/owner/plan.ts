/** One delivery as its owner sees and changes it: where it is going, on which day, with a code or without, or not at all. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { DeliveryWishes, PlanView } from '../../../wire/plan.ts';
import { Id } from '../../../wire/shapes.ts';
import { changePlan } from '../../plan/change-plan.ts';
import { block } from '../../plan/not-mine.ts';
import { showPlan } from '../../plan/show-plan.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { orProblem } from '../answer.ts';
import { ownerCaller, ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const params = v.strictObject({ home: Id, delivery: Id });
const security = [{ dpop: [] }];
const response = { 200: PlanView, default: Problem };
const path = '/v1/homes/:home/deliveries/:delivery';

/** @returns NOT_FOUND for a delivery of another home alike (T23) */
async function ofHome(tables: Tables, home: string, id: string): Promise<Verdict<Row<'delivery'>>> {
  const delivery = await tables.deliveries.find(id);
  return delivery?.home === home ? accept(delivery) : refuse('NOT_FOUND');
}

/** GET and PUT …/plan, POST …/not-mine */
export function deliveryPlan(app: App, parts: HttpParts): void {
  const show = { summary: 'What was announced, where it is going, and why not elsewhere.', security, params, response };
  app.get(`${path}/plan`, { schema: show }, async (request) => {
    const { read } = parts.store;
    const { home } = ownerOf(request).hub;
    return showPlan(parts, read, orProblem(await ofHome(read, home, request.params.delivery)));
  });

  const set = {
    ...{ summary: 'Change it for this delivery, until the courier is there.', security, params, response },
    body: DeliveryWishes,
  };
  app.put(`${path}/plan`, { schema: set }, async (request) => {
    const { hub } = ownerOf(request);
    const changed = await parts.store.write(async (tables): Promise<Verdict<PlanView>> => {
      const delivery = await ofHome(tables, hub.home, request.params.delivery);
      if (!delivery.ok) return delivery;
      const next = await changePlan(parts, tables, delivery.value, request.body);
      return next.ok ? accept(await showPlan(parts, tables, next.value)) : next;
    });
    const view = orProblem(changed);
    void parts.mailbox.bring(hub.id);
    return view;
  });

  const refuseIt = {
    summary: 'Nobody here has ordered this: it is blocked at once.',
    ...{ security, params, body: Empty },
    response: { 200: v.strictObject({ state: v.literal('cancelled') }), default: Problem },
  };
  app.post(`${path}/not-mine`, { schema: refuseIt }, async (request, reply) => {
    const owner = ownerOf(request);
    await answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const delivery = await ofHome(tables, owner.hub.home, request.params.delivery);
      if (!delivery.ok) return delivery;
      const blocked = await block(parts, tables, delivery.value);
      return blocked.ok ? accept({ status: 200, body: blocked.value }) : blocked;
    });
    void parts.mailbox.bring(owner.hub.id);
    return reply;
  });
}
