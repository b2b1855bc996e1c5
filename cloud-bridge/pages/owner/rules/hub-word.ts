/**
 * What shows that the hub has a document: an entry of its journal, which this device has followed, under a head that the hub has signed.
 * The cloud's own word is told apart from that. Pure.
 */

import type { Note } from '../../../../wire/household.ts';
import type { Ends } from '../../../../wire/revocation.ts';

/** What is read of a diary: its entries, and the newest place that the hub has signed. */
export interface SignedEntries {
  readonly entries: readonly (Pick<Note, 'kind' | 'at' | 'body'> & { readonly seq: number })[];
  readonly seen?: { readonly seq: number } | undefined;
}

export type HubWord =
  /** The hub signed for it: number and time (ms) of the entry. */
  | { readonly is: 'signed'; readonly seq: number; readonly atMs: number }
  /** The service says so; this device has not seen the entry. */
  | { readonly is: 'said' };

type Signed = Extract<HubWord, { is: 'signed' }>;

/** The newest such entry that lies under a signed head. */
function signedEntry({ entries, seen }: SignedEntries, fits: (body: Note['body']) => boolean): Signed | undefined {
  const found = entries.findLast(
    ({ kind, seq, body }) => kind === 'document.accepted' && seq <= (seen?.seq ?? -1) && fits(body),
  );
  return found && { is: 'signed', seq: found.seq, atMs: found.at };
}

/** A rule book of this version or a later one. */
export const bookInDiary = (diary: SignedEntries, version: number): Signed | undefined =>
  signedEntry(diary, ({ type, version: taken }) => type === 'ruleBook' && Number(taken) >= version);

/** An end of this thing; of an epoch, this one or a later one. */
export const endInDiary = (diary: SignedEntries, ends: Ends): Signed | undefined =>
  signedEntry(diary, ({ type, ends: kind, of }) => {
    if (type !== 'revocation' || kind !== ends.kind) return false;
    return ends.kind === 'epoch' ? Number(of) >= ends.epoch : of === ends.id;
  });
