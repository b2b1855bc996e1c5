import * as v from 'valibot';
import { GuestEntry } from '../../../wire/guest.ts';
import { Id } from '../../../wire/shapes.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { isExpired } from '../../guest/find.ts';
import { certainBy } from '../../home/certain.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const maxListed = 200;

async function endingOf(read: Tables, guest: Row<'guest'>): Promise<Pick<GuestEntry, 'ending'>> {
  if (guest.ended_at === null) return {};
  const confirmed = await read.documents.isConfirmed(guest.hub, 'revocation+jwt', `guest:${guest.id}`);
  const sinceS = Math.floor(guest.ended_at / 1000);
  const by = await certainBy(read, guest.hub, { kind: 'guest', id: guest.id }, sinceS);
  return { ending: { confirmed, certainBy: by ?? sinceS } };
}

async function toEntry(read: Tables, guest: Row<'guest'>, nowMs: number): Promise<GuestEntry> {
  const { id, jkt, proof } = guest;
  return {
    guest: id,
    state: isExpired(guest, nowMs) ? 'expired' : (guest.state as GuestEntry['state']),
    expires: Math.floor(guest.expires_at / 1000),
    ...(jkt === null || proof === null ? {} : { device: { jkt, check: deviceCheck(jkt), proof } }),
    ...(await endingOf(read, guest)),
  };
}

/** GET /v1/homes/:home/guests: newest first. */
export function listGuests(app: App, parts: HttpParts): void {
  const schema = {
    summary: `The newest ${maxListed} guests of this home, how each stands, and by when an end is certain.`,
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: { 200: v.strictObject({ guests: v.array(GuestEntry) }), default: Problem },
  };
  app.get('/v1/homes/:home/guests', { schema }, async (request) => {
    const { read } = parts.store;
    const rows = await read.guests.ofHome(ownerOf(request).hub.home, maxListed);
    return { guests: await Promise.all(rows.map((row) => toEntry(read, row, parts.now()))) };
  });
}
