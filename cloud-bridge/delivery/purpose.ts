/** What a visit is for: a carrier brings parcels, a service company's people come to work (S094). */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Row } from '../store/schema.ts';

/** Who may register at this service. */
export const partnerKinds = ['carrier', 'company'] as const;
export type PartnerKind = (typeof partnerKinds)[number];

export const purposes = ['delivery', 'service'] as const;
export type Purpose = (typeof purposes)[number];

export const kindOf = ({ kind }: Pick<Row<'carrier'>, 'kind'>): PartnerKind =>
  kind === 'company' ? 'company' : 'carrier';

/** A service visit is a delivery without parcels. */
export const purposeOf = ({ parcels }: Pick<Row<'delivery'>, 'parcels'>): Purpose =>
  parcels === 0 ? 'service' : 'delivery';

interface Said {
  readonly parcels?: number | undefined;
  readonly parcel?: object | undefined;
  readonly can?: readonly string[] | undefined;
}

/** How many parcels: a carrier says so, a company brings none and says nothing of them. @returns BODY_MALFORMED otherwise */
export function parcelsOf(partner: Pick<Row<'carrier'>, 'kind'>, said: Said): Verdict<number> {
  if (kindOf(partner) === 'carrier') {
    return said.parcels === undefined ? refuse('BODY_MALFORMED', { where: 'parcels' }) : accept(said.parcels);
  }
  const where = (['parcels', 'parcel', 'can'] as const).find((one) => said[one] !== undefined);
  return where === undefined ? accept(0) : refuse('BODY_MALFORMED', { where });
}
