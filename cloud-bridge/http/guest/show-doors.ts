import * as v from 'valibot';
import type { DoorFacts } from '../../../wire/enrolment.ts';
import { Fault } from '../../../wire/faults.ts';
import { type GuestDoor, GuestView } from '../../../wire/guest.ts';
import { TaskToken } from '../../../wire/task.ts';
import { rulesOfGuest, windowsToShow } from '../../guest/rules.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { ownGuest } from './own-guest.ts';

/** GET /v1/guests/:token/doors: the guest's own rules and their next times, and nothing else of the home (S048). */
export function showDoors(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Where this guest may come in, and when next.',
    security: [{ dpop: [] }],
    params: v.strictObject({ token: TaskToken }),
    response: { 200: GuestView, default: Problem },
  };
  app.get('/v1/guests/:token/doors', { schema }, async (request) => {
    const guest = await ownGuest(parts, request, request.params.token);
    if (guest.state !== 'accepted') throw new Fault('INVITATION_PENDING');
    const { read } = parts.store;
    const hub = await read.hubs.find(guest.hub);
    if (hub === undefined) throw new Fault('NOT_FOUND');
    const now = Math.floor(parts.now() / 1000);
    const [{ rules }, visits, doors] = await Promise.all([
      rulesOfGuest(read, hub, parts.keys, guest),
      read.guests.visitsOf(guest.id),
      read.hubs.doors.ofHub(hub.id),
    ]);
    const shown: GuestDoor[] = [];
    for (const rule of rules) {
      const door = doors.find(({ id }) => id === rule.door);
      if (door === undefined) continue;
      const left = Math.max(0, rule.visits - (visits.get(rule.id) ?? 0));
      shown.push({
        rule: rule.id,
        door: rule.door,
        kind: (JSON.parse(door.facts) as DoorFacts).kind,
        camera: rule.camera,
        consent: rule.consent,
        windows: [...windowsToShow(rule, left, now)],
        ...(rule.recurs === undefined ? {} : { zone: rule.recurs.zone }),
        left,
      });
    }
    return { now, doors: shown };
  });
}
