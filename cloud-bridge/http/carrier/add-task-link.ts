import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { Id, Slug } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { toTaskUrl } from '../../../wire/visit-link.ts';
import { makeTaskLink } from '../../task/link.ts';
import { carrierCaller, carrierOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownDelivery } from './own-delivery.ts';

/** Where the courier opens it: on the visitor's page; without pages, at the API itself. */
function taskUrl({ config, publicUrl }: HttpParts, token: string): string {
  const [pages] = config.pagesOrigins;
  const api = publicUrl();
  return pages === undefined ? `${api}/v1/tasks/${token}` : toTaskUrl(pages, { token, api });
}

/** POST /v1/deliveries/:delivery/task-link: a new link for a courier. It kills the link before and its grant. */
export function addTaskLink(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'makeTaskLink',
    tags: ['carrier'],
    summary: 'Make a task link for a courier.',
    security: [{ oauth2: ['deliveries:write'] }],
    params: v.strictObject({ delivery: Id }),
    body: v.optional(
      v.strictObject({
        courier: v.optional(
          v.pipe(
            Slug,
            v.description('Your own pseudonym of the courier, no name: wrong codes are counted over all their phones.'),
          ),
        ),
      }),
      {},
    ),
    response: { 201: v.strictObject({ url: v.string(), token: TaskToken }), default: Problem },
  };
  app.post('/v1/deliveries/:delivery/task-link', { schema }, async (request, reply) => {
    const carrier = carrierOf(request);
    let hub: string | undefined;
    await answerOnce(parts, carrierCaller(carrier.id), request, reply, async (tables) => {
      const delivery = await ownDelivery(tables, carrier, request.params.delivery);
      if (!delivery.ok) return delivery;
      const link = await makeTaskLink(parts, tables, delivery.value, request.body.courier);
      if (!link.ok) return link;
      hub = delivery.value.hub;
      const { token } = link.value;
      return accept({ status: 201, body: { url: taskUrl(parts, token), token } });
    });
    if (hub !== undefined) void parts.mailbox.bring(hub);
    return reply;
  });
}
