/** Whether the camera at a door may be asked for a photo, and asking for one. The hub decides by itself, and by what its owner has signed. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { peek } from '../../wire/jws.ts';
import { Hash } from '../../wire/shapes.ts';
import { retentionForm } from '../../wire/video.ts';
import { factsOf } from '../home/door-facts.ts';
import { type ExpectParts, expectAtDoor } from '../stop/expect.ts';
import type { StopTask } from '../stop/find-task.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { mayPhotograph } from './take.ts';

/** A camera that was off has to start, and its picture to come up, ms. */
const withinMs = 40_000;

/** The door has such a camera, and the owner's newest signed word lets the hub use it. */
export async function hasDoorCamera(
  tables: Tables,
  { hub, door }: Pick<Row<'delivery'>, 'hub' | 'door'>,
): Promise<boolean> {
  if ((await factsOf(tables, door))?.hasDoorstep !== true) return false;
  const newest = await tables.documents.newest(hub, retentionForm.typ);
  const read = newest === undefined ? undefined : peek(retentionForm, newest.text);
  return read?.ok === true && read.value.claims.doorPhotos === true;
}

const Photographed = v.object({ photo: Hash });

/**
 * Asks the hub for a photo of what lies at its door now. It brings the photo itself.
 * @returns PHOTO_NOT_WANTED, STOP_…, or why the hub took none: PHOTO_POOR, CAMERA_…, RATE_LIMITED
 * @throws Fault HUB_OFFLINE, HUB_SILENT
 */
export async function askDoorCamera(parts: ExpectParts, found: StopTask): Promise<Verdict<Row<'delivery_photo'>>> {
  const { read } = parts.store;
  const { delivery } = found;
  const may = await mayPhotograph(parts, read, found);
  if (!may.ok) return may;
  if (!(await hasDoorCamera(read, delivery))) return refuse('PHOTO_NOT_WANTED');
  await expectAtDoor(parts, delivery);
  const of = { delivery: delivery.id, attempt: may.value.attempt.number, door: delivery.door };
  const taken = await parts.line.ask(delivery.hub, { op: 'stop.photograph', ...of }, withinMs);
  if (!taken.ok) return taken;
  const said = v.safeParse(Photographed, taken.value);
  const photo = said.success ? await read.photos.find(said.output.photo) : undefined;
  return photo?.delivery === delivery.id ? accept(photo) : refuse('PHOTO_NOT_WANTED');
}
