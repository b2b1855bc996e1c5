/** A delivery by whoever sits at the terminal: the courier's phone is their browser, the dispatch and the hands at the door are typed. */
import { mustHave } from '../people/http.ts';
import { hourS, rulesOf, untilWaiting } from './delivery.ts';
import { placeOf } from './place.ts';
import type { Street } from './street.ts';

export interface OwnDelivery {
  /** The task link, for a browser. */
  readonly url: string;
  /** What a typed line does. @returns what to say of it; undefined for one that means nothing here. @throws Fault with what was refused */
  typed(line: string): Promise<string | undefined>;
}

/** Announces a parcel for the front door and makes the courier's link. */
export async function deliverByHand(street: Street): Promise<OwnDelivery> {
  const { owner, dispatch } = street;
  const place = placeOf(street, 'front');
  const nowS = Math.floor(Date.now() / 1000);
  mustHave(await owner.orders.setRules(rulesOf(street, nowS)));
  const window = { from: nowS, until: nowS + hourS };
  const { delivery } = mustHave(
    await dispatch.announce({ door: place.id, ...window, parcels: 1, reference: 'HER-2002' }),
  );
  const { url } = mustHave(await dispatch.taskLink(delivery));

  const confirm = async (digits: string): Promise<string> => {
    mustHave(await dispatch.confirm(delivery, digits));
    mustHave(await owner.orders.approve(await untilWaiting(street, delivery)));
    await place.film({ courier: 'coming' });
    return 'The dispatch signed for this phone, and the owner said yes. Go on in the browser; then type open here.';
  };
  const hands: Readonly<Record<string, () => Promise<string>>> = {
    open: async () => {
      await place.open();
      await place.film({ parcel: true });
      return 'The door stands open, the parcel is inside. Type close.';
    },
    close: async () => {
      await place.shut();
      await place.film({ courier: 'away', parcel: false });
      return 'The door is shut. The hub locks it and proves it.';
    },
  };
  return {
    url,
    typed: async (line) => {
      const digits = line.replaceAll(' ', '');
      return /^\d{6}$/.test(digits) ? confirm(digits) : hands[line]?.();
    },
  };
}
