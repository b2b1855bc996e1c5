import * as v from 'valibot';
import { accept } from '../../../wire/faults.ts';
import { Id, Seconds, Slug } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { inviteGuest } from '../../guest/invite.ts';
import { ownerCaller, ownerOf } from '../caller.ts';
import { answerOnce } from '../once.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/**
 * POST /v1/homes/:home/guests: makes an invitation. The owner's device makes the link itself, with a secret that this service never
 * gets (`wire/visit-link.ts`: `toGuestUrl`; `wire/guest.ts`: `guestToken`).
 */
export function addGuest(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Invite a guest.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    body: v.strictObject({ token: v.pipe(TaskToken, v.description("Derived from the link's secret: `guestToken`.")) }),
    response: {
      201: v.strictObject({
        guest: v.pipe(Slug, v.description('The id that rules and revocations name.')),
        expires: v.pipe(Seconds, v.description('Until when the link may be opened first.')),
      }),
      default: Problem,
    },
  };
  app.post('/v1/homes/:home/guests', { schema }, (request, reply) => {
    const owner = ownerOf(request);
    return answerOnce(parts, ownerCaller(owner), request, reply, async (tables) => {
      const invited = await inviteGuest(parts, tables, owner.hub, request.body.token);
      if (!invited.ok) return invited;
      const { id, expires_at } = invited.value;
      return accept({ status: 201, body: { guest: id, expires: Math.floor(expires_at / 1000) } });
    });
  });
}
