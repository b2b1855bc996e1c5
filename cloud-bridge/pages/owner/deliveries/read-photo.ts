/** Photos of a delivery: listed and kept by the cloud, opened on this device alone. */
import * as v from 'valibot';
import { type Photo, PhotoView, unpackPhoto } from '../../../../wire/delivery-photo.ts';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { openSealed } from '../../../../wire/seal.ts';
import { hashOf } from '../../common/bytes.ts';
import type { Place } from '../home/course.ts';

const List = v.object({ photos: v.array(PhotoView) });
const One = v.object({ sealed: v.string() });

const pathOf = ({ path }: Place, delivery: string): string => `${path}/deliveries/${delivery}/photos`;

export async function listPhotos(place: Place, delivery: string): Promise<Verdict<readonly PhotoView[]>> {
  const read = await place.api.call({ method: 'GET', path: pathOf(place, delivery) }, List);
  return read.ok ? accept(read.value.photos) : read;
}

/** `altered`: not what its hash says, or of another stop. `notForMe`: this device has no key for it. */
export type Opened = Photo | 'altered' | 'notForMe';

export async function openPhoto(place: Place, { delivery, attempt, photo }: PhotoView): Promise<Verdict<Opened>> {
  const read = await place.api.call({ method: 'GET', path: `${pathOf(place, delivery)}/${photo}` }, One);
  if (!read.ok) return read;
  if ((await hashOf(read.value.sealed)) !== photo) return accept('altered');
  try {
    const opened = unpackPhoto(await openSealed(read.value.sealed, place.home.seal.privateKey));
    const isOfThis = opened?.facts.delivery === delivery && opened.facts.attempt === attempt;
    return accept(opened !== undefined && isOfThis ? opened : 'altered');
  } catch {
    return accept('notForMe');
  }
}

export const removePhoto = (place: Place, { delivery, photo }: PhotoView): Promise<Verdict<unknown>> =>
  place.api.call({ method: 'DELETE', path: `${pathOf(place, delivery)}/${photo}` }, v.unknown());
