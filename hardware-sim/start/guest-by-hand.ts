/** A guest by whoever sits at the terminal: the guest's phone is their browser, the owner is typed. */
import { mustHave } from '../people/http.ts';
import type { GuestInvitation } from '../people/owner-guests.ts';
import { hourS } from './delivery.ts';
import { placeOf } from './place.ts';
import type { Street } from './street.ts';

export interface GuestByHand {
  /** What a typed line does. @returns what to say of it; undefined for one that means nothing here. @throws Fault with what was refused */
  typed(line: string): Promise<string | undefined>;
}

/** @param pages  where the visitor's page is served, no path */
export function guestByHand(street: Street, pages: string): GuestByHand {
  const { guests } = street.owner;
  const place = placeOf(street, 'front');
  let invited: GuestInvitation | undefined;

  const accept = async ({ guest }: GuestInvitation): Promise<string> => {
    const nowS = Math.floor(Date.now() / 1000);
    const { device } = mustHave(await guests.show(guest));
    const wish = { door: place.id, from: nowS - 60, until: nowS + 6 * hourS, visits: 1_000, entries: 1 } as const;
    mustHave(await guests.accept(guest, [{ ...wish, camera: place.isFilmed ? 'recorded' : 'off', consent: 'auto' }]));
    const check = device?.check.replace(/^(...)/, '$1 ') ?? '';
    return `The guest with the digits ${check} may use the front door for six hours. Go on in the browser; open and close are typed here.`;
  };
  const end = async ({ guest }: GuestInvitation): Promise<string> => {
    const { pending, certainBy = 0 } = mustHave(await guests.revoke(guest));
    invited = undefined;
    return pending
      ? `Pending: the hub does not answer. Certain at ${new Date(certainBy * 1000).toISOString()}.`
      : 'The guest is out: the hub has confirmed it.';
  };

  return {
    typed: async (line) => {
      if (line === 'invite') {
        invited = mustHave(await guests.invite(pages));
        return `Open this as your guest's phone:\n  ${invited.url}\nWhen it shows six digits, type accept; later, revoke.`;
      }
      if (invited === undefined) return undefined;
      return line === 'accept' ? accept(invited) : line === 'revoke' ? end(invited) : undefined;
    },
  };
}
