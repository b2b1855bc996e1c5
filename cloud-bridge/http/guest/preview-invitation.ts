import * as v from 'valibot';
import { hashOf } from '../../../wire/jws.ts';
import { TaskToken } from '../../../wire/task.ts';
import { findGuest } from '../../guest/find.ts';
import { orProblem } from '../answer.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const Preview = v.strictObject({ state: v.picklist(['open', 'claimed']) });

/** GET /v1/guests/:token: what anyone may see who holds the link. It changes nothing and says nothing of the home. */
export function previewInvitation(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Look at an invitation. Changes nothing.',
    params: v.strictObject({ token: TaskToken }),
    response: { 200: Preview, default: Problem },
  };
  app.get('/v1/guests/:token', { schema }, async (request) => {
    const { token } = request.params;
    const { state } = orProblem(await findGuest(parts.store.read, token, parts.now()));
    parts.charge(`guest:${hashOf(token)}`);
    return { state: state === 'open' ? ('open' as const) : ('claimed' as const) };
  });
}
