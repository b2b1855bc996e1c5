/** To whom a picture of a case may be shared: who of support has looked at it, and the carrier of its delivery once it has a key. */
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export interface Recipient {
  readonly id: string;
  /** As the owner reads it. */
  readonly name: string;
  /** Public key that pictures are sealed for, JWK; null as long as there is none. */
  readonly seal: string | null;
  readonly isCarrier?: true;
}

/** Members of support in the order of their last look, the newest first; after them the carrier. */
export async function recipientsOf(tables: Tables, one: Row<'support_case'>): Promise<readonly Recipient[]> {
  const ids = new Set((await tables.supportCases.looks(one.id)).map(({ staff }) => staff));
  const staff = await Promise.all([...ids].map((id) => tables.supportStaff.find(id)));
  const working = staff.filter((found) => found !== undefined && found.ended_at === null) as Recipient[];
  const delivery = await tables.deliveries.find(one.delivery);
  const carrier = delivery === undefined ? undefined : await tables.parties.find(delivery.carrier);
  return carrier === undefined || carrier.seal === null ? working : [...working, { ...carrier, isCarrier: true }];
}
