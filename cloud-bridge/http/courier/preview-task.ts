import * as v from 'valibot';
import { Seconds } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { ruleFor } from '../../delivery/announce.ts';
import { isOver } from '../../delivery/progress.ts';
import { purposeOf, purposes } from '../../delivery/purpose.ts';
import { doorsOf, firstDoorOf, planOf, wishBookOf } from '../../plan/wishes.ts';
import { isPlanned } from '../../stop/standing.ts';
import { findTask } from '../../task/find.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const Preview = v.strictObject({
  state: v.picklist(['open', 'claimed', 'over']),
  /** The company, not the person who comes. */
  carrier: v.string(),
  purpose: v.picklist(purposes),
  /** 0 of a service visit. */
  parcels: v.number(),
  from: Seconds,
  until: Seconds,
  camera: v.picklist(['recorded', 'watched', 'off']),
  /** It has a stop (`…/stop`): ring, hand over, put down, leave. */
  stop: v.boolean(),
});

/** GET /v1/tasks/:token: what anyone may see who holds the link. It changes nothing and names no place. */
export function previewTask(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Look at a task link. Changes nothing.',
    params: v.strictObject({ token: TaskToken }),
    response: { 200: Preview, default: Problem },
  };
  app.get('/v1/tasks/:token', { schema }, async (request) => {
    const { read } = parts.store;
    const { task, delivery } = orProblem(await findTask(read, request.params.token));
    parts.charge(`task:${task.token}`);
    const [carrier, hub] = await Promise.all([read.parties.find(delivery.carrier), read.hubs.find(delivery.hub)]);
    const { from_s: from, until_s: until } = delivery;
    const door = firstDoorOf(delivery);
    const rule = carrier && hub && (await ruleFor(parts, read, carrier, { hub, door, from, until }));
    return {
      state: isOver(delivery.state) ? 'over' : task.state,
      carrier: carrier?.name ?? '',
      purpose: purposeOf(delivery),
      parcels: delivery.parcels,
      from,
      until,
      // Without a rule nothing opens; say the most that could be filmed.
      camera: rule?.camera ?? (doorsOf(planOf(delivery)).size === 0 ? 'off' : 'watched'),
      stop: isPlanned(delivery, await wishBookOf(read, delivery.home)),
    };
  });
}
