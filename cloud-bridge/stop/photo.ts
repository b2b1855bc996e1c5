/** Whether a photo of this attempt is there: sent by the device that is at the stop, and not deleted. */
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** @param hash  of the sealed photo, as the act names it */
export async function hasPhoto(tables: Tables, attempt: Row<'attempt'>, hash: string): Promise<boolean> {
  const taken = await tables.photos.ofAttempt(attempt.delivery, attempt.number);
  return taken.some((photo) => photo.hash === hash && photo.jkt === attempt.jkt && photo.deleting_at === null);
}
