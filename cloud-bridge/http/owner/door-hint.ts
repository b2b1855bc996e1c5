/** What the owner tells visitors about a door: which one it is, what to do there, and a photo of it from outside. */
import * as v from 'valibot';
import { DoorHint } from '../../../wire/door-hint.ts';
import { Fault } from '../../../wire/faults.ts';
import { DoorId, Id } from '../../../wire/shapes.ts';
import { readPhoto } from '../../hint/photo.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { orProblem } from '../answer.ts';
import { type Owner, ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** A photo in base64, and the rest. */
const maxBodyBytes = 176_000;
const path = '/v1/homes/:home/doors/:door/hint';
const params = v.strictObject({ home: Id, door: DoorId });
const security = [{ dpop: [] }];

/** @throws Fault NOT_FOUND for a door of another home */
async function ownDoor(tables: Tables, { hub }: Owner, door: string): Promise<string> {
  const found = await tables.hubs.doors.find(door);
  if (found?.hub !== hub.id) throw new Fault('NOT_FOUND');
  return found.id;
}

const toHint = ({ place, instruction, photo }: Row<'door_hint'>): DoorHint => {
  const fields = Object.entries({ place, instruction, photo }).filter(([, value]) => value !== null);
  return Object.fromEntries(fields) as DoorHint;
};

/** PUT …/doors/:door/hint: in place of what was there. */
export function putDoorHint(app: App, parts: HttpParts): void {
  const summary =
    'Tell visitors how to find a door. The photo is encoded afresh and has nothing but the picture in it.';
  const schema = { summary, security, params, body: DoorHint, response: { 200: Empty, default: Problem } };
  app.put(path, { schema, bodyLimit: maxBodyBytes }, async (request) => {
    const { place = null, instruction = null, photo = null } = request.body;
    const type = photo === null ? null : orProblem(readPhoto(Buffer.from(photo, 'base64'))).type;
    await parts.store.write(async (tables) => {
      const door = await ownDoor(tables, ownerOf(request), request.params.door);
      const row = { door, hub: ownerOf(request).hub.id, place, instruction, photo, photo_type: type, at: parts.now() };
      await tables.hints.put(row);
    });
    return {};
  });
}

/** GET …/doors/:door/hint: what visitors of this door are told. */
export function showDoorHint(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'What visitors of a door are told.',
    ...{ security, params, response: { 200: DoorHint, default: Problem } },
  };
  app.get(path, { schema }, async (request) => {
    const { read } = parts.store;
    const hint = await read.hints.find(await ownDoor(read, ownerOf(request), request.params.door));
    if (hint === undefined) throw new Fault('NOT_FOUND');
    return toHint(hint);
  });
}

/** DELETE …/doors/:door/hint */
export function removeDoorHint(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Tell visitors nothing of a door.',
    security,
    params,
    response: { 200: Empty, default: Problem },
  };
  app.delete(path, { schema }, async (request) => {
    await parts.store.write(async (tables) =>
      tables.hints.remove(await ownDoor(tables, ownerOf(request), request.params.door)),
    );
    return {};
  });
}
