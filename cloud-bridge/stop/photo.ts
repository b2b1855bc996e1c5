/** Whether a photo of this attempt is there. Until photos are taken in, none is. */
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** @param hash  of the sealed photo, as the act names it */
export async function hasPhoto(_tables: Tables, _attempt: Row<'attempt'>, _hash: string): Promise<boolean> {
  return false;
}
