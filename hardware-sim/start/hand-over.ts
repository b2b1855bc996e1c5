/** A parcel to be handed over: the courier's phone is one browser, the owner's app in another shows the code. */
import { mustHave } from '../people/http.ts';
import { hourS } from './delivery.ts';
import type { Street } from './street.ts';

/** @returns the task link, for a browser */
export async function sendToPerson(
  { owner, dispatch }: Pick<Street, 'owner' | 'dispatch'>,
  door: string,
): Promise<string> {
  const nowS = Math.floor(dispatch.http.clock.now() / 1000);
  const announced = await dispatch.announce({
    ...{ door, from: nowS, until: nowS + hourS, parcels: 1, reference: 'HER-4004' },
    ...{ can: ['inside', 'in-person'], parcel: { goods: 'A telephone', sender: 'Example shop' } },
  });
  const { delivery } = mustHave(announced);
  mustHave(await owner.deliveries.change(delivery, { order: ['in-person'], code: true }));
  return mustHave(await dispatch.taskLink(delivery)).url;
}

/** What the line `hand` does. @returns what to say of it; undefined for any other line. @throws Fault with what was refused */
export async function typedHandOver(street: Street, line: string): Promise<string | undefined> {
  if (line !== 'hand') return undefined;
  const url = await sendToPerson(street, street.settings.door);
  const app = street.page === undefined ? '' : `\n  ${street.page.url}${street.page.invite()}`;
  return `Open this as the courier's phone: I am here, ring, hand over.\n  ${url}\nThe owner's app shows the code under Deliveries; type it on the courier's page.${app}`;
}
