import * as v from 'valibot';
import { Versions } from '../../../wire/messages.ts';
import { Count, HubId, Id, Millis } from '../../../wire/shapes.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const HubRow = v.strictObject({
  hub: HubId,
  home: Id,
  online: v.boolean(),
  seenAt: v.nullable(Millis),
  enrolledAt: Millis,
  handedOver: v.boolean(),
  versions: v.nullable(Versions),
  software: v.nullable(v.string()),
  acked: Count,
});

/** GET /v1/hubs: every hub, how it stands and how far its journal has come. */
export function listHubs(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'List hubs.',
    security: [{ bearer: [] }],
    response: { 200: v.strictObject({ hubs: v.array(HubRow) }), default: Problem },
  };
  app.get('/v1/hubs', { schema }, async () => {
    const hubs = await parts.store.read.hubs.all();
    return {
      hubs: hubs.map((hub) => ({
        hub: hub.id,
        home: hub.home,
        online: hub.online === 1,
        seenAt: hub.seen_at,
        enrolledAt: hub.enrolled_at,
        handedOver: hub.owner_list !== null,
        versions: hub.versions === null ? null : (JSON.parse(hub.versions) as Versions),
        software: hub.software,
        acked: hub.acked_seq,
      })),
    };
  });
}
