/** A guest who has opened the link and waits: the digits to compare, or why they must not be accepted. */
import { useEffect, useState } from 'preact/hooks';
import type { Party } from '../../../../wire/rule-book.ts';
import { checkInput, toCheck } from '../../../../wire/task.ts';
import { sha256 } from '../../common/bytes.ts';
import { useApp } from '../app.ts';
import { namesOf } from '../rules/people.ts';
import { ruleWords } from '../rules/words.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { listGuests, verifyNewcomer } from './guests.ts';

/** `elsewhere`: another device of the home made the link. */
export type Waiting =
  | { readonly is: 'genuine'; readonly guest: string; readonly party: Party; readonly digits: string }
  | { readonly is: 'forged' | 'elsewhere' | 'gone'; readonly guest: string; readonly party?: undefined };

/** Worked out here, not taken from the cloud: the digits stand for the key that is pinned. */
const digitsOf = async (jkt: string): Promise<string> =>
  toCheck(await sha256(new TextEncoder().encode(checkInput(jkt))));

/** @param guest  undefined: the form is about no guest. @returns undefined then, and for one who is known already */
export function useNewcomer(guest: string | undefined): Waiting | 'loading' | undefined {
  const { course } = useApp();
  const [found, tell] = useState<Waiting | 'loading'>('loading');
  const { place } = course;
  useEffect(() => {
    if (place === undefined || guest === undefined) return;
    void (async () => {
      const listed = await listGuests(place);
      const entry = listed.ok ? listed.value.find((one) => one.guest === guest) : undefined;
      if (entry === undefined) return tell({ is: 'gone', guest });
      const party = await verifyNewcomer(place, entry);
      if (party.ok && party.value.kind === 'guest') {
        return tell({ is: 'genuine', guest, party: party.value, digits: await digitsOf(party.value.jkt) });
      }
      const code = party.ok ? undefined : party.code;
      const is = code === 'NOT_FOUND' ? 'elsewhere' : code === 'INVITATION_NOT_GENUINE' ? 'forged' : 'gone';
      return tell({ is, guest });
    })();
  }, [place?.path, guest]);
  return guest === undefined ? undefined : found;
}

export function Newcomer({ guest }: { readonly guest: Waiting }) {
  const says = useWords(ruleWords);
  const { known, code } = useApp();
  const who = namesOf(known, code).party({ kind: 'guest', id: guest.guest });
  if (guest.is !== 'genuine') {
    const text = { forged: says.forged, elsewhere: says.elsewhere, gone: says.missing }[guest.is];
    return (
      <section class="card" data-newcomer={guest.is}>
        <h2>{who}</h2>
        <p class="trouble" role="alert">
          {text}
        </p>
      </section>
    );
  }
  return (
    <section class="card" data-newcomer="genuine">
      <h2>{fill(says.acceptTitle, { who })}</h2>
      <p class="letters">{`${guest.digits.slice(0, 3)} ${guest.digits.slice(3)}`}</p>
      <p class="quiet">{says.digits}</p>
    </section>
  );
}
