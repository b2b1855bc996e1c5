/** Names that a lock keeps, as they go into journal and answers: whatever bytes the lock holds, they are text of a bounded length. */
import { householdUnitBytes, toHouseholdText } from '../../wire/household.ts';
import type { Draft } from '../journal/journal.ts';

/** The longest name that a lock of today holds is 32 bytes. */
const maxChars = 32;
/** What a terminal or a page would obey rather than show: control, format and separator characters, halves of a pair. */
const unshowable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** @returns at most 32 characters, each of which shows as itself */
export const shownName = (name: string): string =>
  [...name.replace(unshowable, '\u{fffd}')].slice(0, maxChars).join('');

/**
 * An entry with a name in it, the name cut so far that the entry is as long as every other one of the household: no length tells them
 * apart (S048).
 * @param named  the draft with this name
 */
export function withName(name: string, named: (name: string) => Draft): Draft {
  const letters = [...shownName(name)];
  for (;;) {
    const draft = named(letters.join(''));
    if (letters.length === 0 || Buffer.byteLength(toHouseholdText(draft)) <= householdUnitBytes) return draft;
    letters.pop();
  }
}
