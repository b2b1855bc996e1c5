/** Which rule books a hub lacks. A renewal stands on the book before it: a hub that missed that one would take it for a widening. */
import type { OwnerKey } from '../../wire/owner-key.ts';
import { splitAsserted } from '../../wire/passkey.ts';
import { ruleBookForm } from '../../wire/rule-book.ts';
import type { Row } from '../store/schema.ts';

type Book = Pick<Row<'document'>, 'typ' | 'kid' | 'version' | 'text'>;

/**
 * @param newest   the one that counts
 * @param pending  documents that the hub has not confirmed
 * @param has      the hub's version, -1 for none
 * @returns the newest, and before it what it renews; oldest first
 */
export function lackingBooks<B extends Book>(
  newest: B | undefined,
  pending: readonly B[],
  has: number,
  owners: readonly Pick<OwnerKey, 'kid' | 'passkey'>[],
): B[] {
  const versionOf = (book: Book): number => book.version ?? -1;
  if (newest === undefined || versionOf(newest) <= has) return [];
  const standsAlone = (book: Book): boolean =>
    splitAsserted(book.text).assertion !== undefined ||
    owners.find(({ kid }) => kid === book.kid)?.passkey === undefined;
  const before = pending
    .filter((one) => one.typ === ruleBookForm.typ && versionOf(one) > has && versionOf(one) < versionOf(newest))
    .sort((a, b) => versionOf(b) - versionOf(a));
  const chain = [newest];
  for (const book of before) {
    if (standsAlone(chain[0]!)) break;
    chain.unshift(book);
  }
  return chain;
}
