/**
 * The household's own comings and goings in the journal (S048): which entries they are, and what is sealed in their place.
 *
 * In clear such an entry has its place in the chain, the day, the kind `household` and a sealed body, and nothing else: neither what
 * happened nor at which door, in which visit or at what time. Sealed for the owner's devices lies the text of `toHouseholdText`.
 */
import * as v from 'valibot';
import type { Verdict } from './faults.ts';
import { Entry, type EntryKind, kinds } from './journal.ts';
import { readJson } from './read-json.ts';

/** What happened: an entry without its place in the chain. */
export const Note = v.omit(Entry, ['seq', 'prev']);
export type Note = v.InferOutput<typeof Note>;

/** True when it must be written as a sealed `household` entry. */
export function isHousehold(note: { readonly kind: EntryKind; readonly visit?: string | undefined }): boolean {
  const { private: when } = kinds[note.kind];
  return when === true || (when === 'outside-visit' && note.visit === undefined);
}

const dayMs = 24 * 3_600_000;
/** The time of a household entry in clear: when its day (UTC) began, ms. */
export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs) * dayMs;

/** Every note of the household fits into one unit, so that no length tells them apart. */
export const householdUnitBytes = 256;

/** What is sealed: JSON, filled up with blanks to a whole number of units. */
export function toHouseholdText({ kind, at, door, visit, body }: Note): string {
  const text = JSON.stringify({
    kind,
    at,
    ...(door === undefined ? {} : { door }),
    ...(visit === undefined ? {} : { visit }),
    body,
  });
  const missing = -Buffer.byteLength(text) % householdUnitBytes;
  return text + ' '.repeat(missing === 0 ? 0 : householdUnitBytes + missing);
}

/** Reads what was sealed. @returns MESSAGE_MALFORMED when it is no note */
export const fromHouseholdText = (text: string): Verdict<Note> => readJson(Note, text, 'MESSAGE_MALFORMED');
