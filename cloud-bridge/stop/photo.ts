/** Whose photo of this attempt is there: taken at the stop of the device that is there now, and not deleted. */
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** @param hash  of the sealed photo, as the act names it */
export async function photographerOf(
  tables: Tables,
  attempt: Row<'attempt'>,
  hash: string,
): Promise<Row<'delivery_photo'>['taken_by'] | undefined> {
  const taken = await tables.photos.ofAttempt(attempt.delivery, attempt.number);
  const isIt = ({ jkt, ...photo }: Row<'delivery_photo'>): boolean => photo.hash === hash && jkt === attempt.jkt;
  return taken.find((photo) => isIt(photo) && photo.deleting_at === null)?.taken_by;
}
