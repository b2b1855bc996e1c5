/** A neighbour who is named for one delivery is chosen for it, whatever the standing wishes say of neighbours (S041). */
import type { DeliveryWishes, Place, Wishes } from '../../wire/plan.ts';

/** After the household itself; before what is left for another place or day. */
function withNeighbour(order: readonly Place[]): Place[] {
  if (order.includes('neighbour')) return [...order];
  const at = order.indexOf('in-person') + 1 || order.findIndex((place) => place === 'pick-up' || place === 'tomorrow');
  return at < 0 ? [...order, 'neighbour'] : [...order.slice(0, at), 'neighbour', ...order.slice(at)];
}

/** @param named  holders of this delivery alone, in the order in which they were named */
export function withNamed<W extends { readonly wishes: Wishes | undefined; readonly forThisOne: DeliveryWishes }>(
  wanted: W,
  named: readonly string[],
): W {
  const { wishes, forThisOne } = wanted;
  if (named.length === 0 || wishes === undefined) return wanted;
  const neighbours = [...named, ...wishes.neighbours.filter((one) => !named.includes(one))];
  const order = withNeighbour(forThisOne.order ?? wishes.order);
  return { ...wanted, wishes: { ...wishes, neighbours }, forThisOne: { ...forThisOne, order } };
}
