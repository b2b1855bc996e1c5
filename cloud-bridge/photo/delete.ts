/** Deletes photos: the file is overwritten and removed before its row goes, so that an interrupted deletion goes on. */
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';

type DeleteParts = Pick<Parts, 'store' | 'photos' | 'now'>;

/** @param by  thumbprint of the owner device; undefined: its time is over */
export async function deletePhoto(parts: DeleteParts, photo: Row<'delivery_photo'>, by?: string): Promise<void> {
  const at = parts.now();
  await parts.store.write(({ photos }) => photos.markDeleting(photo.hash, at));
  await parts.photos.erase(photo.hash);
  await parts.store.write(async ({ photos, events }) => {
    if (!(await photos.remove(photo.hash))) return;
    const data = { delivery: photo.delivery, attempt: photo.attempt, photo: photo.hash, by: by ?? null };
    await events.add([{ party: `home:${photo.home}`, type: 'photo.deleted', data, at }]);
  });
}

/** Deletes what is due, and what was begun. One that an open case or dispute is about stays. */
export async function deleteDuePhotos(parts: DeleteParts): Promise<void> {
  for (const photo of await parts.store.read.photos.due(parts.now())) await deletePhoto(parts, photo);
}

/** At the start: files without a row are of a photo that was never taken in. */
export async function dropStrayPhotos({ store, photos }: Pick<Parts, 'store' | 'photos'>): Promise<void> {
  await photos.eraseStrays(async (hash) => (await store.read.photos.find(hash)) !== undefined);
}
