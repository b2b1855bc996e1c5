/** Takes in a photo that a hub brings: of a stop of its own, at which one is wanted now. */
import * as v from 'valibot';
import { HubPhoto } from '../../wire/delivery-photo.ts';
import { Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { documentIn, type MediaMessage } from '../../wire/media.ts';
import type { StopTask } from '../stop/find-task.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { type PhotoParts, takePhoto } from './take.ts';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The stop that is under way at a delivery to this hub (T33). @throws Fault NOT_FOUND */
async function ownStop(tables: Tables, hubId: string, { delivery: id, attempt }: HubPhoto): Promise<StopTask> {
  const delivery = await tables.deliveries.find(id);
  const task = await tables.tasks.living(id);
  if (delivery?.hub !== hubId || delivery.attempt !== attempt || task === undefined) throw new Fault('NOT_FOUND');
  return { delivery, task, isDead: false };
}

/** @returns as `takePhoto`; MEDIA_MALFORMED, NOT_FOUND for no stop of this hub */
export async function takeHubPhoto(
  parts: PhotoParts,
  hubId: string,
  message: MediaMessage,
): Promise<Verdict<Row<'delivery_photo'>>> {
  const read = v.safeParse(HubPhoto, parse(documentIn(message)), { abortEarly: true });
  if (!read.success) return refuse('MEDIA_MALFORMED', { why: 'photo' });
  const { sealed, ownerList } = read.output;
  const found = (tables: Tables): Promise<StopTask> => ownStop(tables, hubId, read.output);
  try {
    const { task } = await found(parts.store.read);
    return await takePhoto(parts, found, { sealed, ownerList, jkt: task.jkt ?? '', by: 'hub' });
  } catch (error) {
    if (error instanceof Fault && error.code === 'NOT_FOUND') return refuse(error.code);
    throw error;
  }
}
