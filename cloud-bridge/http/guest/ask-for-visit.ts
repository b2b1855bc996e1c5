import * as v from 'valibot';
import { Id, Seconds, Slug } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { askForVisit as ask } from '../../guest/ask.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownGuest } from './own-guest.ts';

const Asked = v.strictObject({ state: v.picklist(['granted', 'waiting-for-owner']), until: Seconds });

/** POST /v1/guests/:token/visits: a grant for the window that stands open. The same again is the same grant, until its visit has ended. */
export function askForVisit(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Ask to come in now.',
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    body: v.strictObject({
      rule: Slug,
      after: v.optional(v.pipe(Id, v.description('The visit before, which has ended: a new one is wanted.'))),
    }),
    response: { 200: Asked, default: Problem },
  };
  app.post('/v1/guests/:token/visits', { schema }, async (request) => {
    const guest = await ownGuest(parts, request, request.params.token);
    const asked = await parts.store.write(async (tables) => {
      const now = await tables.guests.find(guest.id);
      return ask(parts, tables, { ...guest, state: now?.state ?? 'ended' }, request.body);
    });
    void parts.mailbox.bring(guest.hub);
    return orProblem(asked);
  });
}
