/** Where a home is: set by its owner, standing there. What a courier's phone says of itself is held against it (S051, T33). */
import * as v from 'valibot';
import { Id } from '../../../wire/shapes.ts';
import { HomePosition } from '../../../wire/stop.ts';
import { toHomePosition } from '../../stop/place.ts';
import { ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const path = '/v1/homes/:home/position';
const params = v.strictObject({ home: Id });
const security = [{ dpop: [] }];
const View = v.strictObject({ position: v.nullable(HomePosition) });

export function homePosition(app: App, parts: HttpParts): void {
  const forShow = { summary: 'Where the home is.', security, params, response: { 200: View, default: Problem } };
  app.get(path, { schema: forShow }, async (request) => {
    const row = await parts.store.read.stops.position(ownerOf(request).hub.home);
    return { position: toHomePosition(row) ?? null };
  });

  const summary =
    'Say where the home is, standing there; null: nowhere. Couriers who are clearly elsewhere are told so.';
  const forPut = { summary, security, params, body: View, response: { 200: Empty, default: Problem } };
  app.put(path, { schema: forPut }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    const { position } = request.body;
    await parts.store.write(async ({ stops }) => {
      if (position === null) return stops.removePosition(hub.home);
      const row = { home: hub.home, text: JSON.stringify(position), by: jkt, at: parts.now() };
      return stops.putPosition(row);
    });
    return {};
  });
}
