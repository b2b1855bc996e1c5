/** The standing wishes of a home: what is to be done with deliveries. They open nothing. */
import * as v from 'valibot';
import { WishBook, Wishes } from '../../../wire/plan.ts';
import { Count, Id } from '../../../wire/shapes.ts';
import { changeWishes } from '../../plan/change-wishes.ts';
import { wishBookOf } from '../../plan/wishes.ts';
import { orProblem } from '../answer.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const params = v.strictObject({ home: Id });
const path = '/v1/homes/:home/wishes';

/** GET and PUT /v1/homes/:home/wishes */
export function homeWishes(app: App, parts: HttpParts): void {
  const show = {
    summary: 'What is to be done with deliveries to this home.',
    security: [{ dpop: [] }],
    params,
    response: { 200: WishBook, default: Problem },
  };
  app.get(path, { schema: show }, async (request): Promise<WishBook> => {
    const { version, wishes, by, at } = await wishBookOf(parts.store.read, ownerOf(request).hub.home);
    return { version, wishes: wishes ?? null, by: by ?? null, at: at ?? null, zone: parts.config.homeZone };
  });

  const set = {
    summary: 'Replace it, for all deliveries that no courier is at yet.',
    security: [{ dpop: [] }],
    params,
    body: v.strictObject({
      version: v.pipe(Count, v.description('One above the version that you have read.')),
      wishes: Wishes,
    }),
    response: { 200: v.strictObject({ version: Count }), default: Problem },
  };
  app.put(path, { schema: set }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    const changed = await parts.store.write((tables) => changeWishes(parts, tables, hub, request.body, { jkt }));
    const answer = orProblem(changed);
    void parts.mailbox.bring(hub.id);
    return answer;
  });
}
