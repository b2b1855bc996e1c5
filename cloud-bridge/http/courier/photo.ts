/** The photo of a parcel that was put down, from the courier's phone or, if the courier asks for it, from the camera at the door. */
import * as v from 'valibot';
import { PhotoKeys, SealedPhoto } from '../../../wire/delivery-photo.ts';
import { Fault } from '../../../wire/faults.ts';
import { Count, Hash, Millis, type OkpJwk } from '../../../wire/shapes.ts';
import { TaskToken } from '../../../wire/task.ts';
import { askDoorCamera } from '../../photo/door-camera.ts';
import { mayPhotograph, takePhoto } from '../../photo/take.ts';
import { findStopTask } from '../../stop/find-task.ts';
import { orProblem } from '../answer.ts';
import { proveDevice } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const path = '/v1/tasks/:token/stop/photo';
const security = [{ dpop: [] }];
const params = v.strictObject({ token: TaskToken });
/** A sealed photo, escaped, and the rest. */
const maxBodyBytes = 1_500_000;

/** GET …/stop/photo: the keys to seal for, where a photo is wanted. Not before the courier is there. */
export function showPhotoKeys(app: App, parts: HttpParts): void {
  const summary = 'What a photo of this stop is sealed for. Refused where none is wanted.';
  const schema = { summary, security, params, response: { 200: PhotoKeys, default: Problem } };
  app.get(path, { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const { read } = parts.store;
    const found = orProblem(await findStopTask(read, request.params.token, jkt));
    orProblem(await mayPhotograph(parts, read, found));
    const hub = await read.hubs.find(found.delivery.hub);
    if (hub === undefined || hub.owner_list === null) throw new Fault('NOT_FOUND');
    return { hub: hub.id, hubKey: JSON.parse(hub.sign_jwk) as OkpJwk, ownerList: hub.owner_list };
  });
}

/** POST …/stop/photo: where the stop says `doorCamera`. Each press is a photo of its own. */
export function takeAtDoor(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Let the camera at the door take the photo. Then put the parcel down with it.',
    ...{ security, params, response: { 200: v.strictObject({ photo: Hash, until: Millis }), default: Problem } },
  };
  app.post(path, { schema }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const found = orProblem(await findStopTask(parts.store.read, request.params.token, jkt));
    if (found.isDead) throw new Fault('TASK_LINK_DEAD');
    const { hash, until_at } = orProblem(await askDoorCamera(parts, found));
    return { photo: hash, until: until_at };
  });
}

/** PUT …/stop/photo: what is refused is not kept, and the same again gets the same answer. */
export function putPhoto(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'Send the photo of a parcel that lies where the plan says, sealed for the household. Then put it down.',
    ...{ security, params },
    body: v.strictObject({
      sealed: SealedPhoto,
      ownerList: v.pipe(Count, v.description('Version of the owner list that it is sealed for.')),
    }),
    response: { 200: v.strictObject({ photo: Hash, until: Millis }), default: Problem },
  };
  app.put(path, { schema, bodyLimit: maxBodyBytes }, async (request) => {
    const jkt = await proveDevice(parts, request);
    parts.charge(`device:${jkt}`);
    const found = async (tables: Parameters<typeof findStopTask>[0]) =>
      orProblem(await findStopTask(tables, request.params.token, jkt));
    const { hash, until_at } = orProblem(await takePhoto(parts, found, { ...request.body, jkt, by: 'courier' }));
    return { photo: hash, until: until_at };
  });
}
