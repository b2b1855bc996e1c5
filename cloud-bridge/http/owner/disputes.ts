import * as v from 'valibot';
import { Dispute, Disputed, DisputeList, followUps } from '../../../wire/dispute.ts';
import { accept, Fault } from '../../../wire/faults.ts';
import { Id } from '../../../wire/shapes.ts';
import { endDispute, openDispute } from '../../dispute/dispute.ts';
import type { Row } from '../../store/schema.ts';
import { orProblem } from '../answer.ts';
import { ownerCaller, ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const security = [{ dpop: [] }];
const params = v.strictObject({ home: Id, delivery: Id });
const maxListed = 50;

function toDispute(one: Row<'dispute'>): Dispute {
  const what = v.parse(Disputed, one.what);
  return {
    ...{ dispute: one.id, delivery: one.delivery, attempt: one.attempt, what, next: followUps[what] },
    openedAt: one.opened_at,
    ...(one.withdrawn_at === null ? {} : { withdrawnAt: one.withdrawn_at }),
    ...(one.settled_at === null ? {} : { settledAt: one.settled_at }),
    ...(one.answer === null || one.answered_at === null ? {} : { answer: { text: one.answer, at: one.answered_at } }),
    ...(one.of_case === null ? {} : { case: one.of_case }),
  };
}

/** POST and GET /v1/homes/:home/deliveries/:delivery/disputes, POST …/disputes/withdraw and …/settle */
export function disputes(app: App, parts: HttpParts): void {
  const path = '/v1/homes/:home/deliveries/:delivery/disputes';
  const open = {
    summary: 'Say what is wrong with a delivery that is over: the carrier is told, and a case for support is opened.',
    security,
    params,
    body: v.strictObject({ what: Disputed }),
    response: { 201: Dispute, default: Problem },
  };
  app.post(path, { schema: open }, (request, reply) => {
    const owner = ownerOf(request);
    const who = { home: owner.hub.home, jkt: owner.jkt };
    const wish = { delivery: request.params.delivery, what: request.body.what };
    return answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const opened = await openDispute(tables, who, wish, parts.now());
      return opened.ok ? accept({ status: 201, body: toDispute(opened.value) }) : opened;
    });
  });

  const list = {
    summary: 'What was said of this delivery, and the visits whose recordings matter for it.',
    security,
    params,
    response: { 200: DisputeList, default: Problem },
  };
  app.get(path, { schema: list }, async (request) => {
    const { read } = parts.store;
    const { delivery: id } = request.params;
    const delivery = await read.deliveries.find(id);
    if (delivery?.home !== ownerOf(request).hub.home) throw new Fault('NOT_FOUND');
    const visits = await read.visits.ofDelivery(id);
    const said = await read.disputes.ofDelivery(id, maxListed);
    return { disputes: said.map(toDispute), visits: visits.map((visit) => visit.id) };
  });

  const ends = [
    ['withdraw', 'withdrawn', 'Take back what was said: the carrier is told, and the case is ended.'],
    ['settle', 'settled', 'Say that it is settled: the carrier is told, and the case is ended.'],
  ] as const;
  for (const [act, how, summary] of ends) {
    const schema = { summary, security, params, body: Empty, response: { 200: Empty, default: Problem } };
    app.post(`${path}/${act}`, { schema }, async (request) => {
      const who = { home: ownerOf(request).hub.home, delivery: request.params.delivery };
      orProblem(await parts.store.write((tables) => endDispute(tables, who, how, parts.now())));
      return {};
    });
  }
}
