/** A delivery on a street, from its announcement to the courier's phone at the door. */
import { Courier } from '../../hardware-sim/people/courier.ts';
import type { CourierVisit } from '../../hardware-sim/people/courier-visit.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import type { Street } from '../../hardware-sim/start/street.ts';
import { newId } from '../../wire/jws.ts';

/** @param nowS  s since 1970: the window is the 50 minutes from then. @returns a visit that has not arrived yet */
export async function prepareVisit({ dispatch, settings, url }: Street, nowS: number): Promise<CourierVisit> {
  const window = { from: nowS, until: nowS + 3000, parcels: 1, reference: newId() };
  const { delivery } = mustHave(await dispatch.announce({ door: settings.door, ...window }));
  const { token } = mustHave(await dispatch.taskLink(delivery));
  const courier = new Courier({ base: url, token });
  const { check } = mustHave(await courier.press());
  mustHave(await dispatch.confirm(delivery, check));
  return mustHave(await courier.prepare(mustHave(await courier.takeGrant())));
}
