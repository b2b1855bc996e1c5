/** Photos of deliveries, as the household has them: sealed, opened on its own devices alone. */
import * as v from 'valibot';
import { PhotoView, SealedPhoto } from '../../../wire/delivery-photo.ts';
import { Fault } from '../../../wire/faults.ts';
import { peek } from '../../../wire/jws.ts';
import { Hash, Id } from '../../../wire/shapes.ts';
import { stopActForm } from '../../../wire/stop.ts';
import { deletePhoto } from '../../photo/delete.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';
import { ownerOf } from '../caller.ts';
import { Empty } from '../empty.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const path = '/v1/homes/:home/deliveries/:delivery/photos';
const security = [{ dpop: [] }];
const params = v.strictObject({ home: Id, delivery: Id });
const oneParams = v.strictObject({ home: Id, delivery: Id, photo: Hash });

async function isProof(tables: Tables, { hash, delivery, attempt }: Row<'delivery_photo'>): Promise<boolean> {
  const acts = await tables.stops.acts(delivery, attempt);
  return acts.some(({ kind, text, refused }) => {
    if (kind !== 'put' || refused !== null) return false;
    const read = peek(stopActForm, text);
    return read.ok && read.value.claims.act === 'put' && read.value.claims.photo === hash;
  });
}

/** @throws Fault NOT_FOUND for one of another home or delivery, and for one that is being deleted */
async function ownPhoto(tables: Tables, home: string, delivery: string, hash: string): Promise<Row<'delivery_photo'>> {
  const found = await tables.photos.find(hash);
  if (found?.home !== home || found.delivery !== delivery || found.deleting_at !== null) throw new Fault('NOT_FOUND');
  return found;
}

/** GET …/photos, GET and DELETE …/photos/:photo */
export function deliveryPhotos(app: App, parts: HttpParts): void {
  const list = {
    summary: 'Photos of a delivery.',
    ...{ security, params, response: { 200: v.strictObject({ photos: v.array(PhotoView) }), default: Problem } },
  };
  app.get(path, { schema: list }, async (request) => {
    const { read } = parts.store;
    const delivery = await read.deliveries.find(request.params.delivery);
    if (delivery?.home !== ownerOf(request).hub.home) throw new Fault('NOT_FOUND');
    const photos: PhotoView[] = [];
    for (const row of await read.photos.ofDelivery(delivery.id)) {
      if (row.deleting_at !== null) continue;
      const { hash: photo, attempt, taken_by: by, at, until_at: until } = row;
      photos.push({ photo, delivery: delivery.id, attempt, by, at, isProof: await isProof(read, row), until });
    }
    return { photos };
  });

  const show = {
    summary: 'One photo, as it was sealed.',
    ...{ security, params: oneParams },
    response: { 200: v.strictObject({ sealed: SealedPhoto }), default: Problem },
  };
  app.get(`${path}/:photo`, { schema: show }, async (request) => {
    const { delivery, photo } = request.params;
    const row = await ownPhoto(parts.store.read, ownerOf(request).hub.home, delivery, photo);
    const sealed = await parts.photos.read(row.hash);
    if (sealed === undefined) throw new Fault('NOT_FOUND');
    return { sealed };
  });

  const remove = {
    summary: 'Delete a photo, for good.',
    ...{ security, params: oneParams, response: { 200: Empty, default: Problem } },
  };
  app.delete(`${path}/:photo`, { schema: remove }, async (request) => {
    const { hub, jkt } = ownerOf(request);
    const { delivery, photo } = request.params;
    await deletePhoto(parts, await ownPhoto(parts.store.read, hub.home, delivery, photo), jkt);
    return {};
  });
}
